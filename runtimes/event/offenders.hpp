// Names nodes that hold their loop for too long: everybody else on it waits meanwhile. Looks only while some loop has something to do.
#ifndef FLUX_EVENT_OFFENDERS_HPP
#define FLUX_EVENT_OFFENDERS_HPP

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "core/contract.hpp"
#include "core/futex.hpp"

namespace flux::event {

class loop;
class server;
class worker;

// A thread that looks at every loop several times within the time a node may take. Where it finds one twice in the same call it goes on
// looking until the call is over, and says how long it was.
//
// Thread safety: start and stop on the main thread; wake from any.
//
// A loop that has no core is not held by its node: what counts is how long its thread ran or slept there. A machine that is itself one of
// several on another loses time that nobody counts.
class offenders {
 public:
  explicit offenders(server& of) noexcept : server_(of) {}
  offenders(const offenders&) = delete;
  offenders& operator=(const offenders&) = delete;

  // `allowed`: nanoseconds. 0 or an errno.
  [[nodiscard]] int start(instant allowed) noexcept;
  void stop() noexcept;

  // A loop has something to do again. A load where it looks anyway.
  void wake() noexcept {
    if (dozing_.load(std::memory_order_seq_cst)) [[unlikely]] rouse();
  }

 private:
  // Nanoseconds that a thread has run, and could have run and had no core.
  struct times {
    instant ran = 0;
    instant waited = 0;
  };
  struct seen {
    std::uint64_t place = 0;
    // When it was seen there first and last, and what its thread had done by then. What came after that may be another node's.
    instant first = 0;
    instant last = 0;
    times at_first;
    times at_last;
    // How long it was found asleep there.
    instant slept = 0;
    std::uint64_t sleeps = 0;
  };

  static void* thread_main(void* argument) noexcept;
  void watch() noexcept;
  // True if the loop did something since the last look.
  [[nodiscard]] bool look(const event::loop& at, const worker& runs, seen& before, instant now);
  [[nodiscard]] static times times_of(int thread) noexcept;
  [[nodiscard]] static bool is_asleep(int thread) noexcept;
  void report(int node, instant held, instant now);
  void rouse() noexcept;

  server& server_;
  instant allowed_ = 0;
  pthread_t thread_{};
  bool started_ = false;
  std::atomic<bool> dozing_{false};
  std::atomic<bool> ends_{false};
  core::event_count changed_;
  // By node: when it may be named again.
  std::vector<instant> named_until_;
};

}  // namespace flux::event

#endif
