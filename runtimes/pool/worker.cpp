// Where a flow of the pool is parked: with descriptors and locks, and at the end of the queue.
#include <cerrno>
#include <memory>
#include <new>

#include "core/descriptors.hpp"
#include "core/shutdown.hpp"
#include "flux/stop.hpp"
#include "pool/server.hpp"
#include "pool/several.hpp"

namespace flux::pool {

worker::worker(server& of) : server_(of), observed_(of.observes()) {}

// ---------------------------------------------------------------------------------------------------------------------
// Descriptors

parked worker::wait(flow& f, std::span<const interest> interests, instant deadline) noexcept {
  if (core::destroying()) return claimed();
  if (f.activation && stopping()) {
    // A listening source that was told and has nothing left to accept is at its end; one that does not listen was at its end when told.
    if (f.told || !server::listens(*server_.sources_[f.source])) return claimed();
  }
  // A limit that struck while the node ran takes effect now, whatever is ready.
  if (core::reached(deadline)) {
    f.error = ETIMEDOUT;
    return parked::no;
  }
  f.error = 0;
  if (interests.size() == 1 && !descriptors::is_blocking(interests.front().descriptor)) return wait_for_one(f, interests.front(), deadline);
  return wait_for_several(f, interests, deadline);
}

parked worker::wait_for_one(flow& f, const interest& one, instant deadline) noexcept {
  f.set_descriptor(one.descriptor);
  f.wants = one.writable ? flow::kWrite : flow::kRead;
  bool doomed = false;
  note_parking(f);
  const int answer = server_.readiness_.wait(f, [&] {
    // The stop goes over all that is parked, lock by lock: what parks behind it sees here that it came.
    doomed = core::destroying();
    if (doomed) return false;
    if (stopping() && !f.told) {
      // It is called once more: a node that has nothing of a request fails, one that has goes on.
      f.told = true;
      return false;
    }
    f.claimable.store(true, std::memory_order_relaxed);
    // Whoever finds it by its deadline waits for the lock of the descriptor before it touches anything else.
    if (deadline != never) server_.arm(f, deadline);
    return true;
  });
  if (answer == core::readiness::kWaits) return parked::yes;
  note_resumed(f);
  if (doomed) return claimed();
  if (answer > 0) f.error = answer;
  return parked::no;
}

parked worker::wait_for_several(flow& f, std::span<const interest> interests, instant deadline) noexcept {
  bool level = false;
  for (const interest& each : interests) level |= descriptors::is_blocking(each.descriptor);
  f.set_several(several::make(f, interests, deadline, level));
  if (f.several() == nullptr) {
    f.error = ENOMEM;
    return parked::no;
  }
  note_parking(f);
  switch (server_.park_with_several(f)) {
    case server::parking::done:
      return parked::yes;
    case server::parking::doomed:
      note_resumed(f);
      server::forget_several(f);
      return claimed();
    case server::parking::needless:
      break;
  }
  note_resumed(f);
  server::forget_several(f);
  return parked::no;
}

server::parking server::park_with_several(flow& f) noexcept {
  several& with = *f.several();
  // Whoever takes the flow away waits for this before it touches anything else of it.
  const core::futex_guard parking_it(several_guard_);
  int error = 0;
  if (with.level && with.ready_now(error)) {
    f.error = error;
    return parking::needless;
  }
  with.told = f.told;
  f.claimable.store(true, std::memory_order_relaxed);
  if (with.deadline != never) arm(f, with.deadline);
  bool told = false;
  bool doomed = false;
  for (one_of_several& each : with.all()) {
    int answer;
    do {
      answer = readiness_.wait(each, [&] {
        doomed = core::destroying();
        told = stopping() && !with.told;
        return !doomed && !told;
      });
      // What the slot remembers may be an old edge: a node that may block is called only for what is there now.
    } while (answer == core::readiness::kReady && with.level && !with.ready_now(error));
    if (answer == core::readiness::kWaits) continue;
    // Taken away already: somebody waits for us to come to the end.
    if (!f.claimable.exchange(false)) return parking::done;
    leave_several(f);
    if (f.timed) disarm(f);
    f.error = answer > 0 ? answer : 0;
    if (told) f.told = true;
    return doomed ? parking::doomed : parking::needless;
  }
  return parking::done;
}

void server::leave_several(flow& f) noexcept {
  for (one_of_several& each : f.several()->all()) readiness_.leave(each);
}

void server::forget_several(flow& f) noexcept {
  delete f.several();
  f.set_several(nullptr);
}

bool server::still_ready(flow& f) noexcept {
  const bool as_it_is = !f.several()->level || f.error != 0 || f.told != f.several()->told;
  int error = 0;
  if (as_it_is || f.several()->ready_now(error)) {
    if (error != 0) f.error = error;
    forget_several(f);
    return true;
  }
  if (park_with_several(f) == parking::done) return false;
  // What was to be destroyed will be, when it parks next.
  forget_several(f);
  return true;
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
  f.set_wanted(&l);
  note_parking(f);
  // Queued, the flow is its lock's: nothing of it is touched any more.
  if (!server_.queue_for(f, l, how, deadline)) return parked::yes;
  note_resumed(f);
  f.set_wanted(nullptr);
  core::note_acquired(&l, how == mode::read);
  return parked::no;
}

bool server::queue_for(flow& f, lock& l, mode how, instant deadline) noexcept {
  f.timed = false;
  if (deadline == never) return l.acquire_or_queue(f, how);
  // Its deadline finds the flow by the queue of the lock, so it must not be found before it is there.
  const core::futex_guard held(timers_guard_);
  f.timed = true;
  timers_.arm(f, deadline);
  if (deadline < sleeps_until_.load(std::memory_order_relaxed)) readiness_.interrupt();
  if (!l.acquire_or_queue(f, how)) return false;
  timers_.cancel(f);
  f.timed = false;
  return true;
}

void worker::wake_granted(core::lock_waiter* granted) noexcept { server_.wake_granted(granted); }

void server::wake_granted(core::lock_waiter* granted) noexcept {
  while (granted != nullptr) {
    // Once woken it may be gone, with the link.
    core::lock_waiter* const next = granted->next;
    auto& f = static_cast<flow&>(*granted);
    if (f.timed) disarm(f);
    make_ready(f);
    granted = next;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Deadlines

void server::arm(flow& f, instant deadline) noexcept {
  const core::futex_guard held(timers_guard_);
  f.timed = true;
  timers_.arm(f, deadline);
  if (deadline < sleeps_until_.load(std::memory_order_relaxed)) readiness_.interrupt();
}

void server::disarm(flow& f) noexcept {
  const core::futex_guard held(timers_guard_);
  timers_.cancel(f);
  f.timed = false;
}

// ---------------------------------------------------------------------------------------------------------------------
// The queue

parked worker::yield_slowly(flow& f) noexcept {
  if (core::destroying()) return claimed();
  if (!server_.queue_.anybody_ready() || (f.activation && server_.sources_[f.source]->has_thread)) {
    steps_at_start_ = steps_;
    return parked::no;
  }
  note_parking(f);
  server_.queue_.push(f);
  return parked::yes;
}

void server::make_ready(flow& f) noexcept {
  if (f.activation && sources_[f.source]->has_thread) [[unlikely]] {
    source& s = *sources_[f.source];
    s.woken.store(&f, std::memory_order_seq_cst);
    s.woken_changed.notify();
    return;
  }
  queue_.push(f);
}

// ---------------------------------------------------------------------------------------------------------------------
// Running

worker::fate worker::run(flow& f) noexcept {
  // Afterwards the flow may be gone.
  const bool activation = f.activation;
  const std::uint16_t of = f.source;
  if (f.fresh) server_.first_run(f);
  const bool doomed = core::destroying() || (activation && stopping() && !server::listens(*server_.sources_[f.source]));
  if (f.several() != nullptr) {
    if (doomed) {
      server::forget_several(f);
    } else if (!server_.still_ready(f)) {
      return fate::parked;
    }
  }
  note_resumed(f);
  if (lock* const waited_for = f.wanted(); waited_for != nullptr) {
    f.set_wanted(nullptr);
    const mode how = f.mode;
    if (f.error == 0) core::note_acquired(waited_for, how == mode::read);
    if (observed_) note_granted(f, *waited_for, how);
    // Granted, but the record does not know yet.
    if (doomed && f.error == 0) release(f, {waited_for, how});
  }
  fate_ = fate::claimed;
  if (!doomed) {
    steps_at_start_ = steps_;
    fate_ = fate::parked;
    server_.program_.step(*this, f);
  }
  source* const activated = activation && fate_ != fate::parked ? server_.sources_[of].get() : nullptr;
  if (fate_ == fate::claimed) server_.abandon_flow(*this, f);
  if (activated != nullptr) server_.set_engaged(*activated, false);
  return fate_;
}

void worker::note_parking([[maybe_unused]] flow& f) noexcept {
  if (observed_) note_parked(f);
#ifdef FLUX_THREAD_SANITIZER
  for (const auto& each : server_.program_.held(f)) core::note_release(each.lock, each.mode == mode::read);
#endif
}

void worker::note_resumed([[maybe_unused]] flow& f) noexcept {
#ifdef FLUX_THREAD_SANITIZER
  for (const auto& each : server_.program_.held(f)) core::note_acquired(each.lock, each.mode == mode::read);
#endif
}

flux::flow* worker::fresh(flow& f) noexcept { return server_.make_record(*server_.sources_[f.source], false); }

void worker::spawn(flow&, flux::flow& started) noexcept { server_.start_flow(*this, static_cast<flow&>(started)); }

void worker::end(flow& f, ending how) noexcept {
  fate_ = fate::ended;
  if (f.activation && how == ending::failed) {
    source& s = *server_.sources_[f.source];
    // What it failed with first counts: its handler may have changed the record's error.
    if (s.outcome == 0) s.outcome = f.error == 0 ? ECANCELED : f.error;
    // Some node was called after the failure.
    s.handled = s.failed_by != nullptr && (s.failed_by != this || s.failed_at != steps_);
  }
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
  if (source& s = *server_.sources_[f.source]; f.activation && s.outcome == 0) {
    s.outcome = f.error;
    s.failed_by = this;
    s.failed_at = steps_;
  }
  server_.observers_->counts.node_failed(node, f.error);
}

}  // namespace flux::pool
