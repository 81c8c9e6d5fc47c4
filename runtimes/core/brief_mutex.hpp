// A mutex for a few instructions that are run very often: free again with a plain store.
#ifndef FLUX_CORE_BRIEF_MUTEX_HPP
#define FLUX_CORE_BRIEF_MUTEX_HPP

#include <atomic>
#include <cstdint>

#include "core/futex.hpp"

namespace flux::core {

// Thread safety: every member may be called from any thread; unlock by the one that locked.
//
// A futex_mutex is freed with an atomic exchange, to learn whether anybody sleeps; half of what it costs. Here that is read after the store,
// and the two may pass each other: then one who has just gone to sleep is not woken. So nobody sleeps for longer than kLongestSleep.
// It outlives everybody's unlock: for one that goes with what it guards, as the queue of a lock does, take a futex_mutex.
class brief_mutex {
 public:
  constexpr brief_mutex() noexcept = default;
  brief_mutex(const brief_mutex&) = delete;
  brief_mutex& operator=(const brief_mutex&) = delete;

  // Blocks until it is held.
  void lock() noexcept {
    std::uint32_t expected = 0;
    if (!held_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed)) [[unlikely]] lock_slowly();
  }

  // Never blocks.
  void unlock() noexcept {
    held_.store(0, std::memory_order_release);
    if (sleepers_.load(std::memory_order_relaxed) != 0) [[unlikely]] futex_wake(held_, 1);
  }

 private:
  static constexpr instant kLongestSleep = 1'000'000;

  void lock_slowly() noexcept;

  std::atomic<std::uint32_t> held_{0};
  std::atomic<std::uint32_t> sleepers_{0};
};

using brief_guard = guard_of<brief_mutex>;

}  // namespace flux::core

#endif
