// Where a flow waits, on its loop or on the thread of its source, and how it is run.
#include <poll.h>

#include <cerrno>
#include <memory>
#include <new>

#include "core/descriptors.hpp"
#include "core/shutdown.hpp"
#include "event/server.hpp"
#include "flux/stop.hpp"

namespace flux::event {

worker::worker(server& of, event::loop* on) : server_(of), loop_(on), observed_(of.observes()) {}

// ---------------------------------------------------------------------------------------------------------------------
// Descriptors

parked worker::wait(flow& f, std::span<const interest> interests, instant deadline) noexcept {
  if (core::destroying()) [[unlikely]] return claimed();
  // A limit that struck while the node ran takes effect now, whatever is ready.
  if (core::reached(deadline)) {
    f.error = ETIMEDOUT;
    return parked::no;
  }
  f.error = 0;
  if (stopping()) [[unlikely]] {
    if (f.activation) {
      // A listening source that was told and has nothing left to accept is at its end; one that does not listen was at its end when told.
      if (f.told || !server::listens(*server_.sources_[f.source])) return claimed();
    }
    if (!f.told) {
      // It is called once more: a node that has nothing of a request fails, one that has goes on.
      f.told = true;
      return parked::no;
    }
  }
  if (loop_ == nullptr) [[unlikely]] return wait_here(f, interests, deadline);
  if (interests.size() == 1 && !asks_ && !descriptors::is_blocking(interests.front().descriptor)) [[likely]] {
    return loop_->wait_for_one(f, interests.front(), deadline);
  }
  return loop_->wait_for_several(f, interests, deadline);
}

parked worker::wait_here(flow& f, std::span<const interest> interests, instant deadline) noexcept {
  std::unique_ptr<pollfd[]> polled(new (std::nothrow) pollfd[interests.size() + 1]);
  if (polled == nullptr) {
    f.error = ENOMEM;
    return parked::no;
  }
  std::size_t count = 0;
  for (const interest& each : interests) {
    if (each.descriptor < 0) {
      f.error = EBADF;
      return parked::no;
    }
    polled[count++] = {.fd = each.descriptor, .events = static_cast<short>(each.writable ? POLLOUT : POLLIN), .revents = 0};
  }
  polled[count] = {.fd = f.told ? core::destroy_descriptor() : core::stop_descriptor(), .events = POLLIN, .revents = 0};
  note_parking(f);
  for (;;) {
    timespec left{};
    if (deadline != never) {
      const instant remaining = deadline - core::now();
      if (remaining <= 0) f.error = ETIMEDOUT;
      left = core::to_timespec(remaining <= 0 ? 0 : remaining);
    }
    if (f.error == 0 && ::ppoll(polled.get(), count + 1, deadline == never ? nullptr : &left, nullptr) < 0 && errno != EINTR) f.error = errno;
    if (core::destroying()) break;
    bool ready = f.error != 0;
    for (std::size_t index = 0; index < count; ++index) {
      if ((polled[index].revents & POLLNVAL) != 0) f.error = EBADF;
      ready |= polled[index].revents != 0;
    }
    // A source that does not listen is called no more, though there be something for it.
    if (f.activation && stopping() && !server::listens(*server_.sources_[f.source])) break;
    if (polled[count].revents != 0) f.told = true;
    if (!ready && polled[count].revents == 0) continue;
    note_resumed(f);
    return parked::no;
  }
  note_resumed(f);
  return claimed();
}

// ---------------------------------------------------------------------------------------------------------------------
// Locks

parked worker::acquire_slowly(flow& f, lock& l, mode how, instant deadline) noexcept {
  return observed_ ? acquire_observed(f, l, how, deadline) : queue_for(f, l, how, deadline);
}

parked worker::queue_for(flow& f, lock& l, mode how, instant deadline) noexcept {
  if (core::destroying()) return claimed();
  if (core::reached(deadline)) {
    f.error = ETIMEDOUT;
    return parked::no;
  }
  f.error = 0;
  if (loop_ == nullptr) return queue_here(f, l, how, deadline);
  note_parking(f);
  // Queued, the flow is its lock's: nothing of it is touched any more.
  if (!loop_->queue_for(f, l, how, deadline)) return parked::yes;
  note_resumed(f);
  if (f.error == 0) core::note_acquired(&l, how == mode::read);
  return parked::no;
}

parked worker::queue_here(flow& f, lock& l, mode how, instant deadline) noexcept {
  source_thread& mine = *server_.source_threads_[f.source];
  note_parking(f);
  // Of no loop: whoever grants it the lock wakes the thread of its source.
  f.loop = 0;
  if (!l.acquire_or_queue(f, how)) {
    const auto granted = [&] { return mine.granted.load(std::memory_order_seq_cst); };
    mine.changed.wait([&] { return granted() || core::destroying(); }, deadline);
    const bool destroyed = core::destroying();
    if (!granted() || destroyed) {
      const auto [left, others] = l.cancel(f);
      wake_granted(others);
      // It may have been granted in between; then the wake-up is on its way, and must not be taken for one of the next lock.
      if (!left) mine.changed.wait(granted, never);
      mine.granted.store(false, std::memory_order_relaxed);
      if (destroyed || left) {
        // Granted, but the record does not know yet.
        if (!left) wake_granted(l.release(how));
        note_resumed(f);
        f.error = ETIMEDOUT;
        return destroyed ? claimed() : parked::no;
      }
    }
    mine.granted.store(false, std::memory_order_relaxed);
  }
  note_resumed(f);
  core::note_acquired(&l, how == mode::read);
  return parked::no;
}

void worker::wake_granted(core::lock_waiter* granted) noexcept { server_.wake_granted(granted, loop_); }

void server::wake_granted(core::lock_waiter* granted, event::loop* here) noexcept {
  while (granted != nullptr) {
    // Once woken it may be gone, with the link.
    core::lock_waiter* const next = granted->next;
    auto& one = static_cast<waiter&>(*granted);
    if (one.loop == 0) {
      source_thread& of = *source_threads_[static_cast<flow&>(one).source];
      of.granted.store(true, std::memory_order_seq_cst);
      of.changed.notify();
    } else {
      event::loop& home = *loops_[one.loop - 1u];
      if (&home == here) {
        home.arrive(one);
      } else {
        home.post(one);
      }
    }
    granted = next;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Helpers, and the queue

parked worker::offload(flow& f, void (*call)(flux::flow&) noexcept, instant deadline) noexcept {
  if (loop_ == nullptr) {
    call(f);
    return parked::no;
  }
  if (core::destroying()) return claimed();
  if (core::reached(deadline)) {
    f.error = ETIMEDOUT;
    return parked::no;
  }
  f.error = 0;
  // The loop is in no node from here on; the flow still is (observe.cpp).
  place_.store(steps_, std::memory_order_relaxed);
  return loop_->offload(f, call, deadline);
}

parked worker::yield_slowly(flow& f) noexcept {
  if (core::destroying()) return claimed();
  if (loop_ == nullptr || (steps_ - steps_at_start_ < kLongBudget * kOneStep && !loop_->anybody_ready())) return parked::no;
  note_parking(f);
  loop_->forget_deadline(f);
  loop_->make_ready(f);
  return parked::yes;
}

// ---------------------------------------------------------------------------------------------------------------------
// Running

worker::fate worker::run(flow& f) noexcept {
  // Afterwards the flow may be gone.
  const bool activation = f.activation;
  const std::uint16_t of = f.source;
  const bool doomed = core::destroying() || (activation && stopping() && !server::listens(*server_.sources_[of]));
  note_resumed(f);
  asks_ = false;
  if (f.at != waiter::place::nowhere) {
    const waiter::place was = f.at;
    f.at = waiter::place::nowhere;
    if (was == waiter::place::helper) asks_ = true;
    if (was == waiter::place::lock) {
      lock* const waited_for = f.parked_with<lock*>();
      const mode how = f.mode;
      if (f.error == 0) core::note_acquired(waited_for, how == mode::read);
      if (observed_) note_granted(f, *waited_for, how);
      // Granted, but the record does not know yet.
      if (doomed && f.error == 0) release(f, {waited_for, how});
    }
  }
  fate_ = fate::claimed;
  if (!doomed) [[likely]] {
    steps_at_start_ = steps_;
    fate_ = fate::parked;
    server_.program_.step(*this, f);
  }
  if (fate_ == fate::parked) [[likely]] return fate_;
  if (fate_ == fate::claimed) {
    if (loop_ != nullptr) loop_->forget_deadline(f);
    server_.abandon_flow(*this, f);
  }
  if (activation) server_.set_engaged(*server_.sources_[of], false);
  return fate_;
}

void worker::note_parking([[maybe_unused]] flow& f) noexcept {
  if (observed_) note_parked(f);
  server_.note_held(f, false);
}

void worker::note_resumed([[maybe_unused]] flow& f) noexcept { server_.note_held(f, true); }

void server::note_held([[maybe_unused]] flow& f, [[maybe_unused]] bool now) const noexcept {
#ifdef FLUX_THREAD_SANITIZER
  for (const auto& each : program_.held(f)) {
    if (now) {
      core::note_acquired(each.lock, each.mode == mode::read);
    } else {
      core::note_release(each.lock, each.mode == mode::read);
    }
  }
#endif
}

flux::flow* worker::fresh(flow& f) noexcept { return server_.make_record(server_.feed_of(f), false); }

void worker::spawn(flow& f, flux::flow& started) noexcept {
  feed& by = server_.feed_of(f);
  by.spawned = true;
  server_.start_flow(*this, by, static_cast<flow&>(started));
}

void worker::end(flow& f, ending how) noexcept {
  fate_ = fate::ended;
  if (f.activation && how == ending::failed) {
    feed& by = server_.feed_of(f);
    // What it failed with first counts: its handler may have changed the record's error.
    if (by.outcome == 0) by.outcome = f.error == 0 ? ECANCELED : f.error;
    // Some node was called after the failure.
    by.handled = by.failed && by.failed_at != steps_;
  }
  if (loop_ != nullptr) loop_->forget_deadline(f);
  server_.finish_flow(f, how);
}

parked worker::leave_source(flow& f, int node) noexcept {
  leave(f, node);
  if (!f.activation || server::listens(*server_.sources_[f.source])) return parked::no;
  // Told before it is looked whether the server stops: either this sees the stop, or the drain sees the activation.
  set_engaged(f, true);
  return stopping() ? claimed() : parked::no;
}

void worker::set_engaged(const flow& f, bool now) noexcept { server_.set_engaged(*server_.sources_[f.source], now); }

void server::set_engaged(source& s, bool now) noexcept {
  if (s.engaged.load(std::memory_order_relaxed) == now) return;
  s.engaged.store(now, std::memory_order_seq_cst);
  if (!now && stopping()) changed_.notify();
}

void worker::failed(flow& f, int node) noexcept {
  if (f.activation) {
    feed& by = server_.feed_of(f);
    if (by.outcome == 0) {
      by.outcome = f.error;
      by.failed = true;
      by.failed_at = steps_;
    }
  }
  server_.observers_->counts.node_failed(node, f.error);
}

}  // namespace flux::event
