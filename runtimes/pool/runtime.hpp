// The thread pool: a flow runs on any of K workers from one wait to the next, and holds none while it waits.
//
// A flow is in one place at a time: with the worker that runs it, in the run queue, or parked (with a descriptor, a lock, a deadline).
// What finds it parked and takes it away is one of several that race: `claimed` decides between descriptors and deadline, the queue of
// the lock between grant and deadline. Whoever wins takes the flow out of every other list before anybody runs it, so nothing that
// is in a list is ever of a flow that has gone on.
#ifndef FLUX_POOL_RUNTIME_HPP
#define FLUX_POOL_RUNTIME_HPP

#include <atomic>
#include <cstdint>
#include <span>

#include "core/clock.hpp"
#include "core/contract.hpp"
#include "core/readiness.hpp"
#include "core/rw_lock.hpp"
#include "core/sanitizers.hpp"
#include "core/timer_wheel.hpp"

namespace flux::pool {

class server;
struct several;

// The part of a record that is the runtime's. The links of core::lock_waiter are those of the run queue too; core::timer is the deadline
// while it is parked.
//
// What is parked is mostly this: every field counts ten thousand times. No padding follows it that the program's own part cannot use.
struct flow : flux::flow, core::descriptor_waiter, core::timer {
  // What it is parked with beside the deadline: the lock, or the descriptors where they are several or blocking. Null: its one descriptor.
  [[nodiscard]] core::rw_lock* wanted() const noexcept { return for_lock ? static_cast<core::rw_lock*>(parked_with) : nullptr; }
  [[nodiscard]] pool::several* several() const noexcept { return for_lock ? nullptr : static_cast<pool::several*>(parked_with); }
  void set_wanted(core::rw_lock* to) noexcept {
    for_lock = to != nullptr;
    parked_with = to;
  }
  void set_several(pool::several* to) noexcept {
    for_lock = false;
    parked_with = to;
  }

  void* parked_with = nullptr;
  // It is parked with descriptors and nobody has taken it yet: true -> false is the wake-up.
  std::atomic<bool> claimable{false};
  // `parked_with` is a lock. Read by whoever fires its deadline, and so no neighbour of the bits below.
  bool for_lock = false;
  // Has a deadline armed, or did until somebody else won.
  bool timed : 1 = false;
  // The flow of a source itself, which ends in a spawn.
  bool activation : 1 = false;
  // Has not been run yet: it counts against the bound of the queue.
  bool fresh : 1 = false;
  // The stop was passed on to it; from then on only the end of the drain ends its waits.
  bool told : 1 = false;
};

// A lock of program scope.
using lock = core::rw_lock;

// One thread that runs flows.
//
// Thread safety: the members generated code calls are called by the thread itself; place_ is read at any time.
class alignas(64) worker {
 public:
  using flow = pool::flow;
  using lock = pool::lock;

  explicit worker(server& of);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  // Never blocks.
  parked wait(flow& f, std::span<const interest> interests, instant deadline) noexcept;

  // Never blocks.
  parked acquire(flow& f, lock& l, mode how, instant deadline) noexcept {
    if (!observed_ && l.try_acquire(how)) [[likely]] {
      core::note_acquired(&l, how == mode::read);
      f.error = 0;
      return parked::no;
    }
    return acquire_slowly(f, l, how, deadline);
  }

  // Never blocks.
  void release(flow& f, held_lock<lock> held) noexcept {
    if (observed_) [[unlikely]] note_released(f, held);
    core::note_release(held.lock, held.mode == mode::read);
    core::lock_waiter* const granted = held.lock->release(held.mode);
    if (granted != nullptr) [[unlikely]] wake_granted(granted);
  }

  // A node that blocks blocks its worker. Blocks as the node does.
  parked offload(flow& f, void (*call)(flux::flow&) noexcept, instant) noexcept {
    call(f);
    return parked::no;
  }

  // A flow that has run for a while goes to the end of the queue. Never blocks.
  parked yield(flow& f) noexcept {
    f.error = 0;
    return steps_ - steps_at_start_ < kBudget * kOneStep ? parked::no : yield_slowly(f);
  }

