// Records are reused whoever gives them back, and aligned as asked.
#include "core/record_heap.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

using flux::core::record_heap;

TEST_CASE("no more memory is taken than there were records at once, though other threads give back") {
  record_heap heap(200, 16);
  std::set<void*> known;
  std::size_t after_warm_up = 0;
  for (int round = 0; round < 50; ++round) {
    std::vector<void*> taken;
    for (int index = 0; index < 100; ++index) taken.push_back(heap.take());
    known.insert(taken.begin(), taken.end());
    if (round == 10) after_warm_up = known.size();
    std::thread([&] {
      for (void* each : taken) heap.give_back(each);
    }).join();
  }
  CHECK(known.size() == after_warm_up);
  // Slabs double: less than twice what was needed.
  CHECK(known.size() < 200);
}

TEST_CASE("blocks are aligned and do not overlap") {
  for (const std::size_t alignment : {std::size_t{1}, std::size_t{8}, std::size_t{64}, std::size_t{128}}) {
    record_heap heap(72, alignment);
    std::vector<void*> taken;
    for (int index = 0; index < 40; ++index) {
      void* const block = heap.take();
      REQUIRE(block != nullptr);
      CHECK(reinterpret_cast<std::uintptr_t>(block) % alignment == 0);
      std::memset(block, index, 72);
      taken.push_back(block);
    }
    for (int index = 0; index < 40; ++index) {
      const auto* const bytes = static_cast<const unsigned char*>(taken[static_cast<std::size_t>(index)]);
      for (int byte = 0; byte < 72; ++byte) REQUIRE(bytes[byte] == index);
    }
  }
}

TEST_CASE("one thread takes while others give back") {
  record_heap heap(64, 8);
  std::atomic<void*> mail[3] = {};
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (auto& box : mail) {
    threads.emplace_back([&] {
      for (;;) {
        const bool last = stop.load();
        if (void* const block = box.exchange(nullptr)) {
          std::memset(block, 1, 64);
          heap.give_back(block);
        } else if (last) {
          return;
        } else {
          std::this_thread::yield();
        }
      }
    });
  }
  for (std::size_t round = 0; round < 10'000;) {
    void* const block = heap.take();
    REQUIRE(block != nullptr);
    std::memset(block, 2, 64);
    void* none = nullptr;
    if (mail[round % 3].compare_exchange_strong(none, block)) {
      ++round;
    } else {
      heap.give_back(block);
      std::this_thread::yield();
    }
  }
  stop = true;
  for (std::thread& each : threads) each.join();
}
