// What is kept of a flow for whoever looks at it, where flows change threads: watchdog, profile, rank check. It lies behind the flow's
// record, and nothing of it exists where nobody looks.
#ifndef FLUX_CORE_FLOW_OBSERVATION_HPP
#define FLUX_CORE_FLOW_OBSERVATION_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/clock.hpp"
#include "core/contract.hpp"
#include "core/futex.hpp"
#include "core/lifecycle.hpp"
#include "core/profile.hpp"
#include "core/rw_lock.hpp"
#include "core/sanitizers.hpp"
#include "core/watchdog.hpp"

namespace flux::core {

// Of one flow.
//
// Thread safety: the members are called by the worker that runs the flow; what is atomic is read by the watchdog at any time.
class flow_observation {
 public:
  using node_of_state = int (*)(std::uint16_t) noexcept;

  flow_observation(std::uint16_t source, bool activation, profile* to) noexcept;

  // Acquires, by `queue()` where it cannot be had at once, which answers as worker_contract's acquire does. After parked::yes the flow may
  // be gone; `granted` is then called when it goes on.
  template <typename Queue>
  [[nodiscard]] parked acquire(flux::flow& f, rw_lock& l, mode how, node_of_state node_of, Queue queue) noexcept {
    begins_to_want();
    if (l.try_acquire(how)) {
      note_acquired(&l, how == mode::read);
      f.error = 0;
    } else {
      wants(l, how, node_of(f.state));
      if (queue() == parked::yes) return parked::yes;
    }
    granted(f, l, how, node_of);
    return parked::no;
  }
  // It waits no more; f.error says whether it has the lock.
  void granted(const flux::flow& f, rw_lock& l, mode how, node_of_state node_of) noexcept;
  void released(held_lock<rw_lock> released) noexcept;

  void starts(instant at) noexcept { started_ = at; }
  [[nodiscard]] instant since_start() const noexcept { return now() - started_; }
  void entered(int node) noexcept;
  void left(int node) noexcept;
  // What the flow waits is no time of its next node.
  void parks() noexcept { left_ = 0; }
  void path(const flux::flow& f, int unit) noexcept;

 private:
  friend class flow_observations;

  // A lock that is held. More than kMostHeld are held, but not seen. Whoever looks may be late: the lock of a key may have been given back
  // and be gone, but not its name, which is a literal of the program.
  struct holding {
    std::atomic<const rw_lock*> what{nullptr};
    std::atomic<const char*> name{nullptr};
    std::atomic<mode> how{mode::read};
    instant since = 0;
  };
  static constexpr std::size_t kMostHeld = 16;
  static constexpr std::uint64_t kOneStep = std::uint64_t{1} << 32;

  void begins_to_want() noexcept;
  void wants(const rw_lock& l, mode how, int node) noexcept;
  [[nodiscard]] sighting seen() noexcept;

  // What the flow is of, and whether it is an activation.
  const std::uint16_t source_;
  const bool activation_;
  // Number of node calls in the upper half, node + 1 in the lower, 0 there outside of nodes.
  std::atomic<std::uint64_t> place_{0};
  // The flow waits for this lock, before this node; null: it does not. To be compared with others, not to be looked into.
  std::atomic<const rw_lock*> wanted_{nullptr};
  std::atomic<const char*> wanted_name_{nullptr};
  std::atomic<mode> wanted_how_{mode::read};
  std::atomic<int> wanted_for_{-1};
  holding held_[kMostHeld];
  std::atomic<std::size_t> held_count_{0};

  // When the flow started.
  instant started_ = 0;
  // When it began to wait for `wanted`; when its node was entered; when the last one was left, if nothing came in between (then the
  // clock is read once for both).
  instant wanted_since_ = 0;
  instant entered_ = 0;
  instant left_ = 0;
  instant path_since_ = 0;
  // Null where there is none.
  profile* const profile_;
  profile::shard* const shard_;

  // Of the list of all, guarded by its mutex.
  flow_observation* next_ = nullptr;
  flow_observation* previous_ = nullptr;
};

// Those of all flows of a server.
//
// Thread safety: every member but configure may be called from any thread; begin and end of a flow by whoever has its record.
class flow_observations {
 public:
  // Before anything else. What the program says of its records is as records without an observation are.
  void configure(const observers& with, std::size_t record_size, std::size_t record_alignment) noexcept;

  // Whether anybody looks. Where nobody does, begin, end and of must not be called.
  [[nodiscard]] bool on() const noexcept { return on_; }
  // Of a record with its observation, if there is one.
  [[nodiscard]] std::size_t record_size() const noexcept { return size_; }
  [[nodiscard]] std::size_t record_alignment() const noexcept { return alignment_; }

  void begin(flux::flow& f, bool activation) noexcept;
  void end(const flux::flow& f) noexcept;
  [[nodiscard]] flow_observation& of(const flux::flow& f) const noexcept;

  // No flow comes or goes meanwhile.
  void show(watchdog& to) noexcept;

 private:
  profile* profile_ = nullptr;
  bool on_ = false;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::size_t alignment_ = 0;

  futex_mutex mutex_;
  flow_observation* first_ = nullptr;
};

}  // namespace flux::core

#endif
