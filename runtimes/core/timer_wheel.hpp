// Deadlines by the thousand: arming and cancelling are a few instructions and never allocate. Knows no clock and wakes nobody.
#ifndef FLUX_CORE_TIMER_WHEEL_HPP
#define FLUX_CORE_TIMER_WHEEL_HPP

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/contract.hpp"

namespace flux::core {

// The unit of time of a wheel: 2^20 ns.
inline constexpr int kWheelUnitBits = 20;

// Rounded up, so that a timer is never early.
[[nodiscard]] constexpr std::uint64_t wheel_units(instant due) noexcept {
  constexpr instant kRound = (instant{1} << kWheelUnitBits) - 1;
  constexpr instant kLast = never - kRound;
  return static_cast<std::uint64_t>((due > kLast ? kLast : due < 0 ? 0 : due) + kRound) >> kWheelUnitBits;
}

// A wheel of whatever has two links: `Entry::link` is what has them (`next`, `previous`), `Entry::units(link, now)` when it is due, in units.
//
// Thread safety: one thread at a time; the owner guards it.
//
// Levels of 64 slots; a slot of level n is 64 times as long as one of level n - 1. A timer lies on the level of the highest six bits in
// which its time differs from the wheel's, so it moves down at most once a level, and what lies on a lower level is due earlier.
//
// Time is counted in units of about a millisecond, rounded up: a timer is never early and at most two units late. One whose time was moved
// on while it was armed is placed anew when its old time has come.
template <typename Entry>
class wheel_of {
 public:
  using link = typename Entry::link;

  // `start`: a time that no timer is due before.
  explicit wheel_of(instant start) noexcept : now_(static_cast<std::uint64_t>(start) >> kWheelUnitBits) {
    for (auto& level : slots_) {
      for (list& each : level) each.head.next = each.head.previous = &each.head;
    }
  }
  wheel_of(const wheel_of&) = delete;
  wheel_of& operator=(const wheel_of&) = delete;

  // In units: everything before it has been taken out.
  [[nodiscard]] std::uint64_t now() const noexcept { return now_; }

  // REQUIRES: not armed.
  void place(link& t) noexcept {
    std::uint64_t at = Entry::units(t, now_);
    // What is due already goes into the next slot, so that only `advance` hands out timers.
    if (at <= now_) at = now_ + 1;
    auto level = static_cast<std::size_t>((63 - std::countl_zero(at ^ now_)) / kSlotBits);
    if (level >= kLevels) {
      // Further than the wheel reaches: it goes as far as it can, and is placed anew there.
      level = kLevels - 1;
      at = now_ | ((std::uint64_t{1} << (kLevels * kSlotBits)) - 1);
    }
    const std::size_t slot = (at >> (level * kSlotBits)) % kSlots;
    append(slots_[level][slot], t);
    used_[level] |= std::uint64_t{1} << slot;
  }

  // REQUIRES: armed.
  void remove(link& t) noexcept {
    // A slot that becomes empty keeps its bit: `advance` finds nothing there, which costs less than looking for the slot here.
    t.previous->next = t.next;
    t.next->previous = t.previous;
    t.next = t.previous = nullptr;
  }

  // The earliest time at which `advance` may have something to do: no later than the first timer is due.
  [[nodiscard]] instant next() const noexcept {
    for (std::size_t level = 0; level < kLevels; ++level) {
      const std::size_t shift = level * kSlotBits;
      const std::uint64_t here = now_ >> shift;
      // On a level all timers lie behind the present slot and before the end of the round.
      const std::uint64_t passed = (std::uint64_t{2} << (here % kSlots)) - 1;
      const std::uint64_t ahead = used_[level] & ~passed;
      if (ahead == 0) continue;
      const auto slot = static_cast<std::uint64_t>(std::countr_zero(ahead));
      return static_cast<instant>((((here & ~(kSlots - 1)) | slot) << shift) << kWheelUnitBits);
    }
    return never;
  }

  // Takes out what is due at `now` and returns it, linked by `next`, none of it armed any more but for that link.
  // The caller reads `next` and then sets it to null.
  [[nodiscard]] link* advance(instant time) noexcept {
    const std::uint64_t until = static_cast<std::uint64_t>(time) >> kWheelUnitBits;
    if (until <= now_) return nullptr;
    list taken;
    taken.head.next = taken.head.previous = &taken.head;
    for (std::size_t level = 0; level < kLevels; ++level) {
      const std::size_t shift = level * kSlotBits;
      const std::uint64_t from = now_ >> shift;
      const std::uint64_t to = until >> shift;
      if (from == to) break;
      // The slots from..to of this level, all of them where a round ended.
      const std::uint64_t passed = (std::uint64_t{2} << (from % kSlots)) - 1;
      const bool same_round = from / kSlots == to / kSlots;
      std::uint64_t due = used_[level] & ~passed;
      if (same_round) due &= (std::uint64_t{2} << (to % kSlots)) - 1;
      used_[level] &= ~due;
      for (; due != 0; due &= due - 1) {
        list& each = slots_[level][std::countr_zero(due)];
        while (each.head.next != &each.head) {
          link& t = *each.head.next;
          remove(t);
          append(taken, t);
        }
      }
    }
    now_ = until;
    link* first = nullptr;
    link** end = &first;
    while (taken.head.next != &taken.head) {
      link& t = *taken.head.next;
      remove(t);
      if (Entry::units(t, now_) <= until) {
        *end = &t;
        end = &t.next;
      } else {
        place(t);
      }
    }
    *end = nullptr;
    return first;
  }

 private:
  static constexpr int kSlotBits = 6;
  static constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
  // 2^(20 + 7 × 6) ns: 146 years.
  static constexpr std::size_t kLevels = 7;

  struct list {
    link head;
  };

  static void append(list& into, link& t) noexcept {
    t.next = &into.head;
    t.previous = into.head.previous;
    t.previous->next = &t;
    into.head.previous = &t;
  }

  std::uint64_t now_;
  std::uint64_t used_[kLevels] = {};
  list slots_[kLevels][kSlots];
};

// A deadline that is armed, or not. Lives in whatever waits.
struct timer {
  timer* next = nullptr;
  timer* previous = nullptr;
  instant due = never;

  [[nodiscard]] bool armed() const noexcept { return next != nullptr; }
};

struct timer_entry {
  using link = timer;
  [[nodiscard]] static std::uint64_t units(const timer& t, std::uint64_t) noexcept { return wheel_units(t.due); }
};

// A wheel of those.
class timer_wheel : private wheel_of<timer_entry> {
 public:
  explicit timer_wheel(instant start) noexcept : wheel_of(start) {}

  static constexpr int kUnitBits = kWheelUnitBits;

  // REQUIRES: not armed.
  void arm(timer& t, instant due) noexcept {
    t.due = due;
    place(t);
  }

  // Does nothing where it is not armed.
  void cancel(timer& t) noexcept {
    if (t.armed()) remove(t);
  }

  using wheel_of::advance;
  using wheel_of::next;
};

}  // namespace flux::core

#endif
