// A program running on threads: its sources, each with a thread of its own, and what a worker asks of the program.
#ifndef FLUX_THREAD_SERVER_HPP
#define FLUX_THREAD_SERVER_HPP

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/counts.hpp"
#include "core/futex.hpp"
#include "core/lifecycle.hpp"
#include "core/record_heap.hpp"
#include "core/report.hpp"
#include "core/source.hpp"
#include "flux/socket.hpp"
#include "thread/crew.hpp"
#include "thread/runtime.hpp"

namespace flux::thread {

struct settings {
  std::int64_t threads;
  std::int64_t stack;
};

// `from` is read when it starts: by then the options have been taken.
//
// Thread safety: the engine's members on the main thread; the others as said.
class server final : public core::engine {
 public:
  server(const program<worker>& program, const settings& from);
  ~server() override;

  // core::engine
  [[nodiscard]] int start(const core::observers& with) noexcept override;
  void show(core::watchdog& to) noexcept override;
  void stop() noexcept override;
  [[nodiscard]] bool drained(instant deadline) noexcept override;
  void destroy() noexcept override;
  [[nodiscard]] bool close() noexcept override;

  // For workers, on any thread.
  // A worker whose flow ended calls a listening source itself, if nobody else does: what came in meanwhile is served without waking
  // anybody. True if it has its next flow.
  [[nodiscard]] bool take_over(worker& w) noexcept;
  // The activation waits for nothing but its source's listener.
  [[nodiscard]] bool only_listens(const flow& f, std::span<const interest> interests) const noexcept;
  [[nodiscard]] crew& threads() noexcept { return crew_; }
  [[nodiscard]] const core::observers& observed_by() const noexcept { return *observers_; }
  [[nodiscard]] const program<worker>& runs() const noexcept { return program_; }
  [[nodiscard]] bool listens(std::uint16_t source) const noexcept { return program_.sources[source].listener != nullptr; }
  [[nodiscard]] flow* make_record(core::record_heap& heap, std::uint16_t source, bool activation) noexcept;
  void start_flow(worker& w, flow& started) noexcept;
  void finish_flow(flow& f, ending how) noexcept;
  void abandon_flow(worker& w, flow& f) noexcept;
  // The drain waits for it no longer.
  void activation_left() noexcept { changed_.notify(); }
  void node_failed(int node, int error) noexcept;

 private:
  // A source and its thread.
  //
  // A source that listens is called by its own thread or by any worker that is between two flows; it is in one activation at a time
  // all the same, since whoever calls it holds `calling`.
  struct driver {
    server* of;
    std::uint16_t index;
    std::unique_ptr<core::record_heap> heap;
    std::unique_ptr<worker> by;
    pthread_t thread;
    bool started = false;
    // May still call its listener. Guarded by closing_.
    bool accepts = true;
    std::atomic<bool> ended{false};

    core::futex_mutex calling;
    // Guarded by calling, where the source listens; else of the source's thread.
    core::backoff backoff;
    core::once_a_second complaint;
    // It called flux::again and goes on with its next call.
    flow* parked = nullptr;
    // It failed, and is not to be called before its thread has paused for so long.
    instant pause = 0;
    bool exhausted = false;
    std::uint64_t flows = 0;

    // The same as `parked`, for whoever does not hold `calling`.
    std::atomic<bool> is_parked{false};
    // How often a worker called it since its thread looked last.
    std::atomic<std::int64_t> visits{0};
    // Its thread sleeps until there is something to accept. The event wakes it: it is not parked any more.
    std::atomic<bool> watching{false};
    flux::socket called_event;
  };

  // How a call of a source went.
  struct called {
    enum class outcome : std::uint8_t { worked, failed, parked, abandoned };
    outcome how;
    // Before the next call; with `exhausted` only until a flow has ended, if that is sooner.
    instant pause = 0;
    bool exhausted = false;
    // In flight before the call: fewer, and somebody has given something back.
    std::uint64_t flows = 0;
  };

  static void* driver_main(void* argument) noexcept;
  void drive_source(driver& d) noexcept;
  void drive_listener(driver& d) noexcept;
  // Calls the source once: `worked` has started a flow. REQUIRES: calling is held, where the source listens.
  called call(driver& d, worker& by) noexcept;
  static void set_parked(driver& d, flow* activation) noexcept;
  // True if somebody is there to be accepted. Blocks until then, until a worker has called the source, or the server stops; with a limit
  // of 0 it does not block.
  bool watch(driver& d, instant limit) noexcept;
  // Gives what the last call has started to a worker. After `calling` is free: a worker that is woken while it is held could not take
  // the next connection over.
  void hand_over(driver& d) noexcept;
  // What was in the backlog when the stop began.
  void accept_rest(driver& d) noexcept;
  void drive_timer(driver& d) noexcept;
  // One more flow may be in flight.
  [[nodiscard]] bool within_limit(const driver& d) const noexcept;
  // Blocks until the source may be called. False: it is not to be called again.
  bool admit(const driver& d) noexcept;
  // After a stop only a listening source goes on, until its backlog is empty or the drain is over.
  [[nodiscard]] bool over(const driver& d) const noexcept;
  // Blocks for as long as a failed call asks for, less where the source ends.
  void pause(const driver& d, const called& after) noexcept;
  void end_source(driver& d) noexcept;

  const program<worker>& program_;
  const settings& settings_;
  const core::observers* observers_ = nullptr;
  // Notified when a flow ends, a thread becomes idle, a source ends, the server stops or destroys.
  core::event_count changed_;
  // Notified only when the server stops or destroys: who sleeps for long on it costs a flow that ends nothing.
  core::event_count ending_;
  crew crew_;
  core::futex_mutex closing_;
  std::vector<std::unique_ptr<driver>> drivers_;
  // Those of drivers_ that listen. Neither changes once the first source runs.
  std::vector<driver*> listening_;
};

}  // namespace flux::thread

#endif
