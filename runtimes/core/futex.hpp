// Sleeping on a word of memory, and the two things made of it: a mutex of four bytes and an event count.
#ifndef FLUX_CORE_FUTEX_HPP
#define FLUX_CORE_FUTEX_HPP

#include <atomic>
#include <cstdint>

#include "core/contract.hpp"

namespace flux::core {

// Blocks while `word` is `expected`, until `deadline` (on the monotonic clock). May return early for no reason: look again.
void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected, instant deadline) noexcept;

// Wakes up to `count` threads that wait on `word`. Only the address is used, so the word may be gone. Never blocks.
void futex_wake(const std::atomic<std::uint32_t>& word, int count) noexcept;

// Guards a few instructions: the queue of a lock, a free list.
//
// Thread safety: every member may be called from any thread; unlock by the one that locked.
//
// Values of word_: 0 free, 1 held, 2 held and perhaps somebody sleeps.
class futex_mutex {
 public:
  constexpr futex_mutex() noexcept = default;
  futex_mutex(const futex_mutex&) = delete;
  futex_mutex& operator=(const futex_mutex&) = delete;

  // Blocks until it is held.
  void lock() noexcept {
    std::uint32_t expected = 0;
    if (!word_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed)) lock_slowly();
  }

  // True if it is held now. Never blocks.
  [[nodiscard]] bool try_lock() noexcept {
    std::uint32_t expected = 0;
    return word_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed);
  }

  // Never blocks.
  void unlock() noexcept {
    if (word_.exchange(0, std::memory_order_release) == 2) futex_wake(word_, 1);
  }

 private:
  void lock_slowly() noexcept;

  std::atomic<std::uint32_t> word_{0};
};

// Holds a mutex of ours for as long as it lives.
template <typename Mutex>
class [[nodiscard]] guard_of {
 public:
  explicit guard_of(Mutex& mutex) noexcept : mutex_(mutex) { mutex_.lock(); }
  ~guard_of() { mutex_.unlock(); }
  guard_of(const guard_of&) = delete;
  guard_of& operator=(const guard_of&) = delete;

 private:
  Mutex& mutex_;
};

using futex_guard = guard_of<futex_mutex>;

// Sleeps until something that others publish in atomics of their own has become true.
//
// Thread safety: every member may be called from any thread.
//
// No wake-up is lost, because both sides are sequentially consistent: the sleeper says that it waits and then looks; the other
// changes what is looked at with a sequentially consistent operation and then sees whether anybody waits.
class event_count {
 public:
  constexpr event_count() noexcept = default;
  event_count(const event_count&) = delete;
  event_count& operator=(const event_count&) = delete;

  // Call after a seq_cst change of what `wait` looks at. A load where nobody waits. Never blocks.
  void notify() noexcept {
    if (waiting_.load(std::memory_order_seq_cst) != 0) wake();
  }

  // Blocks until `done()`, which reads with seq_cst, or the deadline. Returns the last answer of done.
  template <typename Done>
  bool wait(Done done, instant deadline) noexcept {
    if (done()) return true;
    waiting_.fetch_add(1, std::memory_order_seq_cst);
    bool answer;
    for (;;) {
      const std::uint32_t seen = sequence_.load(std::memory_order_seq_cst);
      answer = done();
      if (answer || passed(deadline)) break;
      futex_wait(sequence_, seen, deadline);
    }
    waiting_.fetch_sub(1, std::memory_order_seq_cst);
    return answer;
  }

 private:
  static bool passed(instant deadline) noexcept;
  void wake() noexcept;

  std::atomic<std::uint32_t> sequence_{0};
  std::atomic<std::uint32_t> waiting_{0};
};

}  // namespace flux::core

#endif
