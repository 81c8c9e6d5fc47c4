// The threads that run flows: made when needed, kept for the next flow, ended when they have had nothing to do for a while.
#ifndef FLUX_THREAD_CREW_HPP
#define FLUX_THREAD_CREW_HPP

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/futex.hpp"
#include "core/report.hpp"
#include "thread/runtime.hpp"

namespace flux::thread {

// Thread safety: every member may be called from any thread.
//
// Invariants, true whenever mutex_ is free:
//   (1) threads_ is the number of workers in all_ plus those that are just being made; at most maximum_.
//   (2) The idle list holds those that sleep for work, the one that finished last first: its stack is warm, and those at the
//       other end grow old and leave.
class crew {
 public:
  crew(server& of, core::event_count& changed) noexcept : server_(of), changed_(changed) {}
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  void configure(std::size_t maximum, std::size_t stack_bytes) noexcept;

  // True if a flow could start now. seq_cst; `changed` is notified when it becomes true. Never blocks.
  [[nodiscard]] bool has_room() const noexcept {
    return idle_count_.load(std::memory_order_seq_cst) != 0 || threads_.load(std::memory_order_seq_cst) < maximum_;
  }

  [[nodiscard]] std::size_t most() const noexcept { return maximum_; }

  // Gives `f` a thread, the one that became idle last or a new one. Blocks until there is one. False: the server destroys what it has,
  // and the flow has not been started.
  [[nodiscard]] bool start(flow& f) noexcept;

  // A flow has been started and waits for a thread: who has none at hand must not look for another. Never blocks.
  [[nodiscard]] bool is_awaited() const noexcept { return awaited_.load(std::memory_order_relaxed) != 0; }

  // Tells every worker that whatever it parks on is to be destroyed. After begin_destroying. Never blocks for long.
  void doom() noexcept;

  // Ends the threads that are idle or become so, and waits for them. False if some are still busy at the deadline.
  [[nodiscard]] bool close(instant deadline) noexcept;

  // Calls visit(worker) for every worker while none can come or go.
  template <typename Visit>
  void each(Visit visit) noexcept {
    const core::futex_guard held(mutex_);
    for (worker* w = all_; w != nullptr; w = w->next_) visit(*w);
  }

  // A thread of a source, which is in `each` and is doomed with the others, and is not counted.
  void enlist(worker& w) noexcept;
  void dismiss(worker& w) noexcept;

 private:
  static void* thread_main(void* argument) noexcept;
  void work(worker& w) noexcept;
  // Waits for the next flow. False: the thread is to end, and is in no list any more.
  bool rest(worker& w) noexcept;
  int make(flow& f) noexcept;
  void leave(worker& w) noexcept;
  void push_idle(worker& w) noexcept;
  void remove_idle(worker& w) noexcept;

  server& server_;
  core::event_count& changed_;
  std::size_t maximum_ = 0;
  std::size_t stack_bytes_ = 0;

  core::futex_mutex mutex_;
  worker* all_ = nullptr;
  worker* newest_idle_ = nullptr;
  bool closing_ = false;
  // The thread that ended last. Whoever ends next joins it, so at most one is unjoined.
  pthread_t ended_{};
  bool has_ended_ = false;
  core::once_a_second complaint_;

  std::atomic<std::size_t> threads_{0};
  std::atomic<std::size_t> idle_count_{0};
  std::atomic<std::size_t> awaited_{0};
};

}  // namespace flux::thread

#endif
