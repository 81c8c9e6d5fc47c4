// Placing timers, and moving them down as time goes by.
#include "core/timer_wheel.hpp"

#include <bit>

namespace flux::core {

timer_wheel::timer_wheel(instant start) noexcept : now_(static_cast<std::uint64_t>(start) >> kUnitBits) {
  for (auto& level : slots_) {
    for (list& each : level) each.head.next = each.head.previous = &each.head;
  }
}

std::uint64_t timer_wheel::units(instant due) noexcept {
  constexpr instant kRound = (instant{1} << kUnitBits) - 1;
  constexpr instant kLast = never - kRound;
  return static_cast<std::uint64_t>((due > kLast ? kLast : due < 0 ? 0 : due) + kRound) >> kUnitBits;
}

void timer_wheel::link(list& into, timer& t) noexcept {
  t.next = &into.head;
  t.previous = into.head.previous;
  t.previous->next = &t;
  into.head.previous = &t;
}

void timer_wheel::place(timer& t) noexcept {
  std::uint64_t at = units(t.due);
  // What is due already goes into the next slot, so that only `advance` hands out timers.
  if (at <= now_) at = now_ + 1;
  auto level = static_cast<std::size_t>((63 - std::countl_zero(at ^ now_)) / kSlotBits);
  if (level >= kLevels) {
    // Further than the wheel reaches: it goes as far as it can, and is placed anew there.
    level = kLevels - 1;
    at = now_ | ((std::uint64_t{1} << (kLevels * kSlotBits)) - 1);
  }
  const std::size_t slot = (at >> (level * kSlotBits)) % kSlots;
  link(slots_[level][slot], t);
  used_[level] |= std::uint64_t{1} << slot;
}

void timer_wheel::arm(timer& t, instant due) noexcept {
  t.due = due;
  place(t);
}

void timer_wheel::cancel(timer& t) noexcept {
  if (!t.armed()) return;
  // A slot that becomes empty keeps its bit: `advance` finds nothing there, which costs less than looking for the slot here.
  t.previous->next = t.next;
  t.next->previous = t.previous;
  t.next = t.previous = nullptr;
}

instant timer_wheel::next() const noexcept {
  for (std::size_t level = 0; level < kLevels; ++level) {
    const std::size_t shift = level * kSlotBits;
    const std::uint64_t here = now_ >> shift;
    // On a level all timers lie behind the present slot and before the end of the round.
    const std::uint64_t passed = (std::uint64_t{2} << (here % kSlots)) - 1;
    const std::uint64_t ahead = used_[level] & ~passed;
    if (ahead == 0) continue;
    const auto slot = static_cast<std::uint64_t>(std::countr_zero(ahead));
    return static_cast<instant>((((here & ~(kSlots - 1)) | slot) << shift) << kUnitBits);
  }
  return never;
}

timer* timer_wheel::advance(instant time) noexcept {
  const std::uint64_t until = static_cast<std::uint64_t>(time) >> kUnitBits;
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
        timer& t = *each.head.next;
        cancel(t);
        link(taken, t);
      }
    }
  }
  now_ = until;
  timer* first = nullptr;
  timer** end = &first;
  while (taken.head.next != &taken.head) {
    timer& t = *taken.head.next;
    cancel(t);
    if (units(t.due) <= until) {
      *end = &t;
      end = &t.next;
    } else {
      place(t);
    }
  }
  *end = nullptr;
  return first;
}

}  // namespace flux::core
