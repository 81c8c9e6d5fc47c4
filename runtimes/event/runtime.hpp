// The event loops: a flow runs on one of N loops, one thread each, and stays there for life.
//
// Whatever a loop does not share needs no lock and no atomic: its epoll set, its deadlines, its queue, the flows that are parked there.
// Others reach it through its inbox (loop.hpp): a lock that was granted elsewhere, a node that a helper thread has called, a new flow.
#ifndef FLUX_EVENT_RUNTIME_HPP
#define FLUX_EVENT_RUNTIME_HPP

#include <atomic>
#include <cstdint>
#include <cstring>
#include <span>

#include "core/clock.hpp"
#include "core/contract.hpp"
#include "core/rw_lock.hpp"
#include "core/sanitizers.hpp"

namespace flux::event {

class loop;
class server;
struct feed;
struct flow;
struct ticket;

// What can be in a list: of those ready, of a descriptor, of a lock, of deadlines, of jobs for helpers. It has one pair of links, so it is
// in one list at a time; a flow that waits in two at once has a ticket, which has more. (A flow that waits for its one descriptor is found
// by the number of that, and so has its links for its deadline.)
//
// What is parked is mostly this: every field counts ten thousand times. No padding follows it that the program's own part cannot use.
struct waiter : core::lock_waiter {
  // Where it is parked. What `word` means depends on it.
  enum class place : std::uint8_t {
    nowhere,     // it runs, or is about to
    descriptor,  // a flow: descriptor and when its time is over
    lock,        // a flow: the lock
    helper,      // a flow: the call that a helper makes for it
    ticket,      // a flow: its ticket
    watch,       // no flow, but one of the waiters of a ticket
    timer        // no flow, but a ticket in the list of deadlines
  };
  static constexpr std::uint8_t kRead = 1;
  static constexpr std::uint8_t kWrite = 2;

  waiter() noexcept = default;

  // Of its loop, from 1. Read by others, who may wake it; everything else is its loop's own.
  std::uint8_t loop = 0;
  // What it waits for of its descriptor.
  std::uint8_t wants : 2 = 0;
  place at : 3 = place::nowhere;
  // It is in the list of deadlines. A flow may go on being there while it runs: mostly it parks again with a later one.
  bool timed : 1 = false;
  // The flow of a source itself, which ends in a spawn.
  bool activation : 1 = false;
  // The stop was passed on to it; from then on only the end of the drain ends its waits.
  bool told : 1 = false;

  void want(bool writable) noexcept {
    wants = kRead;
    if (writable) wants = kWrite;
  }
  [[nodiscard]] int descriptor() const noexcept { return static_cast<int>(word_[0]); }
  void set_descriptor(int fd) noexcept { word_[0] = static_cast<std::uint32_t>(fd); }
  // In units of the wheel, modulo 2^32.
  [[nodiscard]] std::uint32_t due() const noexcept { return word_[1]; }
  void set_due(std::uint32_t units) noexcept { word_[1] = units; }

  // The lock, the call, or the ticket.
  template <typename Pointer>
  [[nodiscard]] Pointer parked_with() const noexcept {
    static_assert(sizeof(Pointer) <= sizeof word_);
    Pointer with;
    std::memcpy(&with, word_, sizeof with);
    return with;
  }
  template <typename Pointer>
  void park(place where, Pointer with) noexcept {
    static_assert(sizeof(Pointer) <= sizeof word_);
    at = where;
    std::memcpy(word_, &with, sizeof with);
  }

 private:
  std::uint32_t word_[2] = {};
};

// The part of a record that is the runtime's.
struct flow : flux::flow, waiter {
  using waiter::loop;
};

// A lock of program scope.
using lock = core::rw_lock;

// What a loop runs flows with; and the thread of a source that may block inside, which runs the activations of that source and waits
// where a loop would park them.
//
// Thread safety: the members generated code calls are called by the thread itself; place_ is read at any time.
class alignas(64) worker {
 public:
  using flow = event::flow;
  using lock = event::lock;

  // `on` is null for the thread of a source.
  worker(server& of, event::loop* on);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  // Never blocks, but on the thread of a source.
  parked wait(flow& f, std::span<const interest> interests, instant deadline) noexcept;

  // Never blocks, but on the thread of a source.
  parked acquire(flow& f, lock& l, mode how, instant deadline) noexcept {
    if (!observed_ && (alone_ ? l.try_acquire_alone(how) : l.try_acquire(how))) [[likely]] {
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
    core::lock_waiter* const granted = alone_ ? held.lock->release_alone(held.mode) : held.lock->release(held.mode);
    if (granted != nullptr) [[unlikely]] wake_granted(granted);
  }

  // A helper calls it, and the flow goes on on its own loop. The thread of a source calls it itself, and blocks as the node does.
  parked offload(flow& f, void (*call)(flux::flow&) noexcept, instant deadline) noexcept;

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
  friend class event::loop;
  friend class server;
  friend class offenders;

  // Nodes a flow may run before others that are ready have their turn, and before those have it who are not yet known to be ready.
  static constexpr std::uint64_t kBudget = 32;
  static constexpr std::uint64_t kLongBudget = 256;
  static constexpr std::uint64_t kOneStep = std::uint64_t{1} << 32;

  // What became of the flow that step ran.
  enum class fate : std::uint8_t { parked, ended, claimed };

  parked claimed() noexcept {
    fate_ = fate::claimed;
    return parked::yes;
  }
  parked acquire_slowly(flow& f, lock& l, mode how, instant deadline) noexcept;
  parked queue_for(flow& f, lock& l, mode how, instant deadline) noexcept;
  parked yield_slowly(flow& f) noexcept;
  void wake_granted(core::lock_waiter* granted) noexcept;
  void set_engaged(const flow& f, bool now) noexcept;
  // The thread of a source blocks in these; claimed where the drain is over.
  parked wait_here(flow& f, std::span<const interest> interests, instant deadline) noexcept;
  parked queue_here(flow& f, lock& l, mode how, instant deadline) noexcept;
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
  // ThreadSanitizer takes a lock for a thread's; other flows run there while one is parked, and a helper calls nodes of it.
  void note_parking(flow& f) noexcept;
  void note_resumed(flow& f) noexcept;
  [[nodiscard]] bool inside_node() const noexcept { return static_cast<std::uint32_t>(place_.load()) != 0; }

  server& server_;
  // Null on the thread of a source.
  event::loop* const loop_;
  // Profile, watchdog or rank check looks at every acquisition and node.
  const bool observed_;
  // No other thread acquires anything. Set before anything runs.
  bool alone_ = false;
  fate fate_ = fate::parked;
  // A helper has called a node since the flow began to run: an edge that came meanwhile may have woken another, so its wait asks first.
  bool asks_ = false;

  // Number of node calls in the upper half, node + 1 in the lower, 0 there outside of nodes.
  std::atomic<std::uint64_t> place_{0};
  std::uint64_t steps_ = 0;
  std::uint64_t steps_at_start_ = 0;
  // As the kernel calls it; 0 before it runs.
  std::atomic<int> kernel_thread_{0};
};

static_assert(worker_contract<worker>);

// Runs a program from main to its end and returns the exit code. Blocks.
int run(const program<worker>& program, int argc, char** argv);

}  // namespace flux::event

#endif
