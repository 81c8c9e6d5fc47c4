// Waiting for descriptors with one epoll set: edge-triggered, registered once for the life of a descriptor, so that a flow which waits
// for its next request costs no system call. Knows neither flows nor workers: it hands waiters to whoever polls.
#ifndef FLUX_CORE_READINESS_HPP
#define FLUX_CORE_READINESS_HPP

#include <sys/epoll.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "core/futex.hpp"
#include "core/rw_lock.hpp"

namespace flux::core {

// One that waits for a descriptor. It has the links of one that waits for a lock, since nobody does both; `queued`: it is in the list
// of its descriptor, and then all of it belongs to that.
struct descriptor_waiter : lock_waiter {
  // kRead, kWrite or both.
  std::uint8_t wants = 0;
  // It registered the descriptor, in a generation of which this is a part; 0: it did not. See readiness.
  std::uint8_t registered = 0;
  int descriptor = -1;

  void set_descriptor(int fd) noexcept {
    if (fd != descriptor) registered = 0;
    descriptor = fd;
  }

  static constexpr std::uint8_t kRead = 1;
  static constexpr std::uint8_t kWrite = 2;
};

// Waiters in order, linked by `next`.
struct waiter_chain {
  lock_waiter* first = nullptr;
  lock_waiter* last = nullptr;

  void add(lock_waiter& one) noexcept {
    one.next = nullptr;
    (last == nullptr ? first : last->next) = &one;
    last = &one;
  }
};

// Thread safety: every member but open and poll may be called from any thread; poll by one thread at a time.
//
// Every descriptor number has a slot: which generation of the number is registered, the edges that came while nobody waited for them,
// and who waits. Invariants, true whenever the guard of the slot is free:
//   (1) An edge that the kernel reported has woken somebody who waited for it or is kept in the slot. So the edge that arrives between a
//       node's EAGAIN and its parking is seen when it parks.
//   (2) A kept edge belongs to the registered generation.
//
// Only who registered a descriptor lives by edges alone: it waits for it, sees the edge, and reads until there is no more. What is kept for
// it nobody else may use up. Once anybody else has waited for the same descriptor, every wait for it asks the kernel first whether it is
// ready now: two may have been at their nodes when one edge came.
//
// A wake-up without need is possible (an edge is kept that the node has seen the data of): the node then says `again` once more.
class readiness {
 public:
  readiness() noexcept = default;
  ~readiness();
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;

  // 0 or an errno. Before anything else.
  [[nodiscard]] int open() noexcept;

  // What `wait` answers beside an errno.
  static constexpr int kReady = 0;
  static constexpr int kWaits = -1;
  static constexpr int kRefused = -2;

  // kReady: it need not wait. kWaits: commit() was true, and `waiter` is in the list; from the return on it may be gone. kRefused: commit()
  // was false. Else an errno: EBADF, ENOMEM, ENOSPC. What is always ready (a file) is kReady.
  // `commit` is called under the lock of the descriptor and must not call anything here. Blocks no longer than epoll_ctl.
  template <typename Commit>
  [[nodiscard]] int wait(descriptor_waiter& waiter, Commit commit) noexcept {
    slot* const found = find_or_make(waiter.descriptor);
    if (found == nullptr) return waiter.descriptor < 0 ? EBADF : ENOMEM;
    slot& here = *found;
    const futex_guard held(here.guard);
    if (const int error = ready_or_registered(here, waiter); error != kWaits) return error;
    if (!commit()) return kRefused;
    link(here, waiter);
    return kWaits;
  }

  // Takes a waiter out of the list of its descriptor if it is still there.
  void leave(descriptor_waiter& waiter) noexcept;

  // Waits until something is ready, `timeout` nanoseconds at most (negative: for ever), and adds to `woken` those for whom claim(waiter),
  // called under the lock of the descriptor, is true. The others stay in their lists. Returns the number of events.
  template <typename Claim>
  std::size_t poll(instant timeout, waiter_chain& woken, Claim claim) noexcept {
    const std::size_t count = fetch(timeout);
    for (std::size_t index = 0; index < count; ++index) deliver(index, woken, claim);
    return count;
  }

  // As if every descriptor that somebody waits for had become ready.
  template <typename Claim>
  void wake_all(waiter_chain& woken, Claim claim) noexcept {
    for (std::size_t index = 0; index < kChunks; ++index) {
      chunk* const here = chunks_[index].load(std::memory_order_acquire);
      if (here == nullptr) continue;
      for (slot& each : here->slots) {
        const futex_guard held(each.guard);
        wake(each, descriptor_waiter::kRead | descriptor_waiter::kWrite, woken, claim);
      }
    }
  }

