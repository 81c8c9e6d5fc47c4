// The order in which a lock is granted, and that nobody is lost or let in twice under load.
#include "core/rw_lock.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace {

using flux::mode;
using flux::core::lock_waiter;
using flux::core::rw_lock;

// Who was granted, in order.
std::vector<const lock_waiter*> all(lock_waiter* granted) {
  std::vector<const lock_waiter*> waiters;
  for (; granted != nullptr; granted = granted->next) waiters.push_back(granted);
  return waiters;
}

using waiters = std::vector<const lock_waiter*>;

}  // namespace

TEST_CASE("readers share, a writer excludes") {
  rw_lock lock{"cache", 0};
  CHECK(lock.try_acquire(mode::read));
  CHECK(lock.try_acquire(mode::read));
  CHECK_FALSE(lock.try_acquire(mode::write));
  CHECK(lock.release(mode::read) == nullptr);
  CHECK_FALSE(lock.try_acquire(mode::write));
  CHECK(lock.release(mode::read) == nullptr);
  CHECK(lock.try_acquire(mode::write));
  CHECK_FALSE(lock.try_acquire(mode::write));
  CHECK_FALSE(lock.try_acquire(mode::read));
  CHECK(lock.release(mode::write) == nullptr);
  CHECK(lock.try_acquire(mode::read));
}

TEST_CASE("a reader that comes after a waiting writer waits behind it") {
  rw_lock lock{"cache", 0};
  REQUIRE(lock.try_acquire(mode::read));
  lock_waiter writer;
  lock_waiter reader;
  lock_waiter second_reader;
  CHECK_FALSE(lock.acquire_or_queue(writer, mode::write));
  CHECK_FALSE(lock.try_acquire(mode::read));
  CHECK_FALSE(lock.acquire_or_queue(reader, mode::read));
  CHECK_FALSE(lock.acquire_or_queue(second_reader, mode::read));
  CHECK(all(lock.release(mode::read)) == waiters{&writer});
  // Both readers at once.
  CHECK(all(lock.release(mode::write)) == waiters{&reader, &second_reader});
  CHECK(lock.release(mode::read) == nullptr);
  CHECK(lock.release(mode::read) == nullptr);
  CHECK(lock.try_acquire(mode::write));
}

TEST_CASE("arrival order among writers and readers") {
  rw_lock lock{"cache", 0};
  REQUIRE(lock.try_acquire(mode::write));
  lock_waiter each[5];
  const mode wanted[5] = {mode::read, mode::write, mode::read, mode::read, mode::write};
  for (int index = 0; index < 5; ++index) CHECK_FALSE(lock.acquire_or_queue(each[index], wanted[index]));
  CHECK(all(lock.release(mode::write)) == waiters{&each[0]});
  CHECK(all(lock.release(mode::read)) == waiters{&each[1]});
  CHECK(all(lock.release(mode::write)) == waiters{&each[2], &each[3]});
  CHECK(all(lock.release(mode::read)).empty());
  CHECK(all(lock.release(mode::read)) == waiters{&each[4]});
  CHECK(lock.release(mode::write) == nullptr);
}

TEST_CASE("a writer that gives up lets the readers behind it in") {
  rw_lock lock{"cache", 0};
  REQUIRE(lock.try_acquire(mode::read));
  lock_waiter writer;
  lock_waiter reader;
  CHECK_FALSE(lock.acquire_or_queue(writer, mode::write));
  CHECK_FALSE(lock.acquire_or_queue(reader, mode::read));
  const auto given_up = lock.cancel(writer);
  CHECK(given_up.left);
  CHECK(all(given_up.granted) == waiters{&reader});
  CHECK(lock.release(mode::read) == nullptr);
  CHECK(lock.release(mode::read) == nullptr);
  // The queue is gone: the fast way is open again.
  CHECK(lock.try_acquire(mode::write));
}

TEST_CASE("one that was granted cannot give up") {
  rw_lock lock{"cache", 0};
  REQUIRE(lock.try_acquire(mode::write));
  lock_waiter reader;
  CHECK_FALSE(lock.acquire_or_queue(reader, mode::read));
  CHECK(all(lock.release(mode::write)) == waiters{&reader});
  CHECK_FALSE(lock.cancel(reader).left);
  CHECK(lock.release(mode::read) == nullptr);
}

TEST_CASE("a free lock is granted on the slow way too") {
  rw_lock lock{"cache", 0};
  lock_waiter writer;
  CHECK(lock.acquire_or_queue(writer, mode::write));
  CHECK(lock.release(mode::write) == nullptr);
}

TEST_CASE("under load readers never meet a writer and nobody is lost") {
  constexpr int kThreads = 8;
  constexpr int kRounds = 4000;
  rw_lock lock{"cache", 0};
  std::atomic<int> readers{0};
  std::atomic<int> writers{0};
  std::atomic<int> wrong{0};
  long written = 0;
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
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([&, index] {
      for (int round = 0; round < kRounds; ++round) {
        const mode how = (round + index) % 3 == 0 ? mode::write : mode::read;
        if (!lock.try_acquire(how)) {
          waiting me;
          if (!lock.acquire_or_queue(me, how)) {
            bool gave_up = false;
            for (int tries = 0; !me.granted.load(std::memory_order_acquire); ++tries) {
              std::this_thread::yield();
              if (tries == 20 && round % 5 == 0) {
                const auto given_up = lock.cancel(me);
                wake(given_up.granted);
                gave_up = given_up.left;
                if (gave_up) break;
              }
            }
            if (gave_up) continue;
          }
        }
        if (how == mode::write) {
          wrong += writers.fetch_add(1) != 0 || readers.load() != 0;
          ++written;
          writers.fetch_sub(1);
        } else {
          readers.fetch_add(1);
          wrong += writers.load() != 0;
          readers.fetch_sub(1);
        }
        wake(lock.release(how));
      }
    });
  }
  for (std::thread& each : threads) each.join();
  CHECK(wrong.load() == 0);
  CHECK(written > 0);
  CHECK(lock.try_acquire(mode::write));
}
