// When a source is called, when it is put aside, and when it is at its end.
#include <algorithm>
#include <cerrno>

#include "core/shutdown.hpp"
#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"
#include "pool/server.hpp"

namespace flux::pool {

bool server::over(const source& s) noexcept { return core::destroying() || (stopping() && !listens(s)); }

bool server::has_room(const source& s) const noexcept {
  if (fresh_.load(std::memory_order_seq_cst) >= most_fresh_) return false;
  return s.is.limit == 0 || observers_->counts.source(s.index).in_flight() < s.is.limit;
}

// ---------------------------------------------------------------------------------------------------------------------
// Sources that wait: their activations are parked like flows

flow* server::next_activation(source& s) noexcept {
  for (;;) {
    if (over(s)) break;
    if (!has_room(s)) {
      s.held.store(true, std::memory_order_seq_cst);
      // Room that was made before anybody could see that it is wanted.
      if (!has_room(s) && !over(s)) return nullptr;
      if (!s.held.exchange(false)) return nullptr;
      continue;
    }
    // One that does not listen may be here as well: the stop may have come since over() was asked. Whoever runs its activation sees that.
    if (listens(s) && stopping()) {
      // What was in the backlog when the stop began is served; clients that go on connecting do not keep the server alive.
      if (s.last_accepts < 0) s.last_accepts = s.is.listener->backlog();
      if (s.last_accepts-- == 0) break;
    }
    s.begin();
    if (flow* const made = make_record(s, true)) return made;
    s.outcome = ENOMEM;
    const instant pause = pause_after(s);
    if (pause < 0) break;
    if (pause == 0) continue;
    put_aside(s, pause);
    return nullptr;
  }
  end_source(s);
  return nullptr;
}

void server::activate(source& s) noexcept {
  if (flow* const made = next_activation(s)) queue_.push(*made);
}

void server::activation_ended(source& s, bool claimed) noexcept {
  if (claimed) {
    end_source(s);
    return;
  }
  if (s.outcome == 0) {
    s.backoff.worked();
    s.lacked = false;
    activate(s);
    return;
  }
  const instant pause = pause_after(s);
  if (pause < 0) {
    end_source(s);
  } else if (pause == 0) {
    activate(s);
  } else {
    put_aside(s, pause);
  }
}

instant server::pause_after(source& s) noexcept {
  observers_->counts.source(s.index).activations_failed.fetch_add(1, std::memory_order_relaxed);
  if (over(s)) return -1;
  if (!s.handled) {
    if (const std::uint64_t times = s.complaint.due(core::now()); times != 0) core::report_failed_source(s.is.name, s.outcome, times);
  }
  const instant delay = s.backoff.failed(s.outcome);
  // While draining, a source that goes on failing has nothing to wait for but flows of ours that end and give back what it lacks.
  return delay != 0 && stopping() && observers_->counts.in_flight() == 0 ? -1 : delay;
}

void server::put_aside(source& s, instant pause) noexcept {
  const core::futex_guard held(timers_guard_);
  const instant now = core::now();
  s.resume_at = now + pause;
  if (core::is_exhaustion(s.outcome)) {
    // Flows may end by the thousand: whoever retries after each would do little else.
    s.resume_no_sooner = now + core::kMillisecond;
    // A flow that ended before anybody could see that something is lacking may have given it back.
    if (!any_lacks_.exchange(true, std::memory_order_seq_cst) || !s.lacked) s.resume_at = s.resume_no_sooner;
    s.lacked = true;
  }
  if (s.resume_at < sleeps_until_.load(std::memory_order_relaxed)) readiness_.interrupt();
}

void server::resume_lacking() noexcept {
  const core::futex_guard held(timers_guard_);
  any_lacks_.store(false, std::memory_order_seq_cst);
  for (const auto& each : sources_) {
    if (each->resume_no_sooner == never) continue;
    each->resume_at = std::min(each->resume_at, each->resume_no_sooner);
    each->resume_no_sooner = never;
    if (each->resume_at < sleeps_until_.load(std::memory_order_relaxed)) readiness_.interrupt();
  }
}

void server::reconsider(source& s) noexcept {
  if (!s.held.load(std::memory_order_seq_cst)) return;
  if ((has_room(s) || over(s)) && s.held.exchange(false)) activate(s);
}

void server::reconsider_all() noexcept {
  for (const auto& each : sources_) reconsider(*each);
}

void server::resume(instant due) noexcept {
  for (const auto& each : sources_) {
    bool now;
    {
      const core::futex_guard held(timers_guard_);
      now = each->resume_at <= due && each->resume_at != never;
      if (now) each->resume_at = each->resume_no_sooner = never;
    }
    if (now) activate(*each);
  }
}

void server::end_source(source& s) noexcept {
  tcp_listener* const listener = s.is.listener;
  if (listener != nullptr) {
    const core::futex_guard held(closing_);
    s.accepts = false;
    // Two sources may accept from one listener: the last to end closes it.
    const bool shared = std::any_of(sources_.begin(), sources_.end(),
                                    [&](const auto& other) { return other->accepts && other->is.listener == listener; });
    if (!shared) listener->close();
  }
  s.ended.store(true, std::memory_order_seq_cst);
  changed_.notify();
}

// ---------------------------------------------------------------------------------------------------------------------
// Timers

void server::tick(source& s, instant now) noexcept {
  core::source_counts& count = observers_->counts.source(s.index);
  const std::uint64_t due = s.ticks->take_due(now);
  if (due == 0) return;
  if (over(s)) {
    s.ticks.reset();
    return;
  }
  // Late by whole periods: the ticks in between found nobody to run them.
  count.dropped.fetch_add(due - 1, std::memory_order_relaxed);
  flow* const made = has_room(s) ? make_record(s, false) : nullptr;
  if (made == nullptr) {
    count.dropped.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  start_flow(*s.by, *made);
}

instant server::next_of_sources() const noexcept {
  instant next = never;
  for (const auto& each : sources_) {
    next = std::min(next, each->resume_at);
    if (each->ticks) next = std::min(next, each->ticks->next());
  }
  return next;
}

// ---------------------------------------------------------------------------------------------------------------------
// Sources that may block inside: a thread each

void* server::source_main(void* argument) noexcept {
  auto& s = *static_cast<source*>(argument);
  server& of = s.by->server_;
  of.drive(s);
  of.end_source(s);
  return nullptr;
}

void server::drive(source& s) noexcept {
  worker& w = *s.by;
  for (;;) {
    changed_.wait([&] { return over(s) || has_room(s); }, never);
    if (over(s)) return;
    s.begin();
    // Before it: those that end from now on may be what an activation that fails lacks.
    const std::uint64_t flows = observers_->counts.in_flight();
    flow* f = make_record(s, true);
    if (f == nullptr) s.outcome = ENOMEM;
    while (f != nullptr) {
      const worker::fate fate = w.run(*f);
      if (fate == worker::fate::claimed) return;
      if (fate == worker::fate::ended) break;
      s.woken_changed.wait([&] { return s.woken.load(std::memory_order_seq_cst) != nullptr; }, never);
      f = s.woken.exchange(nullptr);
    }
    if (s.outcome == 0) {
      s.backoff.worked();
      continue;
    }
    const instant pause = pause_after(s);
    if (pause < 0) return;
    if (pause == 0) continue;
    const instant until = core::now() + pause;
    const bool lacks = core::is_exhaustion(s.outcome);
    s.woken_changed.wait([&] { return over(s); }, lacks ? std::min(until, core::now() + core::kMillisecond) : until);
    if (lacks) changed_.wait([&] { return over(s) || observers_->counts.in_flight() < flows; }, until);
  }
}

}  // namespace flux::pool
