// One at a time, and whoever sleeps is woken.
#include "core/brief_mutex.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <thread>
#include <vector>

using flux::core::brief_guard;
using flux::core::brief_mutex;

TEST_CASE("a plain counter under a brief mutex is right") {
  constexpr int kThreads = 8;
  constexpr int kRounds = 20'000;
  brief_mutex mutex;
  long counter = 0;
  std::latch begun(kThreads);
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([&] {
      begun.arrive_and_wait();
      for (int round = 0; round < kRounds; ++round) {
        const brief_guard held(mutex);
        ++counter;
        // Now and then the others see it held for long.
        if (round % 4096 == 0) std::this_thread::yield();
      }
    });
  }
  for (std::thread& each : threads) each.join();
  CHECK(counter == static_cast<long>(kThreads) * kRounds);
}

TEST_CASE("who sleeps because its holder lost the core goes on when it is free") {
  constexpr int kThreads = 4;
  brief_mutex mutex;
  std::atomic<int> through{0};
  mutex.lock();
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([&] {
      const brief_guard held(mutex);
      ++through;
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(through.load() == 0);
  mutex.unlock();
  for (std::thread& each : threads) each.join();
  CHECK(through.load() == kThreads);
}
