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

// What the kernel's clock showed at its last tick, which is up to kTick ago. It does not read the processor's counter, and so costs a
// quarter of now(). Never blocks.
inline constexpr instant kTick = 10 * kMillisecond;
[[nodiscard]] inline instant recently() noexcept {
  timespec time;
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return instant{time.tv_sec} * kSecond + time.tv_nsec;
}

// When a limit of this length ends that begins now: never early; late by up to kTick if it is a second or more.
[[nodiscard]] inline instant deadline_after(instant length) noexcept { return length < kSecond ? now() + length : recently() + kTick + length; }

// Cheap as long as it is not close.
[[nodiscard]] inline bool reached(instant deadline) noexcept { return deadline - recently() <= kTick && now() >= deadline; }

[[nodiscard]] inline timespec to_timespec(instant time) noexcept {
  return {.tv_sec = static_cast<time_t>(time / kSecond), .tv_nsec = static_cast<long>(time % kSecond)};
}

}  // namespace flux::core

#endif
