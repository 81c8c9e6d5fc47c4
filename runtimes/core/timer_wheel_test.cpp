// The wheel against a sorted list of the same deadlines.
#include "core/timer_wheel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <vector>

using flux::instant;
using flux::core::timer;
using flux::core::timer_wheel;

namespace {

constexpr instant kUnit = instant{1} << timer_wheel::kUnitBits;

std::vector<timer*> due_at(timer_wheel& wheel, instant now) {
  std::vector<timer*> all;
  for (timer* each = wheel.advance(now); each != nullptr;) {
    timer* const next = each->next;
    each->next = nullptr;
    all.push_back(each);
    each = next;
  }
  return all;
}

}  // namespace

TEST_CASE("a wheel: a timer is handed out once, not early, and at most two units late") {
  timer_wheel wheel(1'000 * kUnit);
  timer one;
  wheel.arm(one, 1'010 * kUnit + 5);
  CHECK(one.armed());
  CHECK(wheel.next() > 1'000 * kUnit);
  CHECK(wheel.next() <= 1'011 * kUnit);
  CHECK(due_at(wheel, 1'010 * kUnit).empty());
  CHECK(due_at(wheel, 1'012 * kUnit) == std::vector{&one});
  CHECK_FALSE(one.armed());
  CHECK(due_at(wheel, 5'000 * kUnit).empty());
}

TEST_CASE("a wheel: what is due already comes with the next unit, and what was cancelled never") {
  timer_wheel wheel(1'000 * kUnit);
  timer late;
  timer cancelled;
  wheel.arm(late, 3);
  wheel.arm(cancelled, 1'001 * kUnit);
  wheel.cancel(cancelled);
  wheel.cancel(cancelled);
  CHECK_FALSE(cancelled.armed());
  CHECK(due_at(wheel, 1'001 * kUnit) == std::vector{&late});
  CHECK(due_at(wheel, 90'000 * kUnit).empty());
  CHECK(wheel.next() == flux::never);
}

TEST_CASE("a wheel: further than it reaches, and never") {
  timer_wheel wheel(0);
  timer far;
  timer farthest;
  wheel.arm(far, flux::never - 1);
  wheel.arm(farthest, flux::never);
  CHECK(due_at(wheel, instant{1} << 60).empty());
  CHECK(far.armed());
  CHECK(farthest.armed());
}

TEST_CASE("a wheel does what a sorted list does, whatever is armed, cancelled and skipped") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    instant now = static_cast<instant>(random() % (instant{1} << 50));
    timer_wheel wheel(now);
    std::deque<timer> timers(400);
    std::map<timer*, instant> expected;
    for (int step = 0; step < 4'000; ++step) {
      timer& each = timers[random() % timers.size()];
      const int magnitude = static_cast<int>(random() % 45);
      if (expected.contains(&each)) {
        wheel.cancel(each);
        expected.erase(&each);
      } else {
        const instant due = now + static_cast<instant>(random() % (std::uint64_t{1} << magnitude));
        wheel.arm(each, due);
        expected.emplace(&each, due);
      }
      if (step % 7 != 0) continue;
      const instant first = expected.empty() ? flux::never : std::ranges::min_element(expected, {}, [](const auto& e) { return e.second; })->second;
      CHECK(wheel.next() <= (first == flux::never ? first : std::max(first, now) + 2 * kUnit));
      now += static_cast<instant>(random() % (std::uint64_t{1} << (random() % 42)));
      for (timer* const fired : due_at(wheel, now)) {
        REQUIRE(expected.contains(fired));
        CHECK(expected[fired] <= now);
        expected.erase(fired);
      }
      for (const auto& [left, due] : expected) CHECK(due > now - 2 * kUnit);
    }
  }
}

namespace {

struct movable {
  movable* next = nullptr;
  movable* previous = nullptr;
  std::uint64_t due = 0;
};

struct movable_entry {
  using link = movable;
  static std::uint64_t units(const movable& one, std::uint64_t) { return one.due; }
};

}  // namespace

TEST_CASE("a wheel of anything: one whose time is moved on while it is armed is placed anew when the old time comes") {
  flux::core::wheel_of<movable_entry> wheel(100 * kUnit);
  movable moved;
  movable stays;
  moved.due = 110;
  stays.due = 110;
  wheel.place(moved);
  wheel.place(stays);
  moved.due = 500;
  CHECK(wheel.next() <= 110 * kUnit);
  CHECK(wheel.advance(110 * kUnit) == &stays);
  CHECK(stays.next == nullptr);
  CHECK(wheel.advance(499 * kUnit) == nullptr);
  CHECK(wheel.advance(500 * kUnit) == &moved);
  // Taken out by hand, it is not handed out.
  moved.due = 600;
  wheel.place(moved);
  wheel.remove(moved);
  CHECK(wheel.advance(1000 * kUnit) == nullptr);
}
