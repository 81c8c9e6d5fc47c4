// A program running on the pool: its workers, its sources, and what a worker asks of the program.
#ifndef FLUX_POOL_SERVER_HPP
#define FLUX_POOL_SERVER_HPP

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/counts.hpp"
#include "core/flow_observation.hpp"
#include "core/futex.hpp"
#include "core/lifecycle.hpp"
#include "core/readiness.hpp"
#include "core/record_heap.hpp"
#include "core/report.hpp"
#include "core/source.hpp"
#include "core/timer_wheel.hpp"
#include "pool/run_queue.hpp"
#include "pool/runtime.hpp"

namespace flux::pool {

struct settings {
  // 0: four a core.
  std::int64_t workers;
  std::int64_t queue;
  std::int64_t stack;
};

// A source, from start to end.
//
// Who may call it: whoever ended its last activation, until there is the next or it is put aside (`held` for want of room, `resume_at` for a
// time). What is not atomic and says nothing else is touched only by that one.
struct source {
  source(const source_description& described, std::uint16_t number, std::size_t record_size, std::size_t alignment)
      : is(described), index(number), heap(record_size, alignment) {}

  const source_description& is;
  const std::uint16_t index;
  core::record_heap heap;
  core::backoff backoff;
  core::once_a_second complaint;
  // How the last activation went: 0, or what it failed with first.
  std::int32_t outcome = 0;
  // Where it failed, by the number of node calls of that worker; and whether a handler took that.
  const worker* failed_by = nullptr;
  std::uint64_t failed_at = 0;
  bool handled = false;
  // What is left to accept after the stop.
  std::int64_t last_accepts = -1;
  // Not called for want of room: whoever makes room and finds this true calls it.
  std::atomic<bool> held{false};
  std::atomic<bool> ended{false};
  // Its activation does something that the drain waits for.
  std::atomic<bool> engaged{false};
  // May still call its listener. Guarded by server::closing_.
  bool accepts = true;
  // What its last activation waited for: the next waits for the same.
  int descriptor = -1;
  std::uint8_t registered = 0;
  // When it is called again after a failure, `never` otherwise; ticks of a timer. Guarded by server::timers_guard_.
  instant resume_at = never;
  // What it lacks flows give back when they end: then it is called sooner, but not before this. Guarded likewise.
  instant resume_no_sooner = never;
  // The last time too.
  bool lacked = false;
  std::optional<core::ticks> ticks;

  // Before an activation.
  void begin() noexcept {
    outcome = 0;
    failed_by = nullptr;
    handled = false;
  }

  // One that may block inside has a thread of its own, which also runs its activation when that was parked and woke up.
  bool has_thread = false;
  bool started = false;
  pthread_t thread{};
  std::unique_ptr<worker> by;
  std::atomic<flow*> woken{nullptr};
  core::event_count woken_changed;
};

// Thread safety: the engine's members on the main thread; the others on any, where nothing else is said.
//
// Order of locks: that of a descriptor, timers_guard_, those of the run queue, of an rw_lock and of the observations.
class server final : public core::engine {
 public:
  // `from` is read when it starts: by then the options have been taken.
  server(const program<worker>& program, const settings& from);
  ~server() override;

  // core::engine
  [[nodiscard]] int start(const core::observers& with) noexcept override;
  void show(core::watchdog& to) noexcept override;
  void stop() noexcept override;
  [[nodiscard]] bool drained(instant deadline) noexcept override;
  void destroy() noexcept override;
  [[nodiscard]] bool close() noexcept override;

 private:
  friend class worker;

  // workers
  static void* worker_main(void* argument) noexcept;
  void work(worker& w) noexcept;
  // Fetches events and fires what is due; returns whom that woke.
  [[nodiscard]] core::waiter_chain poll(bool may_sleep) noexcept;
  [[nodiscard]] int start_threads(std::size_t stack) noexcept;
  [[nodiscard]] bool observes() const noexcept { return observations_.on(); }