  [[nodiscard]] instant now() const noexcept { return core::now(); }
  [[nodiscard]] static instant deadline_after(instant length) noexcept { return core::deadline_after(length); }

  // Blocks only as malloc does.
  flux::flow* fresh(flow& f) noexcept;
  // Never blocks: there was room for it before its source was called.
  void spawn(flow& f, flux::flow& started) noexcept;
  void end(flow& f, ending how) noexcept;

  void enter(flow& f, int node) noexcept {
    steps_ += kOneStep;
    place_.store(steps_ | static_cast<std::uint32_t>(node + 1), std::memory_order_relaxed);
    if (observed_) [[unlikely]] note_entered(f, node);
  }
  void leave(flow& f, int node) noexcept {
    place_.store(steps_, std::memory_order_relaxed);
    if (observed_) [[unlikely]] note_left(f, node);
  }
  void enter_source(flow& f, int node) noexcept {
    if (f.activation) set_engaged(f, false);
    enter(f, node);
  }
  // Never blocks.
  parked leave_source(flow& f, int node) noexcept;
  void failed(flow& f, int node) noexcept;
  void path(flow& f, int unit) noexcept {
    if (observed_) [[unlikely]] count_path(f, unit);
    f.path = 0;
  }

 private:
  friend class run_queue;
  friend class server;

  // Nodes a flow may run before others that are ready have their turn.
  static constexpr std::uint64_t kBudget = 32;
  static constexpr std::uint64_t kOneStep = std::uint64_t{1} << 32;

  // What became of the flow that step ran.
  enum class fate : std::uint8_t { parked, ended, claimed };

  parked wait_for_one(flow& f, const interest& one, instant deadline) noexcept;
  parked wait_for_several(flow& f, std::span<const interest> interests, instant deadline) noexcept;
  parked claimed() noexcept {
    fate_ = fate::claimed;
    return parked::yes;
  }
  parked acquire_slowly(flow& f, lock& l, mode how, instant deadline) noexcept;
  parked queue_for(flow& f, lock& l, mode how, instant deadline) noexcept;
  parked yield_slowly(flow& f) noexcept;
  void wake_granted(core::lock_waiter* granted) noexcept;
  void set_engaged(const flow& f, bool now) noexcept;
  // In observe.cpp, where somebody looks.
  parked acquire_observed(flow& f, lock& l, mode how, instant deadline) noexcept;
  void note_granted(flow& f, lock& l, mode how) noexcept;
  void note_released(flow& f, held_lock<lock> held) noexcept;
  void note_entered(flow& f, int node) noexcept;
  void note_left(flow& f, int node) noexcept;
  void note_parked(flow& f) noexcept;
  void count_path(const flow& f, int unit) noexcept;

  // Runs a flow or activation until it ended or was parked, or the drain claimed it and it was destroyed. Blocks as its nodes do.
  fate run(flow& f) noexcept;
  // ThreadSanitizer takes a lock for a thread's; a flow takes what it holds along to another.
  void note_parking(flow& f) noexcept;
  void note_resumed(flow& f) noexcept;
  [[nodiscard]] bool inside_node() const noexcept { return static_cast<std::uint32_t>(place_.load()) != 0; }

  server& server_;
  // Profile, watchdog or rank check looks at every acquisition and node.
  const bool observed_;
  fate fate_ = fate::parked;

  // Number of node calls in the upper half, node + 1 in the lower, 0 there outside of nodes.
  std::atomic<std::uint64_t> place_{0};
  std::uint64_t steps_ = 0;
  std::uint64_t steps_at_start_ = 0;

  // Of the run queue: what this worker sleeps on, and the next that sleeps.
  std::atomic<std::uint32_t> signal_{0};
  worker* next_idle_ = nullptr;
  unsigned long thread_ = 0;
  // As the kernel calls it; 0 before it runs.
  std::atomic<int> kernel_thread_{0};
};

static_assert(worker_contract<worker>);

// Runs a program from main to its end and returns the exit code. Blocks.
int run(const program<worker>& program, int argc, char** argv);

}  // namespace flux::pool

#endif
