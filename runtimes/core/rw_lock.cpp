// The queue of a lock: reached only where somebody waits.
#include "core/rw_lock.hpp"

namespace flux::core {

bool rw_lock::acquire_or_queue(lock_waiter& waiter, mode how) noexcept {
  const futex_guard held(guard_);
  waiter.mode = how;
  waiter.queued = true;
  waiter.next = nullptr;
  waiter.previous = last_;
  (last_ == nullptr ? first_ : last_->next) = &waiter;
  last_ = &waiter;
  // From here on nobody gets it without the queue, so what is free now stays free: look again, or the last release was missed.
  state_.fetch_or(kQueued, std::memory_order_acquire);
  // Only this waiter can be granted: whoever is before it could not be (invariant 3), unless the last release has just happened and
  // its holder is on its way here; then it does the granting.
  if (first_ != &waiter) return false;
  return grant() == &waiter;
}

lock_waiter* rw_lock::release_writer() noexcept {
  const futex_guard held(guard_);
  state_.fetch_and(~kWriter, std::memory_order_release);
  return grant();
}

lock_waiter* rw_lock::release_holder(std::uint32_t before) noexcept {
  // Only the last reader makes way, or the unit that a full pool was short of.
  if (before >= 2 * kReader && (before & kFull) == 0) return nullptr;
  const futex_guard held(guard_);
  return grant();
}

lock_waiter* rw_lock::grant() noexcept {
  lock_waiter* granted = nullptr;
  lock_waiter** end = &granted;
  while (first_ != nullptr) {
    lock_waiter& waiter = *first_;
    const std::uint32_t seen = state_.load(std::memory_order_acquire);
    const bool free = waiter.mode == mode::write ? seen < kReader && (seen & kWriter) == 0 : (seen & (kWriter | kFull)) == 0;
    if (!free) break;
    // While the queue bit is set, others change the state only by taking holders away, so free stays free.
    state_.fetch_add(waiter.mode == mode::write ? kWriter : kReader, std::memory_order_acquire);
    unlink(waiter);
    *end = &waiter;
    end = &waiter.next;
  }
  *end = nullptr;
  return granted;
}

rw_lock::cancelled rw_lock::cancel(lock_waiter& waiter) noexcept {
  const futex_guard held(guard_);
  if (!waiter.queued) return {.left = false, .granted = nullptr};
  unlink(waiter);
  return {.left = true, .granted = grant()};
}

void rw_lock::unlink(lock_waiter& waiter) noexcept {
  (waiter.previous == nullptr ? first_ : waiter.previous->next) = waiter.next;
  (waiter.next == nullptr ? last_ : waiter.next->previous) = waiter.previous;
  waiter.next = waiter.previous = nullptr;
  waiter.queued = false;
  if (first_ == nullptr) state_.fetch_and(~kQueued, std::memory_order_relaxed);
}

}  // namespace flux::core
