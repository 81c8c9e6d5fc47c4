// When a source is called, when it is put aside, and when it is at its end.
#include <algorithm>
#include <cerrno>

#include "core/shutdown.hpp"
#include "event/server.hpp"
#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"

namespace flux::event {

bool server::over(const source& s) noexcept { return core::destroying() || (stopping() && !listens(s)); }

bool server::has_room(const source& s) const noexcept {
  // What a loop accepts it runs itself, in turn with that.
  if (!s.on_every_loop && fresh_.load(std::memory_order_seq_cst) >= most_fresh_) return false;
  return s.is.limit == 0 || s.admitted.load(std::memory_order_seq_cst) < s.is.limit;
}

bool server::admit(source& s) noexcept {
  if (!has_room(s)) return false;
  if (s.is.limit == 0) return true;
  std::uint32_t seen = s.admitted.load(std::memory_order_relaxed);
  do {
    if (seen >= s.is.limit) return false;
  } while (!s.admitted.compare_exchange_weak(seen, seen + 1, std::memory_order_seq_cst));
  return true;
}

void server::give_up(source& s) noexcept {
  if (s.is.limit != 0) s.admitted.fetch_sub(1, std::memory_order_seq_cst);
}

// ---------------------------------------------------------------------------------------------------------------------
// Sources that wait: their activations are parked like flows

flow* server::next_activation(feed& by, event::loop& on) noexcept {
  source& s = by.of;
  for (;;) {
    if (over(s)) break;
    if (!admit(s)) {
      if (!by.held) held_.fetch_add(1, std::memory_order_seq_cst);
      by.held = true;
      // Room that was made before anybody could see that it is wanted.
      if (!admit(s)) return nullptr;
    }
    if (by.held) held_.fetch_sub(1, std::memory_order_seq_cst);
    by.held = false;
    // One that does not listen may be here as well: the stop may have come since over() was asked. Whoever runs its activation sees that.
    if (listens(s) && stopping()) {
      // What was in the backlog when the stop began is served; clients that go on connecting do not keep the server alive.
      if (by.last_accepts < 0) by.last_accepts = s.is.listener->backlog();
      if (by.last_accepts-- == 0) {
        give_up(s);
        break;
      }
    }
    by.begin();
    if (flow* const made = make_record(by, true)) return made;
    give_up(s);
    by.outcome = ENOMEM;
    const instant pause = pause_after(by);
    if (pause < 0) break;
    if (pause == 0) continue;
    put_aside(by, on, pause);
    return nullptr;
  }
  end_feed(by);
  return nullptr;
}

void server::activate(feed& by, event::loop& on) noexcept {
  if (flow* const made = next_activation(by, on)) on.make_ready(*made);
}

void server::activation_ended(feed& by, event::loop& on, bool claimed) noexcept {
  if (!by.spawned) give_up(by.of);
  if (claimed) {
    end_feed(by);
    return;
  }
  if (by.outcome == 0) {
    by.backoff.worked();
    by.lacked = false;
    activate(by, on);
    return;
  }
  const instant pause = pause_after(by);
  if (pause < 0) {
    end_feed(by);
  } else if (pause == 0) {
    activate(by, on);
  } else {
    put_aside(by, on, pause);
  }
}

instant server::pause_after(feed& by) noexcept {
  observers_->counts.source(by.of.index).activations_failed.fetch_add(1, std::memory_order_relaxed);
  if (over(by.of)) return -1;
  if (!by.handled) {
    const core::futex_guard held(closing_);
    if (const std::uint64_t times = by.of.complaint.due(core::now()); times != 0) core::report_failed_source(by.of.is.name, by.outcome, times);
  }
  const instant delay = by.backoff.failed(by.outcome);
  // While draining, a source that goes on failing has nothing to wait for but flows of ours that end and give back what it lacks.
  return delay != 0 && stopping() && observers_->counts.in_flight() == 0 ? -1 : delay;
}

void server::put_aside(feed& by, event::loop& on, instant pause) noexcept {
  const instant now = core::now();
  by.resume_at = now + pause;
  if (core::is_exhaustion(by.outcome)) {
    // Flows may end by the thousand: whoever retries after each would do little else.
    by.resume_no_sooner = now + core::kMillisecond;
    // A flow that ended before anybody could see that something is lacking may have given it back.
    if (lacking_.exchange(1, std::memory_order_seq_cst) == 0 || !by.lacked) by.resume_at = by.resume_no_sooner;
    by.lacked = true;
  }
  on.feed_due(by.resume_at);
}

void server::reconsider_held() noexcept {
  if (held_.load(std::memory_order_seq_cst) != 0) ask_all(loop::kReconsider);
}

void server::look_again(event::loop& on) noexcept {
  const bool last = stopping() && observers_->counts.in_flight() == 0;
  for (const auto& each : sources_) {
    feed* const by = on.feed_of(each->index);
    if (by == nullptr || by->ended) continue;
    if (by->held) {
      if (has_room(*each) || over(*each)) activate(*by, on);
    } else if (by->resume_no_sooner != never) {
      by->resume_at = std::min(by->resume_at, last ? 0 : by->resume_no_sooner);
      by->resume_no_sooner = never;
      on.feed_due(by->resume_at);
    } else if (last && by->resume_at != never) {
      // What it lacked it may now have, and nothing else will tell it before its time.
      by->resume_at = 0;
      on.feed_due(0);
    }
  }
}

instant server::resume(event::loop& on, instant now, bool all) noexcept {
  instant next = never;
  for (const auto& each : sources_) {
    feed* const by = on.feed_of(each->index);
    if (by == nullptr || by->ended) continue;
    if (by->ticks) tick(*by, on, now);
    if (by->held && all) {
      activate(*by, on);
    } else if (by->resume_at != never && (all || by->resume_at <= now)) {
      by->resume_at = by->resume_no_sooner = never;
      activate(*by, on);
    }
    next = std::min(next, by->resume_at);
    if (by->ticks) next = std::min(next, by->ticks->next());
  }
  return next;
}

void server::end_feed(feed& by) noexcept {
  source& s = by.of;
  if (by.ended) return;
  by.ended = true;
  if (by.held) held_.fetch_sub(1, std::memory_order_seq_cst);
  by.held = false;
  tcp_listener* const listener = s.is.listener;
  if (listener != nullptr) {
    // Two sources may accept from one listener: the last to end closes it.
    const core::futex_guard held(closing_);
    event::loop* const here = by.with.loop_;
    bool here_too = false;
    bool elsewhere = false;
    s.open.fetch_sub(1, std::memory_order_seq_cst);
    for (const auto& other : sources_) {
      if (other->is.listener != listener) continue;
      elsewhere |= other->open.load(std::memory_order_relaxed) != 0;
      const feed* const also = here == nullptr ? nullptr : here->feed_of(other->index);
      here_too |= also != nullptr && !also->ended;
    }
    if (!elsewhere) {
      listener->close();
    } else if (!here_too) {
      listener->close_own();
    }
  } else {
    s.open.fetch_sub(1, std::memory_order_seq_cst);
  }
  changed_.notify();
}

// ---------------------------------------------------------------------------------------------------------------------
// Timers

void server::tick(feed& by, event::loop& on, instant now) noexcept {
  source& s = by.of;
  core::source_counts& count = observers_->counts.source(s.index);
  const std::uint64_t due = by.ticks->take_due(now);
  if (over(s)) {
    by.ticks.reset();
    return;
  }
  if (due == 0) return;
  // Late by whole periods: the ticks in between found nobody to run them.
  count.dropped.fetch_add(due - 1, std::memory_order_relaxed);
  flow* made = nullptr;
  if (admit(s)) {
    made = make_record(by, false);
    if (made == nullptr) give_up(s);
  }
  if (made == nullptr) {
    count.dropped.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  start_flow(on.runs_with(), by, *made);
}

// ---------------------------------------------------------------------------------------------------------------------
// Sources that may block inside: a thread each

void* server::source_main(void* argument) noexcept {
  auto& thread = *static_cast<source_thread*>(argument);
  server& of = thread.of;
  of.drive(thread);
  of.end_feed(*thread.calls);
  thread.ended.store(true, std::memory_order_seq_cst);
  of.changed_.notify();
  return nullptr;
}

void server::drive(source_thread& thread) noexcept {
  source& s = thread.is;
  feed& by = *thread.calls;
  for (;;) {
    changed_.wait([&] { return over(s) || has_room(s); }, never);
    if (over(s)) return;
    if (!admit(s)) continue;
    by.begin();
    // Before it: those that end from now on may be what an activation that fails lacks.
    const std::uint64_t flows = observers_->counts.in_flight();
    if (flow* const f = make_record(by, true)) {
      const worker::fate fate = thread.by.run(*f);
      if (!by.spawned) give_up(s);
      if (fate == worker::fate::claimed) return;
    } else {
      give_up(s);
      by.outcome = ENOMEM;
    }
    if (by.outcome == 0) {
      by.backoff.worked();
      continue;
    }
    const instant pause = pause_after(by);
    if (pause < 0) return;
    if (pause == 0) continue;
    const instant until = core::now() + pause;
    const bool lacks = core::is_exhaustion(by.outcome);
    thread.changed.wait([&] { return over(s); }, lacks ? std::min(until, core::now() + core::kMillisecond) : until);
    if (lacks) changed_.wait([&] { return over(s) || observers_->counts.in_flight() < flows; }, until);
  }
}

}  // namespace flux::event