  // parking
  void arm(flow& f, instant deadline) noexcept;
  void disarm(flow& f) noexcept;
  enum class parking : std::uint8_t { done, needless, doomed };
  // Parks a flow with what f.several() says. After `done` it may be gone; after `needless` f.error says why.
  [[nodiscard]] parking park_with_several(flow& f) noexcept;
  void leave_several(flow& f) noexcept;
  static void forget_several(flow& f) noexcept;
  // After it was woken from such a wait. False: nothing is ready after all, and it is parked again.
  [[nodiscard]] bool still_ready(flow& f) noexcept;
  // True: the lock is granted. False: it is queued, and may be gone.
  [[nodiscard]] bool queue_for(flow& f, lock& l, mode how, instant deadline) noexcept;
  void wake_granted(core::lock_waiter* granted) noexcept;
  // Of waiters that were taken from their descriptors, the flows, in no other list any more.
  [[nodiscard]] core::waiter_chain settled(core::waiter_chain woken) noexcept;
  // Ends the waits of all that are parked with descriptors.
  void wake_parked() noexcept;
  // Fires what is due; adds the flows whose limit struck.
  void fire(instant now, core::waiter_chain& woken) noexcept;
  // Gives a flow that is in no list to a worker, or to the thread of its source.
  void make_ready(flow& f) noexcept;

  // flows
  [[nodiscard]] flow* make_record(source& s, bool activation) noexcept;
  void give_back(flow& f) noexcept;
  void start_flow(worker& w, flow& started) noexcept;
  void finish_flow(flow& f, ending how) noexcept;
  void abandon_flow(worker& w, flow& f) noexcept;
  void flow_gone(source& s) noexcept;
  void first_run(flow& f) noexcept;

  // sources
  [[nodiscard]] static bool listens(const source& s) noexcept { return s.is.listener != nullptr; }
  // After a stop only a listening source goes on, until its backlog is empty or the drain is over.
  [[nodiscard]] static bool over(const source& s) noexcept;
  [[nodiscard]] bool has_room(const source& s) const noexcept;
  // Makes the next activation, or puts the source aside, or ends it. Null where there is no activation now.
  [[nodiscard]] flow* next_activation(source& s) noexcept;
  void activate(source& s) noexcept;
  void activation_ended(source& s, bool claimed) noexcept;
  // 0: it may be called at once. Else how long not. -1: it is at its end.
  [[nodiscard]] instant pause_after(source& s) noexcept;
  void reconsider(source& s) noexcept;
  // A flow ended: sources that failed for want of something are called soon.
  void resume_lacking() noexcept;
  void reconsider_all() noexcept;
  void put_aside(source& s, instant pause) noexcept;
  // Calls those that were put aside until then.
  void resume(instant due) noexcept;
  void resume_all() noexcept { resume(never); }
  void end_source(source& s) noexcept;
  void set_engaged(source& s, bool now) noexcept;
  static void* source_main(void* argument) noexcept;
  void drive(source& s) noexcept;
  void tick(source& s, instant now) noexcept;
  [[nodiscard]] instant next_of_sources() const noexcept;

  const program<worker>& program_;
  const settings& settings_;
  const core::observers* observers_ = nullptr;
  std::size_t most_fresh_ = 0;

  run_queue queue_;
  core::readiness readiness_;
  // Some source has a resume_no_sooner.
  std::atomic<bool> any_lacks_{false};
  // New flows that have not been run.
  std::atomic<std::size_t> fresh_{0};

  core::futex_mutex timers_guard_;
  core::timer_wheel timers_;
  // Until when the worker that polls sleeps, 0 where none does. Written under timers_guard_.
  std::atomic<instant> sleeps_until_{0};
  // When the last poll returned, and what had been taken from the queue then: for the price of a flow. Of the worker that polls.
  instant polled_at_ = 0;
  std::uint64_t taken_then_ = 0;
  instant price_ = 0;

  // Held while a flow is being parked with several descriptors at once.
  core::futex_mutex several_guard_;

  // Notified when a flow ends, a source ends, a worker ends, the server stops or destroys.
  core::event_count changed_;
  std::vector<std::unique_ptr<source>> sources_;
  core::futex_mutex closing_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::atomic<std::size_t> running_{0};
  core::flow_observations observations_;
};

}  // namespace flux::pool

#endif
