// Threads that call the nodes which may block: as many as are needed at once, up to a bound. They run no flows and acquire nothing.
#ifndef FLUX_EVENT_HELPER_THREADS_HPP
#define FLUX_EVENT_HELPER_THREADS_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/futex.hpp"
#include "core/readiness.hpp"
#include "event/ticket.hpp"

namespace flux::event {

class server;

// Thread safety: every member may be called from any thread, where nothing else is said.
//
// A job is a flow, or a watch of its ticket, that is parked with its call. One that has done it sends it back to its loop. The queue of
// jobs has no bound: a flow that waits there is in it with its own links.
//
// Invariant, true whenever guard_ is free: if a job is in the queue, no helper is idle, and there are as many as there may be, or no more
// can be made now.
class helpers {
 public:
  explicit helpers(server& of) noexcept : server_(of) {}
  helpers(const helpers&) = delete;
  helpers& operator=(const helpers&) = delete;

  // Before anything else.
  void configure(std::size_t most, std::size_t stack) noexcept {
    most_ = most;
    stack_ = stack;
  }

  enum class answer : std::uint8_t {
    taken,   // the job belongs to the helpers
    busy,    // all are busy, and it was not to be queued
    nobody   // there is no helper, and none can be made
  };
  // Where all are busy the job waits for one of them if it may. Never blocks for long.
  [[nodiscard]] answer put(waiter& job, bool may_queue) noexcept;
  // True: it was in the queue, and is not called. False: a helper has it.
  [[nodiscard]] bool take_back(waiter& job) noexcept;
  // What nobody has begun goes back to its loop without having been called.
  void send_back_all() noexcept;

  // Ends those that are idle. True: all have ended, or do so by the deadline. Main thread.
  [[nodiscard]] bool close(instant deadline) noexcept;

 private:
  // A thread, on its stack.
  struct helper {
    waiter* job = nullptr;
    std::atomic<std::uint32_t> signal{0};
    helper* next = nullptr;
  };

  static void* thread_main(void* argument) noexcept;
  void work() noexcept;
  void call(waiter& job) noexcept;
  [[nodiscard]] bool grow() noexcept;
  // No helper is left and none can be made: what other loops put into the queue, counting on the one that this loop was making, has nobody
  // else. `loop`: the calling one. Blocks as those nodes do.
  void call_abandoned(std::uint8_t loop) noexcept;
  // REQUIRES: guard_ is held.
  void append(waiter& job) noexcept;
  [[nodiscard]] waiter* next_job() noexcept;
  void remove(waiter& job) noexcept;

  server& server_;
  std::size_t most_ = 1;
  std::size_t stack_ = 0;

  core::futex_mutex guard_;
  // Linked in both directions.
  core::lock_waiter* first_ = nullptr;
  core::lock_waiter* last_ = nullptr;
  // The one that fell asleep last first: its caches are warm.
  helper* idle_ = nullptr;
  std::size_t threads_ = 0;
  bool closed_ = false;
  std::atomic<std::size_t> running_{0};
  core::event_count ended_;
};

}  // namespace flux::event

#endif
