// The test runtime: one thread, a virtual clock, and every freedom that the contract gives a runtime, used on purpose.
//
// It parks a flow wherever it may, runs what is ready in any order it is told, calls `blocking` nodes on another thread, and
// checks all along that generated code keeps its side. It measures nothing and serves nobody: a source without a `wait` that
// blocks inside blocks everything. Time stands still while anything can run and then jumps to the next timer.
#ifndef FLUX_TEST_RUNTIME_HPP
#define FLUX_TEST_RUNTIME_HPP

#include <span>

#include "core/contract.hpp"
#include "lock.hpp"

namespace flux::test {

class scheduler;

// The part of a record that is the runtime's. All that a flow waits for lies in `control`, outside the record: while the flow
// is parked nobody, the runtime included, can touch the record (record_memory.hpp).
struct flow : flux::flow {
  control* self = nullptr;
};

class worker {
 public:
  using flow = test::flow;
  using lock = test::lock;

  explicit worker(scheduler& of) noexcept : scheduler_(of) {}

  parked wait(flow& f, std::span<const interest> interests, instant deadline) noexcept;
  parked acquire(flow& f, lock& l, mode m, instant deadline) noexcept;
  void release(flow& f, held_lock<lock> held) noexcept;
  parked offload(flow& f, void (*call)(flux::flow&) noexcept, instant deadline) noexcept;
  parked yield(flow& f) noexcept;
  [[nodiscard]] instant now() const noexcept;
  [[nodiscard]] instant deadline_after(instant length) const noexcept;
  flux::flow* fresh(flow& f) noexcept;
  void spawn(flow& f, flux::flow& started) noexcept;
  void end(flow& f, ending how) noexcept;
  void enter(flow& f, int node) noexcept;
  void leave(flow& f, int node) noexcept;
  void enter_source(flow& f, int node) noexcept;
  parked leave_source(flow& f, int node) noexcept;
  void failed(flow& f, int node) noexcept;
  void path(flow& f, int unit) noexcept;

 private:
  scheduler& scheduler_;
};

static_assert(worker_contract<worker>);

// Runs a program to its end and returns the exit code of the process. Blocks.
int run(const program<worker>& program, int argc, char** argv);

}  // namespace flux::test

#endif
