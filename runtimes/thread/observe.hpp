// What a worker keeps for whoever looks at it: watchdog, profile, rank check. Nothing of it exists where nobody looks.
#ifndef FLUX_THREAD_OBSERVE_HPP
#define FLUX_THREAD_OBSERVE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/lifecycle.hpp"
#include "core/profile.hpp"
#include "thread/runtime.hpp"

namespace flux::thread {

// Thread safety: written by its worker; what is atomic is read by the watchdog at any time.
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

  // Null where nobody looks.
  static observation* make(const core::observers& with);

  core::profile* profile = nullptr;
  core::profile::shard* shard = nullptr;

  // What the flow is of, and whether it is an activation.
  std::atomic<std::uint16_t> source{0};
  std::atomic<bool> activation{false};
  // The flow waits for this lock, before this node; null: it does not. To be compared with others, not to be looked into.
  std::atomic<const lock*> wanted{nullptr};
  std::atomic<const char*> wanted_name{nullptr};
  std::atomic<flux::mode> wanted_how{flux::mode::read};
  std::atomic<int> wanted_for{-1};
  holding held[kMostHeld];
  std::atomic<std::size_t> held_count{0};

  // When the node was entered; when the last one was left, if nothing came in between (then the clock is read once for both).
  instant entered = 0;
  instant left = 0;
  instant path_since = 0;
};

}  // namespace flux::thread

#endif
