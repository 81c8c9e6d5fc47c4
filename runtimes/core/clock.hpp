// The monotonic clock as the runtimes of real time see it.
#ifndef FLUX_CORE_CLOCK_HPP
#define FLUX_CORE_CLOCK_HPP

#include <time.h>

#include "core/contract.hpp"

namespace flux::core {

inline constexpr instant kMicrosecond = 1'000;
inline constexpr instant kMillisecond = 1'000'000;
inline constexpr instant kSecond = 1'000'000'000;

// About 20 ns: no system call. Never blocks.
[[nodiscard]] inline instant now() noexcept {
  timespec time;
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return instant{time.tv_sec} * kSecond + time.tv_nsec;
}

[[nodiscard]] inline timespec to_timespec(instant time) noexcept {
  return {.tv_sec = static_cast<time_t>(time / kSecond), .tv_nsec = static_cast<long>(time % kSecond)};
}

}  // namespace flux::core

#endif
