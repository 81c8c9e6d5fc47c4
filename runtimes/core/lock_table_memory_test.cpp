// The memory of locks by key: that it goes as it came, that none is asked for in between, and what happens when there is none.
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/lock_memory.hpp"
#include "core/lock_table.hpp"
#include "core/rw_lock.hpp"
#include "flux/again.hpp"

namespace {

using flux::mode;
using flux::core::lock_table;
using flux::core::rw_lock;

// Counts, and has an end. `Test` keeps those of one test from those of another.
template <int Test>
struct scarce_memory {
  static inline long gets = 0;
  static inline long left = 1L << 60;
  static inline long bytes = 0;

  static void* get(std::size_t size) noexcept {
    if (left == 0) return nullptr;
    --left;
    ++gets;
    bytes += static_cast<long>(size);
    return flux::core::lock_memory::get(size);
  }
  static void put(void* memory, std::size_t size) noexcept {
    bytes -= static_cast<long>(size);
    flux::core::lock_memory::put(memory, size);
  }
};

template <int Test>
using scarce_table = lock_table<rw_lock, std::int64_t, scarce_memory<Test>>;

template <typename T>
struct counting_allocator {
  using value_type = T;
  static inline long allocations = 0;
  counting_allocator() noexcept = default;
  template <typename U>
  counting_allocator(const counting_allocator<U>&) noexcept {}
  T* allocate(std::size_t count) {
    ++allocations;
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* at, std::size_t count) { std::allocator<T>().deallocate(at, count); }
  bool operator==(const counting_allocator&) const noexcept = default;
};

// A key with memory of its own.
using path = std::basic_string<char, std::char_traits<char>, counting_allocator<char>>;

// Its copy throws when it is told to.
struct brittle {
  int value = 0;
  static inline enum { sound, full, broken, numbered } copies = sound;
  static inline int alive = 0;
  explicit brittle(int of) : value(of) { ++alive; }
  brittle(const brittle& other) : value(other.value) {
    if (copies == full) throw std::bad_alloc();
    if (copies == broken) throw std::runtime_error("broken");
    if (copies == numbered) throw std::system_error(EDOM, std::generic_category());
    ++alive;
  }
  ~brittle() { --alive; }
  bool operator==(const brittle& other) const { return value == other.value; }
};

}  // namespace

template <>
struct std::hash<path> {
  std::size_t operator()(const path& key) const noexcept { return std::hash<std::string_view>{}(key); }
};
template <>
struct std::hash<brittle> {
  std::size_t operator()(const brittle& key) const noexcept { return static_cast<std::size_t>(key.value); }
};