  // Ends a poll that waits, or the next one, without an event of anybody. Async-signal-safe; never blocks.
  void interrupt() noexcept;

  // Events of one call of poll at most.
  static constexpr std::size_t kEvents = 256;

 private:
  // state: the generation that is registered, whether one is, the edges kept, and whether it is shared.
  static constexpr std::uint32_t kRead = descriptor_waiter::kRead;
  static constexpr std::uint32_t kWrite = descriptor_waiter::kWrite;
  // The other end said that it sends no more, or hung up: a reader that was woken by data is called once more, for the end behind it.
  static constexpr std::uint32_t kEnd = 4;
  // Somebody waited for it who did not register it.
  static constexpr std::uint32_t kShared = 8;
  static constexpr std::uint32_t kKept = kRead | kWrite | kEnd | kShared;
  static constexpr std::uint32_t kRegistered = 16;
  static constexpr std::uint32_t kGenerationStep = 32;

  struct slot {
    futex_mutex guard;
    std::uint32_t state = 0;
    lock_waiter* first = nullptr;
  };
  static constexpr std::size_t kChunkSize = 1024;
  static constexpr std::size_t kChunks = 8192;  // 8 million descriptors
  struct chunk {
    slot slots[kChunkSize];
  };

  [[nodiscard]] slot* find(int fd) noexcept {
    if (fd < 0 || static_cast<std::size_t>(fd) >= kChunkSize * kChunks) return nullptr;
    chunk* const here = chunks_[static_cast<std::size_t>(fd) / kChunkSize].load(std::memory_order_acquire);
    return here == nullptr ? nullptr : &here->slots[static_cast<std::size_t>(fd) % kChunkSize];
  }
  [[nodiscard]] slot* find_or_make(int fd) noexcept {
    slot* const found = find(fd);
    return found != nullptr ? found : make(fd);
  }
  [[nodiscard]] slot* make(int fd) noexcept;

  // REQUIRES of these: the guard is held.
  [[nodiscard]] int ready_or_registered(slot& here, descriptor_waiter& waiter) noexcept;
  [[nodiscard]] static int ready_now(const descriptor_waiter& waiter) noexcept;
  [[nodiscard]] static std::uint8_t part_of(std::uint32_t generation) noexcept {
    return static_cast<std::uint8_t>(0x80u | (generation / kGenerationStep));
  }
  [[nodiscard]] int enroll(slot& here, int fd, std::uint32_t generation) noexcept;
  static void link(slot& here, descriptor_waiter& waiter) noexcept;
  static void unlink(slot& here, lock_waiter& waiter) noexcept;

  [[nodiscard]] std::size_t fetch(instant timeout) noexcept;
  // The slot an event is for, and its edges; null where it is for nobody.
  [[nodiscard]] slot* target(std::size_t index, std::uint32_t& state, std::uint32_t& edges) noexcept;

  template <typename Claim>
  void deliver(std::size_t index, waiter_chain& woken, Claim& claim) noexcept {
    std::uint32_t state = 0;
    std::uint32_t edges = 0;
    slot* const here = target(index, state, edges);
    if (here == nullptr) return;
    const futex_guard held(here->guard);
    // A number that was closed meanwhile, and perhaps used again, is another descriptor.
    if ((here->state & ~kKept) != state) return;
    here->state |= edges & ~wake(*here, edges, woken, claim);
  }

  // Returns those edges that woke somebody.
  template <typename Claim>
  static std::uint32_t wake(slot& here, std::uint32_t edges, waiter_chain& woken, Claim& claim) noexcept {
    std::uint32_t used = 0;
    for (lock_waiter* each = here.first; each != nullptr;) {
      auto& waiter = static_cast<descriptor_waiter&>(*each);
      each = each->next;
      const std::uint32_t wanted = waiter.wants & edges;
      if (wanted == 0 || !claim(waiter)) continue;
      used |= wanted;
      unlink(here, waiter);
      woken.add(waiter);
    }
    return used;
  }

  int epoll_ = -1;
  int interrupt_ = -1;
  epoll_event events_[kEvents];
  std::atomic<chunk*> chunks_[kChunks] = {};
};

}  // namespace flux::core

#endif
