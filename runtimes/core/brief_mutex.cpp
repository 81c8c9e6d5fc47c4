// Waiting for a brief_mutex: a look or two more, for its holder will be gone in a moment, unless the kernel has taken its core away.
#include "core/brief_mutex.hpp"

#include "core/clock.hpp"

namespace flux::core {

void brief_mutex::lock_slowly() noexcept {
  constexpr int kLooks = 50;
  for (int looks = 0; looks < kLooks; ++looks) {
    std::uint32_t expected = 0;
    if (held_.load(std::memory_order_relaxed) == 0 &&
        held_.compare_exchange_weak(expected, 1, std::memory_order_acquire, std::memory_order_relaxed)) {
      return;
    }
  }
  sleepers_.fetch_add(1, std::memory_order_seq_cst);
  for (;;) {
    std::uint32_t expected = 0;
    if (held_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed)) break;
    futex_wait(held_, 1, now() + kLongestSleep);
  }
  sleepers_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace flux::core