TEST_CASE("a million keys later the memory is what it was") {
  using table_of_all = scarce_table<1>;
  static table_of_all table{"session", 0};
  // Where ranks are checked a lock knows more.
  constexpr long kBytesOfOne = sizeof(rw_lock) <= 48 ? 64 : 128;
  const auto use = [](std::int64_t key) {
    rw_lock& lock = *table.borrow(key).lock;
    const bool free = lock.try_acquire(mode::write);
    static_cast<void>(lock.release(mode::write));
    table.give_back(lock);
    return free;
  };
  for (std::int64_t key = 0; key < 1000; ++key) REQUIRE(use(key));
  const long warm = scarce_memory<1>::bytes;
  CHECK(static_cast<std::size_t>(warm) == table.bytes());
  CHECK(warm < 256 << 10);

  // One after the other: nothing is allocated.
  const long gets = scarce_memory<1>::gets;
  int lost = 0;
  for (std::int64_t key = 0; key < 1'000'000; ++key) lost += !use(key * 7'919);
  CHECK(lost == 0);
  CHECK(scarce_memory<1>::gets == gets);

  // A hundred thousand of them at once, and given back in the same order, in the opposite, and in none.
  for (int order = 0; order < 3; ++order) {
    std::vector<rw_lock*> lent;
    for (std::int64_t key = 0; key < 100'000; ++key) lent.push_back(table.borrow(key << 20).lock);
    CHECK(table.in_use() == 100'000);
    CHECK(scarce_memory<1>::bytes > 100'000 * 64);
    if (order == 1) std::reverse(lent.begin(), lent.end());
    if (order == 2) std::shuffle(lent.begin(), lent.end(), std::mt19937(1));
    for (std::size_t each = 0; each < 90'000; ++each) table.give_back(*lent[each]);
    // A tenth is left: where whole pages are, most of the memory is gone already.
    if (order != 2) CHECK(scarce_memory<1>::bytes < 4 * 10'000 * kBytesOfOne);
    for (std::size_t each = 90'000; each < lent.size(); ++each) table.give_back(*lent[each]);
    CHECK(table.in_use() == 0);
    CHECK(scarce_memory<1>::bytes <= warm);
    CHECK(static_cast<std::size_t>(scarce_memory<1>::bytes) == table.bytes());
  }
  table.trim();
  CHECK(scarce_memory<1>::bytes == 0);
}

TEST_CASE("what is lent goes up and down without a call of the allocator") {
  scarce_table<2> table{"session", 0};
  const auto swing = [&](std::int64_t from) {
    std::vector<rw_lock*> lent;
    for (std::int64_t key = from; key < from + 5000; ++key) lent.push_back(table.borrow(key).lock);
    // As servers do: half of it goes, and comes again.
    for (int round = 0; round < 20; ++round) {
      while (lent.size() > 2600) {
        table.give_back(*lent.back());
        lent.pop_back();
      }
      for (std::int64_t key = from; lent.size() < 5000; ++key) lent.push_back(table.borrow(key * 31 + round).lock);
    }
    for (rw_lock* const each : lent) table.give_back(*each);
  };
  std::vector<rw_lock*> base;
  for (std::int64_t key = 0; key < 5000; ++key) base.push_back(table.borrow(-1 - key).lock);
  swing(0);
  const long gets = scarce_memory<2>::gets;
  swing(1'000'000);
  CHECK(scarce_memory<2>::gets == gets);
  for (rw_lock* const each : base) table.give_back(*each);
  CHECK(table.in_use() == 0);
  table.trim();
  CHECK(scarce_memory<2>::bytes == 0);
}

TEST_CASE("a key with memory of its own costs none after the first") {
  using allocator = counting_allocator<char>;
  lock_table<rw_lock, path> table{"page", 0};
  const path short_one(40, 'a');
  const path another(60, 'b');
  for (const path* each : {&short_one, &another, &short_one}) table.give_back(*table.borrow(*each).lock);
  const long allocations = allocator::allocations;
  // The entry used last is used again, in whichever shard: both have had room for sixty.
  for (int round = 0; round < 100; ++round) {
    table.give_back(*table.borrow(short_one).lock);
    rw_lock& lock = *table.borrow(another).lock;
    CHECK(table.borrow(another).lock == &lock);
    table.give_back(lock);
    table.give_back(lock);
  }
  CHECK(allocator::allocations == allocations);
  table.trim();
}

TEST_CASE("pieces of any size are aligned to it, and zero") {
  for (std::size_t bytes = flux::core::lock_memory::kPage / 2; bytes <= 1 << 20; bytes *= 2) {
    auto* const memory = static_cast<unsigned char*>(flux::core::lock_memory::get(bytes));
    REQUIRE(memory != nullptr);
    if (bytes >= flux::core::lock_memory::kPage) CHECK(reinterpret_cast<std::uintptr_t>(memory) % bytes == 0);
    CHECK(std::all_of(memory, memory + bytes, [](unsigned char each) { return each == 0; }));
    std::fill(memory, memory + bytes, 1);
    flux::core::lock_memory::put(memory, bytes);
  }
}

TEST_CASE("no memory is an answer, and nothing is lost by it") {
  using memory = scarce_memory<3>;
  scarce_table<3> table{"c", 0};
  // Neither slots nor a page; slots and no page.
  for (const long left : {0L, 1L}) {
    memory::left = left;
    const auto refused = table.borrow(1);
    CHECK(refused.lock == nullptr);
    CHECK(refused.error == ENOMEM);
    CHECK(table.in_use() == 0);
  }
  memory::left = 1L << 60;
  std::vector<rw_lock*> lent;
  for (std::int64_t key = 0; key < 2000; ++key) lent.push_back(table.borrow(key).lock);
  memory::left = 0;
  // Those there are can be had again; new ones as far as the reserve goes.
  CHECK(table.borrow(0).lock == lent[0]);
  table.give_back(*lent[0]);
  int refusals = 0;
  for (std::int64_t key = 2000; key < 20'000; ++key) {
    const auto more = table.borrow(key);
    refusals += more.lock == nullptr && more.error == ENOMEM;
    if (more.lock != nullptr) lent.push_back(more.lock);
  }
  CHECK(refusals > 15'000);
  CHECK(table.in_use() == lent.size());
  // What is given back can be lent, and shrinking needs no memory.
  table.give_back(*lent.back());
  lent.pop_back();
  for (rw_lock* const each : lent) table.give_back(*each);
  CHECK(table.in_use() == 0);
  CHECK(table.borrow(1).error == 0);
  memory::left = 1L << 60;
  table.give_back(*table.borrow(1).lock);
  table.give_back(*table.borrow(1).lock);
  CHECK(table.in_use() == 1);
  rw_lock* const last = table.borrow(1).lock;
  table.give_back(*last);
  table.give_back(*last);
  table.trim();
  CHECK(memory::bytes == 0);
}

TEST_CASE("a key that throws is an answer") {
  {
    lock_table<rw_lock, brittle> table{"c", 0};
    const brittle key(5);
    table.give_back(*table.borrow(brittle(1)).lock);
    brittle::copies = brittle::full;
    CHECK(table.borrow(key).error == ENOMEM);
    brittle::copies = brittle::broken;
    CHECK(table.borrow(key).error == flux::exception);
    brittle::copies = brittle::numbered;
    CHECK(table.borrow(key).error == EDOM);
    brittle::copies = brittle::sound;
    CHECK(table.in_use() == 0);
    rw_lock* const lock = table.borrow(key).lock;
    CHECK(lock != nullptr);
    CHECK(brittle::alive == 2);
    table.give_back(*lock);
    // The copy goes with the loan.
    CHECK(brittle::alive == 1);
    table.trim();
  }
  CHECK(brittle::alive == 0);
}
