// Thread-per-connection: a flow has a kernel thread of its own from its source to its end, and where it must wait the thread blocks.
//
// So no call below ever answers parked::yes for a flow that will go on. It does for one that the drain claimed: step returns, and the
// thread that ran it destroys it (`program.abandon`). That is the only use of parked::yes here.
#ifndef FLUX_THREAD_RUNTIME_HPP
#define FLUX_THREAD_RUNTIME_HPP

#include <atomic>
#include <cstdint>
#include <span>

#include "core/clock.hpp"
#include "core/contract.hpp"
#include "core/rw_lock.hpp"
#include "core/sanitizers.hpp"

namespace flux::core {
class record_heap;
}

namespace flux::thread {

class server;
struct observation;

// The part of a record that is the runtime's.
struct flow : flux::flow {
  // Where its memory goes when it ends.
  core::record_heap* heap = nullptr;
  // When it started, where that is measured.
  instant started = 0;
  // The flow of a source itself, which ends in a spawn.
  bool activation = false;
};

// A lock of program scope.
using lock = core::rw_lock;

// One thread and what it is doing.
//
// Thread safety: the members generated code calls are called by the thread itself; wake by any. place_ and waits_for_ are read by the
// watchdog at any time, as is `observation`.
class alignas(64) worker {
 public:
  using flow = thread::flow;
  using lock = thread::lock;

  explicit worker(server& of);
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  // Blocks.
  parked wait(flow& f, std::span<const interest> interests, instant deadline) noexcept;

  // Blocks.
  parked acquire(flow& f, lock& l, mode how, instant deadline) noexcept {
    if (observed_ == nullptr && l.try_acquire(how)) [[likely]] {
      core::note_acquired(&l, how == mode::read);
      f.error = 0;
      return parked::no;
    }
    return acquire_slowly(f, l, how, deadline);
  }

  // Never blocks.
  void release(flow&, held_lock<lock> held) noexcept {
    if (observed_ != nullptr) [[unlikely]] note_released(held);
    core::note_release(held.lock, held.mode == mode::read);
    core::lock_waiter* const granted = held.lock->release(held.mode);
    if (granted != nullptr) [[unlikely]] wake_granted(granted);
  }

  // A node that blocks may block here. Blocks as the node does.
  parked offload(flow& f, void (*call)(flux::flow&) noexcept, instant) noexcept {
    call(f);
    return parked::no;
  }

  // The kernel is fair between threads; only the end of the drain can take a flow that never waits. Never blocks.
  parked yield(flow& f) noexcept {
    f.error = 0;
    return (signal_.load(std::memory_order_relaxed) & kDoomed) != 0 ? parked::yes : parked::no;
  }

  [[nodiscard]] instant now() const noexcept { return core::now(); }
  [[nodiscard]] static instant deadline_after(instant length) noexcept { return core::deadline_after(length); }

  // Blocks only as malloc does.
  flux::flow* fresh(flow& f) noexcept;
  // Blocks until there is a thread for it: the source releases everything before, so nothing waits for what it holds.
  void spawn(flow& f, flux::flow& started) noexcept;
  void end(flow& f, ending how) noexcept;

  void enter(flow&, int node) noexcept {
    steps_ += kOneStep;
    place_.store(steps_ | static_cast<std::uint32_t>(node + 1), std::memory_order_relaxed);
    if (profiled_) [[unlikely]] measure_enter();
  }
  void leave(flow&, int node) noexcept {
    place_.store(steps_, std::memory_order_relaxed);
    if (profiled_) [[unlikely]] measure_leave(node);
  }
  void enter_source(flow& f, int node) noexcept {
    if (f.activation) set_engaged(false);
    enter(f, node);
  }
  // Never blocks.
  parked leave_source(flow& f, int node) noexcept;
  void failed(flow& f, int node) noexcept;
  void path(flow& f, int unit) noexcept {
    if (profiled_) [[unlikely]] count_path(f, unit);
    f.path = 0;
  }

 private:
  friend class crew;
  friend class server;

  // Bits of signal_. Doomed is never taken back: whatever parks from then on is destroyed.
  static constexpr std::uint32_t kGranted = 1;
  static constexpr std::uint32_t kDoomed = 2;
  static constexpr std::uint32_t kWork = 4;
  static constexpr std::uint64_t kOneStep = std::uint64_t{1} << 32;

  parked acquire_slowly(flow& f, lock& l, mode how, instant deadline) noexcept;
  parked queue_for(flow& f, lock& l, mode how, instant deadline) noexcept;
  void wake_granted(core::lock_waiter* granted) noexcept;
  // In observe.cpp, where somebody looks.
  parked acquire_observed(flow& f, lock& l, mode how, instant deadline) noexcept;
  void note_released(held_lock<lock> held) noexcept;
  void measure_start(const flow& f) noexcept;
  void measure_enter() noexcept;
  void measure_leave(int node) noexcept;
  void count_path(const flow& f, int unit) noexcept;

  // Blocks until a bit of `bits` is set, or the deadline; takes those bits but kDoomed, and returns what it saw of them.
  std::uint32_t sleep(std::uint32_t bits, instant deadline) noexcept;
  void wake(std::uint32_t bit) noexcept;
  // Runs a flow or activation until it ended or the drain claimed it. Blocks.
  void run(flow& f) noexcept;
  // An activation does something that the drain waits for.
  [[nodiscard]] bool engaged() const noexcept { return engaged_.load(std::memory_order_seq_cst); }
  void set_engaged(bool now) noexcept;
  [[nodiscard]] bool inside_node() const noexcept { return static_cast<std::uint32_t>(place_.load()) != 0; }

  server& server_;
  // Null unless something looks at every acquisition: profile, watchdog or rank check. Owned.
  observation* const observed_;
  const bool profiled_;
  // The stop was passed on to this flow; from then on only the end of the drain ends its waits.
  bool told_ = false;
  // How the last activation went: 0, or what it failed with; and whether a handler was told of it.
  std::int32_t outcome_ = 0;
  bool handled_ = false;
  // Its steps when it failed: a handler is a step more.
  std::uint64_t failed_at_ = 0;
  // The drain has destroyed what ran last.
  bool claimed_ = false;
  // The activation that ran last waits for its listener: it goes on with the next call of its source.
  bool parked_ = false;
  // It calls a source that listens: what that starts is not given to another yet.
  bool keeps_flow_ = false;

  // Number of node calls in the upper half, node + 1 in the lower, 0 there outside of nodes.
  std::atomic<std::uint64_t> place_{0};
  std::uint64_t steps_ = 0;
  std::atomic<std::uint32_t> signal_{0};
  std::atomic<bool> engaged_{false};

  flow* current_ = nullptr;
  flow* next_flow_ = nullptr;

  // Of the crew, guarded by its mutex.
  worker* next_ = nullptr;
  worker* previous_ = nullptr;
  worker* next_idle_ = nullptr;
  worker* previous_idle_ = nullptr;
  bool idle_ = false;
  unsigned long thread_ = 0;
};

static_assert(worker_contract<worker>);

// Runs a program from main to its end and returns the exit code. Blocks.
int run(const program<worker>& program, int argc, char** argv);

}  // namespace flux::thread

#endif
