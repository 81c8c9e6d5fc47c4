// The futex system call. Private to the process; deadlines are absolute, so a spurious return costs no drift.
#include "core/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

#include "core/clock.hpp"

namespace flux::core {

void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected, instant deadline) noexcept {
  static_assert(sizeof word == sizeof expected);
  timespec time{};
  if (deadline != never) time = to_timespec(deadline < 0 ? 0 : deadline);
  ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, expected, deadline == never ? nullptr : &time, nullptr, FUTEX_BITSET_MATCH_ANY);
}

void futex_wake(const std::atomic<std::uint32_t>& word, int count) noexcept {
  ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

void futex_mutex::lock_slowly() noexcept {
  // What it guards takes less than a system call, so a holder that runs is worth a short look.
  for (int tries = 0; tries < 40; ++tries) {
    std::uint32_t expected = 0;
    if (word_.load(std::memory_order_relaxed) == 0 && word_.compare_exchange_weak(expected, 1, std::memory_order_acquire)) return;
  }
  while (word_.exchange(2, std::memory_order_acquire) != 0) futex_wait(word_, 2, never);
}

bool event_count::passed(instant deadline) noexcept { return deadline != never && now() >= deadline; }

void event_count::wake() noexcept {
  sequence_.fetch_add(1, std::memory_order_seq_cst);
  futex_wake(sequence_, INT_MAX);
}

}  // namespace flux::core
