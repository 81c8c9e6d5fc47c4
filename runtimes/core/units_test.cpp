// A pool of units: no more than there are at once, in arrival order, and none lost.
#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "core/rw_lock.hpp"

namespace {

using flux::mode;
using flux::core::lock_waiter;
using flux::core::rw_lock;

using waiters = std::vector<const lock_waiter*>;

waiters all(lock_waiter* granted) {
  waiters each;
  for (; granted != nullptr; granted = granted->next) each.push_back(granted);
  return each;
}

}  // namespace

TEST_CASE("a pool has as many units as it says") {
  for (const std::uint32_t units : {1u, 2u, 8u, 1000u}) {
    rw_lock pool{"db", 0, units};
    for (std::uint32_t taken = 0; taken < units; ++taken) CHECK(pool.try_acquire(mode::read));
    CHECK_FALSE(pool.try_acquire(mode::read));
    CHECK(pool.release(mode::read) == nullptr);
    CHECK(pool.try_acquire(mode::read));
    CHECK_FALSE(pool.try_acquire(mode::read));
  }
}

TEST_CASE("the largest pool") {
  rw_lock pool{"db", 0, rw_lock::kMostUnits};
  CHECK(pool.try_acquire(mode::read));
  CHECK(pool.release(mode::read) == nullptr);
}

TEST_CASE("units go to those who wait, one each, in arrival order") {
  rw_lock pool{"db", 0, 2};
  REQUIRE(pool.try_acquire(mode::read));
  REQUIRE(pool.try_acquire(mode::read));
  lock_waiter each[3];
  for (lock_waiter& one : each) CHECK_FALSE(pool.acquire_or_queue(one, mode::read));
  CHECK(all(pool.release(mode::read)) == waiters{&each[0]});
  // Not the one that comes now, though a unit may be free in a moment.
  CHECK_FALSE(pool.try_acquire(mode::read));
  CHECK(all(pool.release(mode::read)) == waiters{&each[1]});
  CHECK(all(pool.release(mode::read)) == waiters{&each[2]});
  CHECK(pool.release(mode::read) == nullptr);
  CHECK(pool.release(mode::read) == nullptr);
  // As it was.
  CHECK(pool.try_acquire(mode::read));
  CHECK(pool.try_acquire(mode::read));
  CHECK_FALSE(pool.try_acquire(mode::read));
}

TEST_CASE("one that gives up waiting takes no unit along") {
  rw_lock pool{"db", 0, 1};
  REQUIRE(pool.try_acquire(mode::read));
  lock_waiter first;
  lock_waiter second;
  CHECK_FALSE(pool.acquire_or_queue(first, mode::read));
  CHECK_FALSE(pool.acquire_or_queue(second, mode::read));
  const auto given_up = pool.cancel(first);
  CHECK(given_up.left);
  CHECK(given_up.granted == nullptr);
  CHECK(all(pool.release(mode::read)) == waiters{&second});
  CHECK_FALSE(pool.cancel(second).left);
  CHECK(pool.release(mode::read) == nullptr);
  CHECK(pool.try_acquire(mode::read));
}

TEST_CASE("a free unit is granted on the slow way too") {
  rw_lock pool{"db", 0, 1};
  lock_waiter one;
  CHECK(pool.acquire_or_queue(one, mode::read));
  CHECK(pool.release(mode::read) == nullptr);
}

TEST_CASE("under load a pool is never overdrawn and nobody is lost") {
  constexpr std::uint32_t kThreads = 8;
  constexpr int kRounds = 4000;
  constexpr std::uint32_t kUnits = 3;
  rw_lock pool{"db", 0, kUnits};
  std::atomic<std::uint32_t> inside{0};
  std::atomic<int> overdrawn{0};
  std::atomic<std::uint32_t> most{0};
  struct waiting : lock_waiter {
    std::atomic<bool> granted{false};
  };
  const auto wake = [](lock_waiter* granted) {
    while (granted != nullptr) {
      lock_waiter* const next = granted->next;
      static_cast<waiting*>(granted)->granted.store(true, std::memory_order_release);
      granted = next;
    }
  };
  // That many do get in: each of the first holds its unit until all of them have one.
  std::latch full(kUnits);
  std::vector<std::thread> threads;
  for (std::uint32_t index = 0; index < kThreads; ++index) {
    threads.emplace_back([&, index] {
      for (int round = 0; round < kRounds; ++round) {
        if (!pool.try_acquire(mode::read)) {
          waiting me;
          if (!pool.acquire_or_queue(me, mode::read)) {
            bool gave_up = false;
            for (int tries = 0; !me.granted.load(std::memory_order_acquire); ++tries) {
              std::this_thread::yield();
              if (tries != 20 || round % 5 != 1) continue;
              const auto given_up = pool.cancel(me);
              wake(given_up.granted);
              gave_up = given_up.left;
              if (gave_up) break;
            }
            if (gave_up) continue;
          }
        }
        const std::uint32_t now = inside.fetch_add(1) + 1;
        overdrawn += now > kUnits;
        std::uint32_t before = most.load();
        while (before < now && !most.compare_exchange_weak(before, now)) {
        }
        if (round == 0 && index < kUnits) full.arrive_and_wait();
        if (round % 16 == 0) std::this_thread::yield();
        inside.fetch_sub(1);
        wake(pool.release(mode::read));
      }
    });
  }
  for (std::thread& each : threads) each.join();
  CHECK(overdrawn.load() == 0);
  CHECK(most.load() == kUnits);
  for (std::uint32_t taken = 0; taken < kUnits; ++taken) CHECK(pool.try_acquire(mode::read));
  CHECK_FALSE(pool.try_acquire(mode::read));
}
