// The mutex excludes, the event count loses no wake-up, deadlines pass.
#include "core/futex.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/clock.hpp"

using namespace flux::core;

TEST_CASE("the mutex excludes") {
  futex_mutex mutex;
  long count = 0;
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; ++index) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20'000; ++round) {
        const futex_guard held(mutex);
        ++count;
      }
    });
  }
  for (std::thread& each : threads) each.join();
  CHECK(count == 80'000);
}

TEST_CASE("an event count answers at its deadline") {
  event_count event;
  const flux::instant start = now();
  CHECK_FALSE(event.wait([] { return false; }, start + 20 * kMillisecond));
  const flux::instant took = now() - start;
  CHECK(took >= 20 * kMillisecond);
  CHECK(took < kSecond);
}

TEST_CASE("no wake-up of an event count is lost") {
  // Two threads hand a turn to each other; a lost wake-up would stop both.
  event_count event;
  std::atomic<int> turn{0};
  constexpr int kTurns = 20'000;
  const auto play = [&](int parity) {
    for (int mine = parity; mine < kTurns; mine += 2) {
      REQUIRE(event.wait([&] { return turn.load(std::memory_order_seq_cst) == mine; }, now() + 30 * kSecond));
      turn.store(mine + 1, std::memory_order_seq_cst);
      event.notify();
    }
  };
  std::thread other(play, 1);
  play(0);
  other.join();
  CHECK(turn.load() == kTurns);
}
