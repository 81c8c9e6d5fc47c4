// Locks by key: one for each session id, or for each value of a key, made when a flow asks for it and gone when no flow uses it.
// Parks nobody and knows no runtime: what it lends is the runtime's own lock, acquired and released as any other.
//
// Who does what. A constraint `c(session)` or `c[k]` is one table. To acquire it, generated code
//
//   1. borrows the lock of the key: a failure here (ENOMEM, or what copying or comparing the key threw) is the node's failure;
//   2. remembers it in the record, and acquires it: worker.acquire(record, *lock, mode, deadline), which may park;
//   3. gives it back if that was refused (ETIMEDOUT), and else pushes it on what the record holds.
//
// To release it, it pops it, releases it (worker.release), and then gives it back. It never looks it up again: the key may be gone. For a
// flow that is abandoned while it waits, what the record remembers in 2 is given back; the runtime has ended the wait by then. So a lock is
// lent to every flow that holds it or waits for it, from before the first call on it until after the last, and an entry is nobody's
// exactly when its count of borrowers is 0.
//
// A class and its keys. `c` beside `c[k]` is the whole class: one more lock, of program scope, that ranks just below the keys. Who wants the
// class acquires that as writer. Who wants keys acquires it as reader, once an extent, and then the keys in ascending order, equal
// ones once and in the stronger mode: `in_order` (core/keys.hpp). A flow that has its share never asks for it again inside the extent,
// so a writer who waits for the class between two of its keys makes it wait for nothing. Where no node of the program wants the whole
// class there is no such lock. All of this is generated code's; the table knows single keys.
#ifndef FLUX_CORE_LOCK_TABLE_HPP
#define FLUX_CORE_LOCK_TABLE_HPP

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>

#include "core/brief_mutex.hpp"
#include "core/call.hpp"
#include "core/keys.hpp"
#include "core/lock_family.hpp"
#include "core/lock_memory.hpp"
#include "core/sanitizers.hpp"

namespace flux::core {

// Thread safety: every member may be called from any thread.
//
// A shard is an open-addressed table of (hash, entry), and the pages its entries are in; an entry never moves. The hash stands beside the
// address, so that looking for one entry touches no other.
//
// Invariants, true whenever the guard of a shard is free:
//   (1) An entry is in the slots of its shard, once, and has borrowers; or it is in the free list of its page, and has none.
//   (2) A page with free entries is in the list `open` or, where nothing of it is lent, in `unused`; one such may be in `open`, so that a
//       single flow moves no page. A page without is in neither.
//   (3) At least half of the slots are empty (but that memory ran out: then at least one).
//   (4) More free entries than are lent, and a page of them, there are only where no page is in `unused`: as flows leave, memory leaves.
//
// Costs: two short critical sections of a shard to borrow and give back, no allocation where a moment ago as many were lent. It lives as long
// as the program, like a lock, and so needs no destructor; whoever has a shorter one calls trim at the end.
//
// A lock that has the functions is told what it cannot know: belongs_to(family), once; borrowed() and given_back(), at each call of these.
template <typename Lock, typename Key, typename Memory = lock_memory>
class lock_table {
 public:
  constexpr lock_table(const char* name, std::uint16_t rank) noexcept : name_(name), rank_(rank) {}
  lock_table(const lock_table&) = delete;
  lock_table& operator=(const lock_table&) = delete;

  [[nodiscard]] const char* name() const noexcept { return name_; }
  [[nodiscard]] std::uint16_t rank() const noexcept { return rank_; }

  // Null, and why: ENOMEM, or the failure of an exception that hash, == or the copy of the key threw.
  struct borrowed {
    Lock* lock;
    std::int32_t error;
  };

  // The lock of `key`, the same for all who have borrowed it and not given it back. Blocks only for a few instructions, and as mmap does
  // while the table grows. The key's == and copy run under a guard and must not come back to this table.
  [[nodiscard]] borrowed borrow(const Key& key) noexcept;

  // REQUIRES: borrowed from this table; the caller neither holds it nor waits for it any more. Blocks only for a few instructions.
  void give_back(Lock& lock) noexcept;

