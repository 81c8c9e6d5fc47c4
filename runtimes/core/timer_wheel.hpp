// Deadlines by the thousand: arming and cancelling are a few instructions and never allocate. Knows no clock and wakes nobody.
#ifndef FLUX_CORE_TIMER_WHEEL_HPP
#define FLUX_CORE_TIMER_WHEEL_HPP

#include <cstddef>
#include <cstdint>

#include "core/contract.hpp"

namespace flux::core {

// A deadline that is armed, or not. Lives in whatever waits.
struct timer {
  timer* next = nullptr;
  timer* previous = nullptr;
  instant due = never;

  [[nodiscard]] bool armed() const noexcept { return next != nullptr; }
};

// Thread safety: one thread at a time; the owner guards it.
//
// Levels of 64 slots; a slot of level n is 64 times as long as one of level n - 1. A timer lies on the level of the highest six bits in
// which its time differs from the wheel's, so it moves down at most once a level, and what lies on a lower level is due earlier.
//
// Time is counted in units of about a millisecond, rounded up: a timer is never early and at most two units late.
class timer_wheel {
 public:
  // `start`: a time that no timer is due before.
  explicit timer_wheel(instant start) noexcept;
  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;

  // REQUIRES: not armed.
  void arm(timer& t, instant due) noexcept;

  // Does nothing where it is not armed.
  void cancel(timer& t) noexcept;

  // The earliest time at which `advance` may have something to do: no later than the first timer is due.
  [[nodiscard]] instant next() const noexcept;

  // Takes out what is due at `now` and returns it, linked by `next`, none of it armed any more but for that link.
  // The caller reads `next` and then sets it to null.
  [[nodiscard]] timer* advance(instant now) noexcept;

  // The unit of time: 2^20 ns.
  static constexpr int kUnitBits = 20;

 private:
  static constexpr int kSlotBits = 6;
  static constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
  // 2^(20 + 7 × 6) ns: 146 years.
  static constexpr std::size_t kLevels = 7;

  struct list {
    timer head;
  };

  [[nodiscard]] static std::uint64_t units(instant due) noexcept;
  void place(timer& t) noexcept;
  static void link(list& into, timer& t) noexcept;

  // Everything before it has been taken out.
  std::uint64_t now_;
  std::uint64_t used_[kLevels] = {};
  list slots_[kLevels][kSlots];
};

}  // namespace flux::core

#endif
