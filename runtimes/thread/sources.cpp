// Who calls the sources of the thread runtime, and when. What a source starts is server.cpp's business.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/brief_blocking.hpp"
#include "core/report.hpp"
#include "core/shutdown.hpp"
#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"
#include "thread/server.hpp"

namespace flux::thread {
namespace {

// A worker that is between two flows calls a source that listens, and runs what comes of it: waking another for each connection costs
// more than serving a short one. So the thread of the source leaves new connections to workers as long as some come by, and looks only
// from time to time whether one is left over because all of them have begun something long.
constexpr instant kVisit = core::kMillisecond;
// The same while a worker is inside the source: it takes who comes next.
constexpr instant kCall = 4 * core::kMillisecond;

}  // namespace

void* server::driver_main(void* argument) noexcept {
  auto& d = *static_cast<driver*>(argument);
  server& of = *d.of;
  if (of.program_.sources[d.index].timer) {
    of.drive_timer(d);
  } else if (of.listens(d.index)) {
    of.drive_listener(d);
  } else {
    of.drive_source(d);
  }
  of.end_source(d);
  return nullptr;
}

bool server::over(const driver& d) const noexcept { return core::destroying() || (stopping() && !listens(d.index)); }

bool server::within_limit(const driver& d) const noexcept {
  const std::uint32_t limit = program_.sources[d.index].limit;
  return limit == 0 || observers_->counts.source(d.index).in_flight() < limit;
}

bool server::admit(const driver& d) noexcept {
  const auto may_go_on = [&] { return over(d) || (crew_.has_room() && within_limit(d)); };
  // A burst that is soon over is nobody's business; whoever waits for longer is told what for.
  if (!changed_.wait(may_go_on, core::now() + core::kSecond) && !crew_.has_room()) {
    core::report("source %s waits: all %zu threads have a flow (--flux-threads)", program_.sources[d.index].name, crew_.most());
  }
  changed_.wait(may_go_on, never);
  return !over(d);
}

void server::pause(const driver& d, const called& after) noexcept {
  if (after.pause == 0) return;
  const instant begin = core::now();
  const instant until = begin + after.pause;
  // Flows may end by the thousand: whoever retries after each would do little else.
  ending_.wait([] { return stopping(); }, std::min(until, after.exhausted ? begin + core::kMillisecond : never));
  if (after.exhausted) changed_.wait([&] { return stopping() || observers_->counts.in_flight() < after.flows; }, until);
  // Draining, it sleeps on until flows that end have given back what it lacks.
  if (stopping()) changed_.wait([&] { return over(d) || observers_->counts.in_flight() == 0; }, until);
}

void server::set_parked(driver& d, flow* activation) noexcept {
  d.parked = activation;
  d.is_parked.store(activation != nullptr, std::memory_order_seq_cst);
}

server::called server::call(driver& d, worker& by) noexcept {
  using enum called::outcome;
  flow* const activation = d.parked != nullptr ? d.parked : make_record(*d.heap, d.index, true);
  set_parked(d, nullptr);
  // Before it: those that end from now on may be what a call that fails lacks, and the thread that pauses may come late.
  const std::uint64_t flows = observers_->counts.in_flight();
  int error = ENOMEM;
  bool handled = false;
  if (activation != nullptr) {
    // What it waited for, if it did.
    activation->error = 0;
    by.keeps_flow_ = listens(d.index);
    by.run(*activation);
    by.keeps_flow_ = false;
    if (by.parked_) {
      set_parked(d, activation);
      return {parked};
    }
    if (by.claimed_) return {abandoned};
    error = by.outcome_;
    handled = by.handled_;
  }
  if (error == 0) {
    d.backoff.worked();
    return {worked};
  }
  observers_->counts.source(d.index).activations_failed.fetch_add(1, std::memory_order_relaxed);
  if (!over(d) && !handled) {
    if (const std::uint64_t times = d.complaint.due(core::now()); times != 0) {
      core::report_failed_source(program_.sources[d.index].name, error, times);
    }
  }
  return {failed, d.backoff.failed(error), core::is_exhaustion(error), flows};
}

void server::drive_source(driver& d) noexcept {
  while (admit(d)) {
    const called turn = call(d, *d.by);
    if (turn.how == called::outcome::abandoned || over(d)) return;
    if (turn.how == called::outcome::failed) pause(d, turn);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Sources that listen

bool server::only_listens(const flow& f, std::span<const interest> interests) const noexcept {
  const tcp_listener* const listener = program_.sources[f.source].listener;
  return listener != nullptr && interests.size() == 1 && interests[0].descriptor == listener->fd() && interests[0].descriptor >= 0;
}

bool server::watch(driver& d, instant limit) noexcept {
  const int listening = program_.sources[d.index].listener->fd();
  // One that is not open is called, to fail.
  if (listening < 0) return true;
  pollfd polled[] = {{.fd = listening, .events = POLLIN, .revents = 0},
                     {.fd = core::stop_descriptor(), .events = POLLIN, .revents = 0},
                     {.fd = d.called_event.fd(), .events = POLLIN, .revents = 0}};
  const timespec none{};
  if (::ppoll(polled, 3, limit == never ? nullptr : &none, nullptr) < 0) {
    // The kernel has no memory to look with (poll(2)): to ask again at once would do nothing else.
    if (errno != EINTR) ending_.wait([] { return stopping(); }, core::now() + kCall);
    return false;
  }
  std::uint64_t times;
  if (polled[2].revents != 0) [[maybe_unused]] const auto got = ::read(d.called_event.fd(), &times, sizeof times);
  return polled[0].revents != 0;
}

void server::drive_listener(driver& d) noexcept {
  const auto leave_to_workers = [this](instant length) { ending_.wait([] { return stopping(); }, core::now() + length); };
  while (admit(d) && !stopping()) {
    if (d.visits.exchange(0, std::memory_order_seq_cst) != 0) {
      leave_to_workers(kVisit);
      if (d.is_parked.load(std::memory_order_seq_cst) && !watch(d, 0)) continue;
    } else if (d.is_parked.load(std::memory_order_seq_cst)) {
      d.watching.store(true, std::memory_order_seq_cst);
      // Either a worker sees that it is watched for, or this sees that a worker has called it.
      const bool somebody_there = d.is_parked.load(std::memory_order_seq_cst) && watch(d, never);
      d.watching.store(false, std::memory_order_seq_cst);
      if (!somebody_there) continue;
    }
    if (stopping()) break;
    if (!d.calling.try_lock()) {
      leave_to_workers(kCall);
      continue;
    }
    called turn{called::outcome::worked, d.pause, d.exhausted, d.flows};
    // A worker's call may have failed since, or have used the last place.
    if (turn.pause == 0 && within_limit(d)) turn = call(d, *d.by);
    d.pause = turn.pause;
    d.exhausted = turn.exhausted;
    d.flows = turn.flows;
    d.calling.unlock();
    hand_over(d);
    if (turn.how == called::outcome::abandoned) return;
    if (turn.pause == 0) continue;
    pause(d, turn);
    const core::futex_guard held(d.calling);
    d.pause = 0;
  }
  accept_rest(d);
}

void server::hand_over(driver& d) noexcept {
  flow* const started = std::exchange(d.by->next_flow_, nullptr);
  if (started != nullptr && !crew_.start(*started)) abandon_flow(*d.by, *started);
}

bool server::take_over(worker& w) noexcept {
  if (crew_.is_awaited()) return false;
  for (driver* const d : listening_) {
    d->visits.fetch_add(1, std::memory_order_seq_cst);
    // One that starts to stop, or is called by another, is left to its own thread.
    if (stopping() || !d->calling.try_lock()) continue;
    if (!stopping() && d->pause == 0 && within_limit(*d)) {
      core::may_wait_in_accept(true);
      const called turn = call(*d, w);
      core::may_wait_in_accept(false);
      d->pause = turn.pause;
      d->exhausted = turn.exhausted;
      d->flows = turn.flows;
      // Unless it is parked again somebody must call it, however long this worker is busy now.
      if (turn.how != called::outcome::parked && d->watching.exchange(false, std::memory_order_seq_cst)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(d->called_event.fd(), &one, sizeof one);
      }
    }
    d->calling.unlock();
    if (w.next_flow_ != nullptr) return true;
  }
  return false;
}

void server::accept_rest(driver& d) noexcept {
  // Clients that go on connecting do not keep the server alive.
  std::int64_t accepts = program_.sources[d.index].listener->backlog();
  while (accepts-- > 0 && admit(d)) {
    called turn{called::outcome::parked};
    {
      const core::futex_guard held(d.calling);
      turn = call(d, *d.by);
    }
    hand_over(d);
    if (turn.how == called::outcome::parked || turn.how == called::outcome::abandoned) return;
    // A source that goes on failing has nothing to wait for but flows of ours that end and give back what it lacks.
    if (turn.pause != 0 && observers_->counts.in_flight() == 0) return;
    pause(d, turn);
  }
}

void server::end_source(driver& d) noexcept {
  {
    const core::futex_guard held(d.calling);
    if (d.parked != nullptr) abandon_flow(*d.by, *d.parked);
    set_parked(d, nullptr);
  }
  crew_.dismiss(*d.by);
  tcp_listener* const listener = program_.sources[d.index].listener;
  if (listener != nullptr) {
    const core::futex_guard held(closing_);
    d.accepts = false;
    // Two sources may accept from one listener: the last to end closes it.
    const bool shared = std::any_of(drivers_.begin(), drivers_.end(), [&](const auto& other) {
      return other->accepts && program_.sources[other->index].listener == listener;
    });
    if (!shared) listener->close();
  }
  d.ended.store(true, std::memory_order_seq_cst);
  changed_.notify();
}

// ---------------------------------------------------------------------------------------------------------------------
// Timers

void server::drive_timer(driver& d) noexcept {
  const source_description& description = program_.sources[d.index];
  core::source_counts& count = observers_->counts.source(d.index);
  core::ticks ticks(core::now(), description.period);
  while (!over(d)) {
    ending_.wait([&] { return over(d); }, ticks.next());
    const std::uint64_t due = ticks.take_due(core::now());
    if (due == 0 || over(d)) continue;
    // Late by whole periods: the ticks in between found nobody to run them.
    count.dropped.fetch_add(due - 1, std::memory_order_relaxed);
    flow* const tick = within_limit(d) ? make_record(*d.heap, d.index, false) : nullptr;
    if (tick == nullptr) {
      count.dropped.fetch_add(1, std::memory_order_relaxed);
      continue;
    }
    start_flow(*d.by, *tick);
  }
}

}  // namespace flux::thread