  // Keys whose lock is lent. As good as the moment it is asked. Blocks for a few instructions.
  [[nodiscard]] std::size_t in_use() noexcept;
  // Memory held beside the table itself. Blocks for a few instructions.
  [[nodiscard]] std::size_t bytes() noexcept;
  // Gives the reserve to the system. Blocks for a few instructions, and as munmap does.
  void trim() noexcept;

 private:
  struct page;

  struct alignas(64) entry : Lock {
    explicit entry(const lock_table& of) noexcept : Lock(of.name_, of.rank_) {
      if constexpr (requires(Lock& lock) { lock.belongs_to(of.family_); }) Lock::belongs_to(of.family_);
    }

    // First, where the padding of a lock has room for it.
    std::uint32_t borrowers = 0;
    union {
      // In a slot.
      std::uint64_t hash;
      // In the free list of its page.
      entry* next;
    };
    key_slot<Key> key;
  };

  struct slot {
    std::uint64_t hash;
    entry* what;
  };

  // As long as its alignment, so that the address of an entry says where it is.
  struct page {
    page* next;
    page* previous;
    entry* free;
    std::uint32_t lent;
  };
  static constexpr std::size_t kFirst = (sizeof(page) + alignof(entry) - 1) / alignof(entry) * alignof(entry);
  static constexpr std::size_t kPageBytes = std::bit_ceil(kFirst + 8 * sizeof(entry) < lock_memory::kPage ? lock_memory::kPage
                                                                                                            : kFirst + 8 * sizeof(entry));
  static constexpr std::uint32_t kPerPage = static_cast<std::uint32_t>((kPageBytes - kFirst) / sizeof(entry));
  // Enough for the entries of one page.
  static constexpr std::uint32_t kLeastSlots = std::bit_ceil(2 * kPerPage);

  struct alignas(64) shard {
    brief_mutex guard;
    // Entries in slots, entries in free lists, slots.
    std::uint32_t used = 0;
    std::uint32_t idle = 0;
    std::uint32_t size = 0;
    slot* slots = nullptr;
    page* open = nullptr;
    page* unused = nullptr;
  };
  static constexpr unsigned kShardBits = 4;

  // std::hash of an integer is the integer: spread over all bits, and told apart by the upper ones (the shard) and the lower (the slot).
  static std::uint64_t mixed(std::uint64_t hash) noexcept {
    hash = (hash ^ hash >> 32) * 0x9e37'79b9'7f4a'7c15u;
    return hash ^ hash >> 32;
  }
  shard& shard_of(std::uint64_t hash) noexcept { return shards_[hash >> (64 - kShardBits)]; }
  static page& page_of(entry& e) noexcept {
    return *reinterpret_cast<page*>(reinterpret_cast<std::uintptr_t>(&e) & ~std::uintptr_t{kPageBytes - 1});
  }

  static bool ascends(const Lock& lower, const Lock& upper) noexcept;

  // All REQUIRE the guard of the shard.
  static Lock& lend(entry& e) noexcept;
  static std::uint32_t empty_slot(const shard& s, std::uint64_t hash) noexcept;
  static bool make_room(shard& s) noexcept;
  static bool resize(shard& s, std::uint32_t size) noexcept;
  static void erase(shard& s, const entry& e) noexcept;
  bool open_page(shard& s) const noexcept;
  static void remove_page(shard& s, page*& list, page& p) noexcept;
  static void link(page*& list, page& p) noexcept;
  static void unlink(page*& list, page& p) noexcept;

