// A readers-writer lock, or a pool of units, that serves waiters in arrival order and parks nobody itself: it hands grants to whoever
// knows how to wake.
// Knows neither threads nor flows; a runtime puts a `lock_waiter` where its waiters live.
#ifndef FLUX_CORE_RW_LOCK_HPP
#define FLUX_CORE_RW_LOCK_HPP

#include <atomic>
#include <cstdint>

#include "core/contract.hpp"
#include "core/futex.hpp"
#include "core/lock_family.hpp"

namespace flux::core {

class rw_lock;

// One that waits for a lock. Lives in the record or on the stack of the waiter, and belongs to the lock while it is queued.
struct lock_waiter {
  lock_waiter* next = nullptr;
  lock_waiter* previous = nullptr;
  flux::mode mode = flux::mode::read;
  bool queued = false;
};

// Where a lock was acquired last: kept for the rank check, empty without it.
struct acquisition_place {
  std::uint16_t source;
  int node;
  bool known;
};

#ifdef FLUX_CHECK_RANKS
class last_acquisition {
 public:
  void note(std::uint16_t source, int node) noexcept {
    word_.store(std::uint64_t{1} << 63 | std::uint64_t{source} << 32 | static_cast<std::uint32_t>(node), std::memory_order_relaxed);
  }
  [[nodiscard]] acquisition_place last() const noexcept {
    const std::uint64_t word = word_.load(std::memory_order_relaxed);
    return {static_cast<std::uint16_t>(word >> 32), static_cast<int>(static_cast<std::uint32_t>(word)), word != 0};
  }

 private:
  std::atomic<std::uint64_t> word_{0};
};

// The table that the lock is of; null for one of program scope.
class family_member {
 public:
  void join(const lock_family<rw_lock>& family) noexcept { family_ = &family; }
  [[nodiscard]] const lock_family<rw_lock>* family() const noexcept { return family_; }

 private:
  const lock_family<rw_lock>* family_ = nullptr;
};
#else
struct last_acquisition {
  static void note(std::uint16_t, int) noexcept {}
  [[nodiscard]] static acquisition_place last() noexcept { return {0, -1, false}; }
};

struct family_member {
  static void join(const lock_family<rw_lock>&) noexcept {}
  [[nodiscard]] static const lock_family<rw_lock>* family() noexcept { return nullptr; }
};
#endif

// Thread safety: every member may be called from any thread.
//
// state_: bit 0 a writer holds it; bit 1 the queue is not empty; from bit 2 the number of readers; bit 31 there is room for no more.
//
// A pool of N units is the readers' side alone, with room for N: its count begins N below bit 31. So a runtime needs nothing for pools,
// and a lock pays nothing for them: the bit is one more in a mask that is tested anyway.
//
// Invariants, true whenever guard_ is free:
//   (1) The writer bit excludes readers.
//   (2) The queue bit says whether first_ is null. While it is set nobody gets the lock but through the queue.
//   (3) The first in the queue could not be granted; or else who made it possible is on the way to grant it.
//
// Fairness: a reader that arrives after a waiting writer waits behind it. Letting it barge in would raise throughput, but the
// simulator models arrival order, and a stream of readers would starve a writer.
//
// A call that ends a hold, or a place in the queue, answers with those who now hold the lock, linked by `next`; the caller wakes each,
// reading `next` first, since a woken waiter may be gone.
class rw_lock {
 public:
  constexpr rw_lock(const char* name, std::uint16_t rank) noexcept : name_(name), rank_(rank) {}
  // A pool: so many at once, each with one unit. Acquired as mode::read only. REQUIRES: 0 < units <= kMostUnits.
  constexpr rw_lock(const char* name, std::uint16_t rank, std::uint32_t units) noexcept
      : state_(kFull - units * kReader), name_(name), rank_(rank) {}
  rw_lock(const rw_lock&) = delete;
  rw_lock& operator=(const rw_lock&) = delete;

  static constexpr std::uint32_t kMostUnits = 1U << 29;

  [[no_unique_address]] last_acquisition acquired_at;

  [[nodiscard]] const char* name() const noexcept { return name_; }
  [[nodiscard]] std::uint16_t rank() const noexcept { return rank_; }
  void belongs_to(const lock_family<rw_lock>& family) noexcept { table_.join(family); }
  [[nodiscard]] const lock_family<rw_lock>* family() const noexcept { return table_.family(); }

  // One atomic instruction. False where somebody holds it in a way that excludes `how`, or waits for it. Never blocks.
  [[nodiscard]] bool try_acquire(mode how) noexcept {
    if (how == mode::write) {
      std::uint32_t free = 0;
      return state_.compare_exchange_strong(free, kWriter, std::memory_order_acquire, std::memory_order_relaxed);
    }
    std::uint32_t seen = state_.load(std::memory_order_relaxed);
    do {
      if ((seen & (kWriter | kQueued | kFull)) != 0) return false;
    } while (!state_.compare_exchange_weak(seen, seen + kReader, std::memory_order_acquire, std::memory_order_relaxed));
    return true;
  }

  // True if granted at once; else `waiter` is queued, and will be in an answer of release or cancel. Never blocks.
  [[nodiscard]] bool acquire_or_queue(lock_waiter& waiter, mode how) noexcept;

  // REQUIRES: the caller holds it in mode `how`. Returns whom to wake. Never blocks.
  [[nodiscard]] lock_waiter* release(mode how) noexcept {
    if (how == mode::write) {
      std::uint32_t mine = kWriter;
      if (state_.compare_exchange_strong(mine, 0, std::memory_order_release, std::memory_order_relaxed)) return nullptr;
      return release_writer();
    }
    const std::uint32_t before = state_.fetch_sub(kReader, std::memory_order_release);
    return (before & kQueued) != 0 ? release_holder(before) : nullptr;
  }

  // The same where one thread alone ever calls anything of it: no atomic instruction.
  [[nodiscard]] bool try_acquire_alone(mode how) noexcept {
    const std::uint32_t seen = state_.load(std::memory_order_relaxed);
    const bool writes = how == mode::write;
    if (writes ? seen != 0 : (seen & (kWriter | kQueued | kFull)) != 0) return false;
    state_.store(seen + (writes ? kWriter : kReader), std::memory_order_relaxed);
    return true;
  }
  [[nodiscard]] lock_waiter* release_alone(mode how) noexcept {
    const std::uint32_t before = state_.load(std::memory_order_relaxed);
    if ((before & kQueued) != 0) return release(how);
    state_.store(before - (how == mode::write ? kWriter : kReader), std::memory_order_relaxed);
    return nullptr;
  }

  // Gives up waiting. `left` false: it was granted in the meantime and holds the lock. Never blocks.
  struct cancelled {
    bool left;
    lock_waiter* granted;
  };
  [[nodiscard]] cancelled cancel(lock_waiter& waiter) noexcept;

 private:
  static constexpr std::uint32_t kWriter = 1;
  static constexpr std::uint32_t kQueued = 2;
  static constexpr std::uint32_t kReader = 4;
  static constexpr std::uint32_t kFull = 1U << 31;

  lock_waiter* release_writer() noexcept;
  lock_waiter* release_holder(std::uint32_t before) noexcept;
  // REQUIRES: guard_ held.
  lock_waiter* grant() noexcept;
  void unlink(lock_waiter& waiter) noexcept;

  std::atomic<std::uint32_t> state_{0};
  futex_mutex guard_;
  lock_waiter* first_ = nullptr;
  lock_waiter* last_ = nullptr;
  const char* name_;
  [[no_unique_address]] family_member table_;
  std::uint16_t rank_;
};

}  // namespace flux::core

#endif
