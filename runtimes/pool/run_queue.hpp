// Who runs next, and which worker: one queue for all, first in, first out, and the workers that have nothing to do.
//
// Polling for events is an entry of the queue like any other, and there is one of it: whoever takes it polls, puts what became ready at
// the end and the entry behind that. So the workers take turns in polling with no thread of its own for it, what is ready is served before it
// is asked for more, and no client that keeps the queue full keeps others from being seen.
#ifndef FLUX_POOL_RUN_QUEUE_HPP
#define FLUX_POOL_RUN_QUEUE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/futex.hpp"
#include "core/readiness.hpp"
#include "pool/runtime.hpp"

namespace flux::pool {

// Thread safety: every member may be called from any thread; those of a worker by that worker.
//
// Invariants, true whenever guard_ is free:
//   (1) The poll entry is in the queue, or one worker holds it, which is polling or about to.
//   (2) all_.size() = idle_ + active_ + (polls_asleep_ ? 1 : 0). A worker is active from the moment it is chosen to wake up.
//   (3) If the queue is not empty, some worker is active, or one is on its way.
//
// How many workers are active. One, while it keeps up: a wake-up costs as much as a request. A second, up to one a core, as soon as there
// is enough in the queue to be worth one. More than one a core only helps where nodes block inside, which nobody says; so while anything is
// active one of the idle workers looks every few milliseconds whether the queue moves. Where it does not, and fewer workers than there are
// cores could run if they had one, it wakes another.
class run_queue {
 public:
  using item = core::lock_waiter;

  run_queue() noexcept = default;
  run_queue(const run_queue&) = delete;
  run_queue& operator=(const run_queue&) = delete;

  // `interrupt` ends the poll of the worker that sleeps in it. Before anything else.
  void configure(std::span<const std::unique_ptr<worker>> workers, std::size_t cores, core::readiness& interrupt) noexcept;

  [[nodiscard]] bool is_poll(const item* one) const noexcept { return one == &poll_; }

  // The next entry; blocks until there is one. Null: the queue is closed. Where it is the poll entry, `may_sleep` says that nothing else
  // is ready, and after the poll `polled` must be called.
  [[nodiscard]] item* take(worker& w, bool& may_sleep) noexcept;

  // Puts what the poll woke at the end, the poll entry behind it, and takes the next. `price`: nanoseconds that a flow took of late.
  [[nodiscard]] item* polled(worker& w, core::waiter_chain woken, instant price, bool& may_sleep) noexcept;

  // Puts it at the end.
  void push(item& one) noexcept {
    core::waiter_chain chain;
    chain.add(one);
    push(chain);
  }
  void push(core::waiter_chain chain) noexcept;

  // Whether a flow that yielded would have to wait for anybody.
  [[nodiscard]] bool anybody_ready() const noexcept { return length_.load(std::memory_order_relaxed) != 0; }

  // Every take answers null from now on.
  void close() noexcept;

  // Entries ever taken out.
  [[nodiscard]] std::uint64_t taken() const noexcept { return taken_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t kWork = 1;
  static constexpr std::uint32_t kLook = 2;

  struct wake_ups {
    worker* work = nullptr;
    worker* look = nullptr;
    bool interrupt = false;
  };

  // REQUIRES of these: guard_ is held.
  void append(core::waiter_chain chain) noexcept;
  void append_poll() noexcept;
  [[nodiscard]] item* pop() noexcept;
  void choose(wake_ups& whom) noexcept;
  [[nodiscard]] worker* take_idle() noexcept;
  [[nodiscard]] item* take_or_rest(worker& w, bool& may_sleep) noexcept;

  void wake(const wake_ups& whom) noexcept;
  static void signal(worker& w, std::uint32_t bit) noexcept;
  // Blocks until the worker is to look at the queue again.
  void rest(worker& w) noexcept;
  // The lookout's part of that. True: it is to work.
  bool look(worker& w) noexcept;
  [[nodiscard]] bool somebody_is_blocked() noexcept;

  core::futex_mutex guard_;
  item poll_;
  bool poll_waits_ = false;
  item* first_ = nullptr;
  item* last_ = nullptr;
  std::atomic<std::size_t> length_{0};
  // Entries ever put in and taken out.
  std::uint64_t put_ = 0;
  std::atomic<std::uint64_t> taken_{0};

  std::size_t cores_ = 1;
  std::size_t idle_ = 0;
  std::size_t active_ = 0;
  bool polls_asleep_ = false;
  bool closed_ = false;
  // The idle ones but the lookout, the one that fell asleep last first: its caches are warm.
  worker* newest_idle_ = nullptr;
  worker* lookout_ = nullptr;
  // The lookout sleeps without an end: somebody must wake it when there is something to look at.
  bool lookout_dozes_ = false;
  // So many entries are worth waking another worker for.
  std::size_t worth_waking_ = 1;
  // What the lookout saw last: entries ever put in.
  std::uint64_t put_before_ = 0;
  int quiet_ = 0;
  std::span<const std::unique_ptr<worker>> all_;

  core::readiness* interrupt_ = nullptr;
};

}  // namespace flux::pool

#endif