  const char* name_;
  std::uint16_t rank_;
  lock_family<Lock> family_{.ascends = &ascends};
  shard shards_[1U << kShardBits];
};

template <typename Lock, typename Key, typename Memory>
typename lock_table<Lock, Key, Memory>::borrowed lock_table<Lock, Key, Memory>::borrow(const Key& key) noexcept {
  try {
    const std::uint64_t hash = mixed(std::hash<Key>{}(key));
    shard& s = shard_of(hash);
    const brief_guard held(s.guard);
    if (s.size != 0) {
      for (std::uint32_t at = static_cast<std::uint32_t>(hash) & (s.size - 1); s.slots[at].what != nullptr; at = (at + 1) & (s.size - 1)) {
        if (s.slots[at].hash != hash || !(s.slots[at].what->key.get() == key)) continue;
        return {.lock = &lend(*s.slots[at].what), .error = 0};
      }
    }
    if (!make_room(s) || (s.open == nullptr && !open_page(s))) return {.lock = nullptr, .error = ENOMEM};
    page& p = *s.open;
    entry& e = *p.free;
    // May throw; until then nothing has changed.
    e.key.set(key);
    p.free = e.next;
    if (++p.lent == kPerPage) unlink(s.open, p);
    --s.idle;
    ++s.used;
    unpoison(&e, sizeof(entry));
    note_made(static_cast<Lock*>(&e));
    e.borrowers = 0;
    e.hash = hash;
    s.slots[empty_slot(s, hash)] = {.hash = hash, .what = &e};
    return {.lock = &lend(e), .error = 0};
  } catch (const std::bad_alloc&) {
    return {.lock = nullptr, .error = ENOMEM};
  } catch (...) {
    return {.lock = nullptr, .error = failure_of_exception()};
  }
}

template <typename Lock, typename Key, typename Memory>
void lock_table<Lock, Key, Memory>::give_back(Lock& lock) noexcept {
  auto& e = static_cast<entry&>(lock);
  shard& s = shard_of(e.hash);
  const brief_guard held(s.guard);
  if constexpr (requires { lock.given_back(); }) lock.given_back();
  if (--e.borrowers != 0) return;
  erase(s, e);
  e.key.clear();
  note_gone(static_cast<Lock*>(&e), sizeof(Lock));
  page& p = page_of(e);
  e.next = p.free;
  // What touches the lock from now on has not borrowed it. The link lies behind.
  poison(&e, sizeof(Lock) - sizeof(void*));
  p.free = &e;
  if (p.lent-- == kPerPage) link(s.open, p);
  if (p.lent == 0 && (s.open != &p || p.next != nullptr)) {
    unlink(s.open, p);
    link(s.unused, p);
  }
  --s.used;
  ++s.idle;
  // Kept is as much as is lent, and no less than one page.
  if (s.unused != nullptr && s.idle >= kPerPage + (s.used > kPerPage ? s.used : kPerPage)) remove_page(s, s.unused, *s.unused);
  if (s.size > kLeastSlots && s.used < s.size / 8) static_cast<void>(resize(s, s.size / 2));
}

template <typename Lock, typename Key, typename Memory>
Lock& lock_table<Lock, Key, Memory>::lend(entry& e) noexcept {
  ++e.borrowers;
  if constexpr (requires { e.borrowed(); }) e.borrowed();
  return e;
}

// Reads keys without the guard: they are set before their locks are lent, and stay until these have been given back.
template <typename Lock, typename Key, typename Memory>
bool lock_table<Lock, Key, Memory>::ascends([[maybe_unused]] const Lock& lower, [[maybe_unused]] const Lock& upper) noexcept {
  if constexpr (requires(const Key& key) { key < key; }) {
    try {
      return static_cast<const entry&>(lower).key.get() < static_cast<const entry&>(upper).key.get();
    } catch (...) {
    }
  }
  return true;
}

template <typename Lock, typename Key, typename Memory>
std::size_t lock_table<Lock, Key, Memory>::in_use() noexcept {
  std::size_t keys = 0;
  for (shard& s : shards_) {
    const brief_guard held(s.guard);
    keys += s.used;
  }
  return keys;
}

template <typename Lock, typename Key, typename Memory>
std::size_t lock_table<Lock, Key, Memory>::bytes() noexcept {
  std::size_t sum = 0;
  for (shard& s : shards_) {
    const brief_guard held(s.guard);
    sum += s.size * sizeof(slot) + std::size_t{s.used + s.idle} / kPerPage * kPageBytes;
  }
  return sum;
}

template <typename Lock, typename Key, typename Memory>
void lock_table<Lock, Key, Memory>::trim() noexcept {
  for (shard& s : shards_) {
    const brief_guard held(s.guard);
    while (s.unused != nullptr) remove_page(s, s.unused, *s.unused);
    for (page* p = s.open; p != nullptr;) {
      page* const next = p->next;
      if (p->lent == 0) remove_page(s, s.open, *p);
      p = next;
    }
    if (s.used != 0 || s.size == 0) continue;
    Memory::put(s.slots, s.size * sizeof(slot));
    s.slots = nullptr;
    s.size = 0;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Slots

template <typename Lock, typename Key, typename Memory>
std::uint32_t lock_table<Lock, Key, Memory>::empty_slot(const shard& s, std::uint64_t hash) noexcept {
  std::uint32_t at = static_cast<std::uint32_t>(hash) & (s.size - 1);
  while (s.slots[at].what != nullptr) at = (at + 1) & (s.size - 1);
  return at;
}

// For one entry more.
template <typename Lock, typename Key, typename Memory>
bool lock_table<Lock, Key, Memory>::make_room(shard& s) noexcept {
  if (s.used < s.size / 2) [[likely]] return true;
  return resize(s, s.size == 0 ? kLeastSlots : 2 * s.size) || s.used + 1 < s.size;
}

template <typename Lock, typename Key, typename Memory>
bool lock_table<Lock, Key, Memory>::resize(shard& s, std::uint32_t size) noexcept {
  auto* const slots = static_cast<slot*>(Memory::get(size * sizeof(slot)));
  if (slots == nullptr) return false;
  slot* const before = s.slots;
  const std::uint32_t size_before = s.size;
  s.slots = slots;
  s.size = size;
  for (std::uint32_t at = 0; at < size_before; ++at) {
    if (before[at].what != nullptr) s.slots[empty_slot(s, before[at].hash)] = before[at];
  }
  if (size_before != 0) Memory::put(before, size_before * sizeof(slot));
  return true;
}

template <typename Lock, typename Key, typename Memory>
void lock_table<Lock, Key, Memory>::erase(shard& s, const entry& e) noexcept {
  const std::uint32_t mask = s.size - 1;
  std::uint32_t hole = static_cast<std::uint32_t>(e.hash) & mask;
  while (s.slots[hole].what != &e) hole = (hole + 1) & mask;
  // Each one behind it that would not be found across the hole moves into it.
  for (std::uint32_t at = (hole + 1) & mask; s.slots[at].what != nullptr; at = (at + 1) & mask) {
    const std::uint32_t home = static_cast<std::uint32_t>(s.slots[at].hash) & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    s.slots[hole] = s.slots[at];
    hole = at;
  }
  s.slots[hole].what = nullptr;
}

// ---------------------------------------------------------------------------------------------------------------------
// Pages

template <typename Lock, typename Key, typename Memory>
bool lock_table<Lock, Key, Memory>::open_page(shard& s) const noexcept {
  if (s.unused != nullptr) {
    page& p = *s.unused;
    unlink(s.unused, p);
    link(s.open, p);
    return true;
  }
  void* const memory = Memory::get(kPageBytes);
  if (memory == nullptr) return false;
  auto& p = *::new (memory) page{.next = nullptr, .previous = nullptr, .free = nullptr, .lent = 0};
  for (std::size_t index = kPerPage; index-- > 0;) {
    auto* const e = ::new (static_cast<std::byte*>(memory) + kFirst + index * sizeof(entry)) entry(*this);
    e->next = p.free;
    p.free = e;
    poison(e, sizeof(Lock) - sizeof(void*));
  }
  s.idle += kPerPage;
  link(s.open, p);
  return true;
}

// REQUIRES: nothing of it is lent.
template <typename Lock, typename Key, typename Memory>
void lock_table<Lock, Key, Memory>::remove_page(shard& s, page*& list, page& p) noexcept {
  unlink(list, p);
  s.idle -= kPerPage;
  unpoison(&p, kPageBytes);
  for (entry* e = p.free; e != nullptr;) {
    entry* const next = e->next;
    e->~entry();
    e = next;
  }
  Memory::put(&p, kPageBytes);
}

template <typename Lock, typename Key, typename Memory>
void lock_table<Lock, Key, Memory>::link(page*& list, page& p) noexcept {
  p.previous = nullptr;
  p.next = list;
  if (list != nullptr) list->previous = &p;
  list = &p;
}

template <typename Lock, typename Key, typename Memory>
void lock_table<Lock, Key, Memory>::unlink(page*& list, page& p) noexcept {
  (p.previous == nullptr ? list : p.previous->next) = p.next;
  if (p.next != nullptr) p.next->previous = p.previous;
}

}  // namespace flux::core

#endif
