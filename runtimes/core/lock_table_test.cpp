// Locks by key: which flows share one, in which order they have it, and that it is gone when nobody uses it.
#include "core/lock_table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/rw_lock.hpp"

namespace {

using flux::mode;
using flux::core::lock_table;
using flux::core::lock_waiter;
using flux::core::rw_lock;

// All alike to the hash.
struct alike {
  int value;
  bool operator==(const alike&) const = default;
};

}  // namespace

template <>
struct std::hash<alike> {
  std::size_t operator()(const alike&) const noexcept { return 7; }
};

TEST_CASE("one lock a key, as long as somebody uses it") {
  lock_table<rw_lock, std::int64_t> table{"cart", 3};
  CHECK(table.bytes() == 0);
  rw_lock* const first = table.borrow(7).lock;
  REQUIRE(first != nullptr);
  CHECK(table.borrow(7).lock == first);
  rw_lock* const other = table.borrow(-7).lock;
  CHECK(other != first);
  CHECK(table.in_use() == 2);
  CHECK(first->name() == std::string("cart"));
  CHECK(first->rank() == 3);
  CHECK(first->try_acquire(mode::write));
  CHECK(other->try_acquire(mode::write));
  CHECK(first->release(mode::write) == nullptr);
  CHECK(other->release(mode::write) == nullptr);
  table.give_back(*first);
  CHECK(table.in_use() == 2);
  table.give_back(*first);
  CHECK(table.in_use() == 1);
  table.give_back(*other);
  CHECK(table.in_use() == 0);
  table.trim();
  CHECK(table.bytes() == 0);
}

TEST_CASE("flows of one key in arrival order, those of another beside them") {
  lock_table<rw_lock, std::string> table{"page", 0};
  rw_lock& held = *table.borrow("/index").lock;
  REQUIRE(held.try_acquire(mode::write));
  lock_waiter each[3];
  const mode wanted[3] = {mode::read, mode::read, mode::write};
  for (int index = 0; index < 3; ++index) {
    rw_lock* const mine = table.borrow("/index").lock;
    CHECK(mine == &held);
    CHECK_FALSE(mine->acquire_or_queue(each[index], wanted[index]));
  }
  rw_lock& beside = *table.borrow("/about").lock;
  CHECK(beside.try_acquire(mode::write));
  CHECK(beside.release(mode::write) == nullptr);
  table.give_back(beside);

  lock_waiter* granted = held.release(mode::write);
  table.give_back(held);
  // Lent still, to those who now have it and to the one behind them.
  CHECK(table.in_use() == 1);
  CHECK(granted == &each[0]);
  CHECK(granted->next == &each[1]);
  CHECK(held.release(mode::read) == nullptr);
  table.give_back(held);
  granted = held.release(mode::read);
  table.give_back(held);
  CHECK(granted == &each[2]);
  CHECK(table.in_use() == 1);
  CHECK(held.release(mode::write) == nullptr);
  table.give_back(held);
  CHECK(table.in_use() == 0);
  table.trim();
}

TEST_CASE("one that gives up waiting gives its loan back, one that was granted in between has the lock") {
  lock_table<rw_lock, std::int64_t> table{"cart", 0};
  rw_lock& lock = *table.borrow(1).lock;
  REQUIRE(lock.try_acquire(mode::write));
  lock_waiter patient;
  lock_waiter hasty;
  REQUIRE(table.borrow(1).lock == &lock);
  CHECK_FALSE(lock.acquire_or_queue(hasty, mode::write));
  REQUIRE(table.borrow(1).lock == &lock);
  CHECK_FALSE(lock.acquire_or_queue(patient, mode::write));
  const auto gave_up = lock.cancel(hasty);
  CHECK(gave_up.left);
  CHECK(gave_up.granted == nullptr);
  table.give_back(lock);
  CHECK(table.in_use() == 1);
  CHECK(lock.release(mode::write) == &patient);
  table.give_back(lock);
  CHECK_FALSE(lock.cancel(patient).left);
  CHECK(table.in_use() == 1);
  // Who comes now waits for it.
  CHECK(table.borrow(1).lock == &lock);
  CHECK_FALSE(lock.try_acquire(mode::read));
  table.give_back(lock);
  CHECK(lock.release(mode::write) == nullptr);
  table.give_back(lock);
  CHECK(table.in_use() == 0);
  table.trim();
}

TEST_CASE("a writer of the whole class between two keys of one flow") {
  rw_lock whole{"c", 4};
  lock_table<rw_lock, std::int64_t> keys{"c", 5};
  // The flow: its share of the class, and its first key.
  REQUIRE(whole.try_acquire(mode::read));
  rw_lock& first = *keys.borrow(1).lock;
  REQUIRE(first.try_acquire(mode::write));
  lock_waiter writer;
  CHECK_FALSE(whole.acquire_or_queue(writer, mode::write));
  // Another that wants a key waits behind the writer, where it holds no key.
  lock_waiter other;
  CHECK_FALSE(whole.try_acquire(mode::read));
  CHECK_FALSE(whole.acquire_or_queue(other, mode::read));
  // The flow asks for nothing but its second key, which nobody can hold: whoever does has a share too.
  rw_lock& second = *keys.borrow(2).lock;
  CHECK(second.try_acquire(mode::write));
  CHECK(second.release(mode::write) == nullptr);
  keys.give_back(second);
  CHECK(first.release(mode::write) == nullptr);
  keys.give_back(first);
  CHECK(whole.release(mode::read) == &writer);
  CHECK(keys.in_use() == 0);
  CHECK(whole.release(mode::write) == &other);
  CHECK(whole.release(mode::read) == nullptr);
  keys.trim();
}

TEST_CASE("keys that the hash cannot tell apart have a lock each") {
  lock_table<rw_lock, alike> table{"c", 0};
  std::vector<rw_lock*> locks;
  for (int key = 0; key < 300; ++key) locks.push_back(table.borrow({key}).lock);
  CHECK(table.in_use() == 300);
  for (int key = 0; key < 300; ++key) CHECK(table.borrow({key}).lock == locks[static_cast<std::size_t>(key)]);
  for (rw_lock* const each : locks) {
    table.give_back(*each);
    table.give_back(*each);
  }
  CHECK(table.in_use() == 0);
  table.trim();
}

TEST_CASE("any order of borrowing and giving back is as a map would have it") {
  lock_table<rw_lock, std::int64_t> table{"c", 0};
  struct known {
    rw_lock* lock;
    int loans;
  };
  std::map<std::int64_t, known> model;
  std::mt19937 random(3);
  int wrong = 0;
  for (int round = 0; round < 60'000; ++round) {
    // Few keys for a while, then many, then few again.
    const std::int64_t keys = round / 10'000 % 2 == 0 ? 50 : 5000;
    const std::int64_t key = static_cast<std::int64_t>(random()) % keys;
    const auto found = model.find(key);
    if (found == model.end() || random() % 3 == 0) {
      rw_lock* const lock = table.borrow(key).lock;
      if (found == model.end()) {
        model.emplace(key, known{lock, 1});
      } else {
        wrong += found->second.lock != lock;
        ++found->second.loans;
      }
    } else {
      table.give_back(*found->second.lock);
      if (--found->second.loans == 0) model.erase(found);
    }
    if (round % 1000 == 0) wrong += table.in_use() != model.size();
  }
  CHECK(wrong == 0);
  for (const auto& [key, each] : model) {
    for (int loan = 0; loan < each.loans; ++loan) table.give_back(*each.lock);
  }
  CHECK(table.in_use() == 0);
  table.trim();
  CHECK(table.bytes() == 0);
}
