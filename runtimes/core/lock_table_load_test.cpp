// Locks by key from many threads: a plain counter a key is right in the end, and nothing stays behind.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "core/keys.hpp"
#include "core/lock_table.hpp"
#include "core/rw_lock.hpp"
#include "core/sanitizers.hpp"

namespace {

using flux::mode;
using flux::core::lock_table;
using flux::core::lock_waiter;
using flux::core::rw_lock;

// What a flow does at a lock, with its thread for a place to wait.
struct waiting : lock_waiter {
  std::atomic<bool> granted{false};
};

void wake(lock_waiter* granted) {
  while (granted != nullptr) {
    lock_waiter* const next = granted->next;
    static_cast<waiting*>(granted)->granted.store(true, std::memory_order_release);
    granted = next;
  }
}

// False: it gave up after `patience` looks.
bool acquire(rw_lock& lock, mode how, int patience) {
  if (!lock.try_acquire(how)) {
    waiting me;
    if (!lock.acquire_or_queue(me, how)) {
      for (int looks = 0; !me.granted.load(std::memory_order_acquire); ++looks) {
        std::this_thread::yield();
        if (looks != patience) continue;
        const auto given_up = lock.cancel(me);
        wake(given_up.granted);
        if (given_up.left) return false;
      }
    }
  }
  flux::core::note_acquired(&lock, how == mode::read);
  return true;
}

void release(rw_lock& lock, mode how) {
  flux::core::note_release(&lock, how == mode::read);
  wake(lock.release(how));
}

constexpr int kThreads = 8;

template <typename Work>
void with_threads(Work work) {
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) threads.emplace_back([&work, index] { work(index); });
  for (std::thread& each : threads) each.join();
}

}  // namespace

TEST_CASE("a counter for each key is right, however flows come, wait and give up") {
  constexpr int kRounds = 3000;
  constexpr std::size_t kKeys = 12;
  static lock_table<rw_lock, std::int64_t> table{"cart", 0};
  // No atomics: the locks alone keep them right.
  std::array<long, kKeys> counters{};
  std::array<std::atomic<long>, kKeys> expected{};
  std::atomic<int> wrong{0};
  std::atomic<int> gave_up{0};
  // One key is held until somebody has given up on it: the first thread never waits for long.
  rw_lock& held = *table.borrow(0).lock;
  REQUIRE(held.try_acquire(mode::write));
  std::thread holder([&] {
    while (gave_up.load() == 0) std::this_thread::yield();
    ++counters[0];
    ++expected[0];
    flux::core::note_acquired(&held, false);
    release(held, mode::write);
    table.give_back(held);
  });
  with_threads([&](int index) {
    std::mt19937 random(static_cast<unsigned>(index));
    for (int round = 0; round < kRounds; ++round) {
      const std::size_t key = random() % kKeys;
      const mode how = random() % 4 == 0 ? mode::read : mode::write;
      rw_lock* const lock = table.borrow(static_cast<std::int64_t>(key)).lock;
      if (!acquire(*lock, how, index == 0 || round % 3 == 0 ? 5 : -1)) {
        ++gave_up;
        table.give_back(*lock);
        continue;
      }
      const long before = counters[key];
      if (round % 8 == 0) std::this_thread::yield();
      if (how == mode::write) {
        counters[key] = before + 1;
        ++expected[key];
      } else {
        wrong += counters[key] != before;
      }
      release(*lock, how);
      table.give_back(*lock);
    }
  });
  holder.join();
  CHECK(wrong.load() == 0);
  for (std::size_t key = 0; key < kKeys; ++key) CHECK(counters[key] == expected[key].load());
  CHECK(table.in_use() == 0);
  table.trim();
  CHECK(table.bytes() == 0);
}

TEST_CASE("flows that hold two keys in order, and now and then the class, neither stop nor meet") {
  constexpr int kRounds = 1500;
  // So many that keys of one shard have each other's memory: ThreadSanitizer must not take them for the locks that were there before.
  constexpr std::size_t kKeys = 64;
  static rw_lock whole{"account", 0};
  static lock_table<rw_lock, std::int64_t> keys{"account", 1};
  static rw_lock pool{"db", 2, 2};
  std::array<long, kKeys> balance{};
  std::atomic<int> wrong{0};
  std::atomic<int> inside{0};
  with_threads([&](int index) {
    std::mt19937 random(static_cast<unsigned>(index) + 100);
    for (int round = 0; round < kRounds; ++round) {
      if (random() % 16 == 0) {
        acquire(whole, mode::write, -1);
        long sum = 0;
        for (const long each : balance) sum += each;
        wrong += sum != 0;
        release(whole, mode::write);
        continue;
      }
      const std::int64_t from = random() % kKeys;
      const std::int64_t to = random() % kKeys;
      flux::core::wanted_key<std::int64_t> both[] = {{&from, mode::write}, {&to, mode::write}};
      const std::size_t count = flux::core::in_order<std::int64_t>(both).count;
      wrong += count != (from == to ? 1u : 2u);
      rw_lock* held[2];
      acquire(whole, mode::read, -1);
      for (std::size_t each = 0; each < count; ++each) {
        held[each] = keys.borrow(*both[each].key).lock;
        acquire(*held[each], mode::write, -1);
      }
      acquire(pool, mode::read, -1);
      wrong += ++inside > 2;
      --balance[static_cast<std::size_t>(from)];
      if (round % 8 == 0) std::this_thread::yield();
      ++balance[static_cast<std::size_t>(to)];
      --inside;
      release(pool, mode::read);
      for (std::size_t each = count; each-- > 0;) {
        release(*held[each], mode::write);
        keys.give_back(*held[each]);
      }
      release(whole, mode::read);
    }
  });
  CHECK(wrong.load() == 0);
  CHECK(keys.in_use() == 0);
  keys.trim();
}

TEST_CASE("a table that grows and shrinks under many hands lends each key once") {
  constexpr int kRounds = 40;
  constexpr std::int64_t kEach = 600;
  static lock_table<rw_lock, std::int64_t> table{"session", 0};
  std::atomic<int> wrong{0};
  with_threads([&](int index) {
    std::vector<rw_lock*> mine;
    for (int round = 0; round < kRounds; ++round) {
      // Half of them every thread's, half its own.
      for (std::int64_t key = 0; key < kEach; ++key) {
        mine.push_back(table.borrow(key % 2 == 0 ? key : (index + 1) * 1'000'000 + key).lock);
      }
      for (std::int64_t key = 1; key < kEach; key += 2) {
        rw_lock& own = *mine[static_cast<std::size_t>(key)];
        // Nobody else can have it.
        if (own.try_acquire(mode::write)) {
          wrong += own.release(mode::write) != nullptr;
        } else {
          ++wrong;
        }
      }
      for (rw_lock* const each : mine) table.give_back(*each);
      mine.clear();
    }
  });
  CHECK(wrong.load() == 0);
  CHECK(table.in_use() == 0);
  table.trim();
  CHECK(table.bytes() == 0);
}
