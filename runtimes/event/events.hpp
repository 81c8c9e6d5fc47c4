// The epoll set of one loop: edge-triggered, registered once for the life of a descriptor, so that a flow which waits for its next request
// costs no system call. Knows who waits for what; runs nobody.
#ifndef FLUX_EVENT_EVENTS_HPP
#define FLUX_EVENT_EVENTS_HPP

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>

#include "core/readiness.hpp"
#include "event/ticket.hpp"

namespace flux::event {

// Thread safety: its loop, but for interrupt.
//
// Every descriptor number has a slot of one word: who waits for it, and in the lower bits the edges that came while nobody waited for them.
// The word of core/descriptors.hpp says which loop has registered the present generation of the number, so edges kept in a slot are of
// what has the number now or they are dropped with the next registration. Where another loop has registered it this one does so for
// every wait: that asks anew whether it is ready.
//
// An edge that the kernel reported has woken somebody who waited for it or is kept. A node and the wait behind it run without a look at
// the kernel in between, so no edge is lost there; where a helper called the node, `wait` asks the kernel first (see worker::asks_).
//
// A wake-up without need is possible (an edge is kept that the node has seen the data of): the node then says `again` once more.
class events {
 public:
  events() noexcept = default;
  ~events();
  events(const events&) = delete;
  events& operator=(const events&) = delete;

  // `number` of the loop, from 1. 0 or an errno. Before anything else.
  [[nodiscard]] int open(std::uint32_t number) noexcept;

  // What `wait` answers beside an errno.
  static constexpr int kReady = 0;
  static constexpr int kWaits = -1;
  static constexpr int kOccupied = -2;

  // kReady: it need not wait. kWaits: it is in the slot of its descriptor. kOccupied: a flow cannot, since another is there; a watch can.
  // Else an errno: EBADF, ENOMEM, ENOSPC. What is always ready (a file) is kReady. Blocks no longer than epoll_ctl.
  [[nodiscard]] int wait(waiter& one, int fd) noexcept;

  // Takes a waiter out of the slot of its descriptor if it is still there.
  void leave(waiter& one) noexcept;

  // Waits until something is ready, `timeout` nanoseconds at most (negative: for ever). Returns the number of events.
  [[nodiscard]] std::size_t poll(instant timeout) noexcept;

  // What event `index` of that wakes: one flow, out of its slot now; or nobody, or several: then each was asked for with take(waiter), which
  // takes it out where it answers true.
  template <typename Take>
  [[nodiscard]] flow* deliver(std::size_t index, Take take) noexcept {
    std::uintptr_t edges = 0;
    slot* const here = target(index, edges);
    if (here == nullptr) return nullptr;
    waiter* const first = here->first();
    if (first != nullptr && first->at != waiter::place::descriptor) [[unlikely]] {
      wake(*here, edges, take);
      return nullptr;
    }
    const std::uintptr_t used = first == nullptr ? 0 : first->wants & edges;
    if (used == 0) {
      here->word |= edges;
      return nullptr;
    }
    here->word = ((here->word & kKept) | edges) & ~used;
    return static_cast<flow*>(first);
  }

  // Asks take(waiter) for everybody who waits for anything.
  template <typename Take>
  void take_all(Take take) noexcept {
    for (chunk* const here : chunks_) {
      if (here == nullptr) continue;
      for (slot& each : here->slots) {
        const std::uintptr_t kept = each.word & kKept;
        wake(each, kRead | kWrite, take);
        each.word = (each.word & ~kKept) | kept;
      }
    }
  }

  // Ends a poll that waits, or the next one, without an event of anybody. From any thread; never blocks.
  void interrupt() noexcept;

 private:
  static constexpr std::size_t kEvents = 256;

  static constexpr std::uintptr_t kRead = waiter::kRead;
  static constexpr std::uintptr_t kWrite = waiter::kWrite;
  // The other end said that it sends no more, or hung up: a reader that was woken by data is called once more, for the end behind it.
  static constexpr std::uintptr_t kEnd = 4;
  static constexpr std::uintptr_t kKept = kRead | kWrite | kEnd;
  static_assert(alignof(waiter) > kKept);

  struct slot {
    std::uintptr_t word = 0;

    [[nodiscard]] waiter* first() const noexcept { return reinterpret_cast<waiter*>(word & ~kKept); }
    void set_first(waiter* one) noexcept { word = (word & kKept) | reinterpret_cast<std::uintptr_t>(one); }
  };
  static constexpr std::size_t kChunkSize = 1024;
  static constexpr std::size_t kChunks = 8192;  // 8 million descriptors
  struct chunk {
    slot slots[kChunkSize];
  };

  [[nodiscard]] slot* find(int fd) const noexcept {
    if (static_cast<std::uint32_t>(fd) >= kChunkSize * kChunks) [[unlikely]] return nullptr;
    chunk* const here = chunks_[static_cast<std::uint32_t>(fd) / kChunkSize];
    return here == nullptr ? nullptr : &here->slots[static_cast<std::uint32_t>(fd) % kChunkSize];
  }
  [[nodiscard]] slot* make(int fd) noexcept;
  [[nodiscard]] int enroll(slot& here, int fd, std::uint32_t generation) noexcept;
  // The slot an event is for, and its edges; null where it is for nobody.
  [[nodiscard]] slot* target(std::size_t index, std::uintptr_t& edges) const noexcept;

  template <typename Take>
  static void wake(slot& here, std::uintptr_t edges, Take& take) noexcept {
    std::uintptr_t used = 0;
    waiter* stays = nullptr;
    watch* last = nullptr;
    for (waiter* each = here.first(); each != nullptr;) {
      watch* const as_watch = each->at == waiter::place::watch ? static_cast<watch*>(each) : nullptr;
      waiter* const next = as_watch == nullptr ? nullptr : as_watch->other;
      const std::uintptr_t wanted = each->wants & edges;
      if (wanted != 0 && take(*each)) {
        used |= wanted;
      } else {
        // Only a watch has something behind it, and only the last may be none.
        (last == nullptr ? stays : last->other) = each;
        last = as_watch;
        if (as_watch != nullptr) as_watch->other = nullptr;
      }
      each = next;
    }
    here.word = (((here.word & kKept) | edges) & ~used) | reinterpret_cast<std::uintptr_t>(stays);
  }

  int epoll_ = -1;
  int interrupt_ = -1;
  std::uint32_t number_ = 0;
  epoll_event events_[kEvents];
  chunk* chunks_[kChunks] = {};
};

}  // namespace flux::event

#endif
