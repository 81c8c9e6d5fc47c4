// What is kept of a flow for whoever looks at it: watchdog, profile, rank check. Nothing of it exists where nobody looks.
#ifndef FLUX_EVENT_OBSERVE_HPP
#define FLUX_EVENT_OBSERVE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/futex.hpp"
#include "core/lifecycle.hpp"
#include "core/profile.hpp"
#include "event/runtime.hpp"

namespace flux::event {

// Of one flow; lies behind its record, in the same block.
//
// Thread safety: written by the worker that runs the flow; what is atomic is read by the watchdog at any time.
struct observation {
  // A lock that is held. More than kMostHeld are held, but not seen. Whoever looks may be late: the lock of a key may have been given back
  // and be gone, but not its name, which is a literal of the program.
  struct holding {
    std::atomic<const lock*> what{nullptr};
    std::atomic<const char*> name{nullptr};
    std::atomic<flux::mode> how{flux::mode::read};
    instant since = 0;
  };
  static constexpr std::size_t kMostHeld = 16;

  // What the flow is of, and whether it is an activation.
  std::uint16_t source = 0;
  bool activation = false;
  // Number of node calls in the upper half, node + 1 in the lower, 0 there outside of nodes.
  std::atomic<std::uint64_t> place{0};
  // The flow waits for this lock, before this node; null: it does not. To be compared with others, not to be looked into.
  std::atomic<const lock*> wanted{nullptr};
  std::atomic<const char*> wanted_name{nullptr};
  std::atomic<flux::mode> wanted_how{flux::mode::read};
  std::atomic<int> wanted_for{-1};
  holding held[kMostHeld];
  std::atomic<std::size_t> held_count{0};

  // When the flow started.
  instant started = 0;
  // When it began to wait for `wanted`; when its node was entered; when the last one was left, if nothing came in between (then the
  // clock is read once for both).
  instant wanted_since = 0;
  instant entered = 0;
  instant left = 0;
  instant path_since = 0;
  core::profile::shard* shard = nullptr;

  // Of the list of all, guarded by its mutex.
  observation* next = nullptr;
  observation* previous = nullptr;
};

// All observations of a server.
//
// Thread safety: every member may be called from any thread.
class observations {
 public:
  void add(observation& one) noexcept;
  void remove(observation& one) noexcept;

  // Calls visit(observation) for every flow while none can come or go.
  template <typename Visit>
  void each(Visit visit) noexcept {
    const core::futex_guard held(mutex_);
    for (observation* one = first_; one != nullptr; one = one->next) visit(*one);
  }

 private:
  core::futex_mutex mutex_;
  observation* first_ = nullptr;
};

}  // namespace flux::event

#endif
