// A program running on event loops: its loops, its helpers, its sources, and what a worker asks of the program.
#ifndef FLUX_EVENT_SERVER_HPP
#define FLUX_EVENT_SERVER_HPP

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
#include "core/record_heap.hpp"
#include "core/report.hpp"
#include "core/source.hpp"
#include "event/helper_threads.hpp"
#include "event/loop.hpp"
#include "event/offenders.hpp"
#include "event/runtime.hpp"

namespace flux::event {

struct settings {
  // 0: one a core.
  std::int64_t loops;
  std::int64_t helpers;
  std::int64_t queue;
  std::int64_t stack;
  // How long a node may hold its loop; 0: as long as it likes.
  std::int64_t offence;
};

// A source: what those that call it share.
struct source {
  source(const source_description& described, std::uint16_t number) : is(described), index(number) {}

  const source_description& is;
  const std::uint16_t index;
  // It listens, and every loop has a socket of its own, or there is but one: every loop calls it, and keeps what it accepts.
  bool on_every_loop = false;
  // It may block inside: it has a thread of its own.
  bool has_thread = false;
  // Flows there are, or may be: an activation is counted for the flow it may start. Where there is a limit.
  std::atomic<std::uint32_t> admitted{0};
  // Its activation does something that the drain waits for.
  std::atomic<bool> engaged{false};
  // Feeds that may still start flows.
  std::atomic<std::uint32_t> open{0};
  // Where it is called by one: that.
  feed* only = nullptr;
  // Guarded by server::closing_.
  core::once_a_second complaint;
};

// The calls of a source by one loop, or by the thread of the source: one activation after the other.
//
// Thread safety: that loop or thread, where nothing else is said.
struct feed {
  feed(source& called, worker& by, std::size_t record_size, std::size_t alignment) : of(called), with(by), heap(record_size, alignment) {}

  source& of;
  worker& with;
  // Of the flows it starts, and its activations. A record is given back from any thread.
  core::record_heap heap;
  core::backoff backoff;
  // How the last activation went: 0, or what it failed with first.
  std::int32_t outcome = 0;
  // When it failed, by the number of node calls; and whether a handler took that.
  bool failed = false;
  std::uint64_t failed_at = 0;
  bool handled = false;
  // Its activation started a flow, which takes the place it was admitted for.
  bool spawned = false;
  // What is left to accept after the stop.
  std::int64_t last_accepts = -1;
  // Not called for want of room; or is at its end.
  bool held = false;
  bool ended = false;
  // When it is called again after a failure, `never` otherwise; ticks of a timer.
  instant resume_at = never;
  // What it lacks flows give back when they end: then it is called sooner, but not before this.
  instant resume_no_sooner = never;
  // The last time too.
  bool lacked = false;
  std::optional<core::ticks> ticks;

  // Before an activation.
  void begin() noexcept {
    outcome = 0;
    failed = false;
    handled = false;
    spawned = false;
  }
};

// A source that may block inside: its thread.
struct source_thread {
  source_thread(server& runs, source& called) : of(runs), is(called), by(runs, nullptr) {}

  server& of;
  source& is;
  worker by;
  std::unique_ptr<feed> calls;
  bool started = false;
  std::atomic<bool> ended{false};
  pthread_t thread{};
  // The lock that its activation waits for was granted. seq_cst: it sleeps on an event_count.
  std::atomic<bool> granted{false};
  core::event_count changed;
};

// Thread safety: the engine's members on the main thread; the others on any, where nothing else is said.
class server final : public core::engine {
 public:
  // `from` is read when it starts: by then the options have been taken.
  server(const program<worker>& program, const settings& from);
  ~server() override;

  // Before init: the listeners that sources name shall have a socket a loop.
  void prepare_listeners() noexcept;

  // core::engine
  [[nodiscard]] int start(const core::observers& with) noexcept override;
  void show(core::watchdog& to) noexcept override;
  void stop() noexcept override;
  [[nodiscard]] bool drained(instant deadline) noexcept override;
  void destroy() noexcept override;
  [[nodiscard]] bool close() noexcept override;

 private:
  friend class worker;
  friend class loop;
  friend class helpers;
  friend class offenders;

  [[nodiscard]] std::size_t loops_wanted() const noexcept;
  [[nodiscard]] bool make_loops(std::size_t count);
  void make_sources();
  // Before any flow runs.
  void elide() noexcept;
  // The loop that alone runs the flows, or activations, of a source; null: there is none.
  [[nodiscard]] const loop* home_of(constraint_user user) const noexcept;
  [[nodiscard]] int start_threads(std::size_t stack) noexcept;
  static void* loop_main(void* argument) noexcept;
  void ask_all(std::uint32_t what) noexcept;
  [[nodiscard]] bool observes() const noexcept { return observations_.on(); }
  // ThreadSanitizer takes what the flow holds for the calling thread's, or no more.
  void note_held(flow& f, bool now) const noexcept;

  // flows
  [[nodiscard]] flow* make_record(feed& by, bool activation) noexcept;
  void give_back(flow& f) noexcept;
  [[nodiscard]] feed& feed_of(const flow& f) const noexcept {
    source& s = *sources_[f.source];
    return s.on_every_loop ? *loops_[f.loop - 1u]->feed_of(f.source) : *s.only;
  }
  void start_flow(worker& w, feed& by, flow& started) noexcept;
  void finish_flow(flow& f, ending how) noexcept;
  void abandon_flow(worker& w, flow& f) noexcept;
  void flow_gone(source& s) noexcept;
  void first_run() noexcept;
  void wake_granted(core::lock_waiter* granted, event::loop* here) noexcept;

  // sources
  [[nodiscard]] static bool listens(const source& s) noexcept { return s.is.listener != nullptr; }
  // After a stop only a listening source goes on, until its backlog is empty or the drain is over.
  [[nodiscard]] static bool over(const source& s) noexcept;
  [[nodiscard]] bool has_room(const source& s) const noexcept;
  // A flow may be started, and is counted as one of the limit; give_up takes that back.
  [[nodiscard]] bool admit(source& s) noexcept;
  void give_up(source& s) noexcept;
  // Makes the next activation, or puts the feed aside, or ends it. Null where there is no activation now.
  [[nodiscard]] flow* next_activation(feed& by, event::loop& on) noexcept;
  void activate(feed& by, event::loop& on) noexcept;
  void activation_ended(feed& by, event::loop& on, bool claimed) noexcept;
  // 0: it may be called at once. Else how long not. -1: it is at its end.
  [[nodiscard]] instant pause_after(feed& by) noexcept;
  void put_aside(feed& by, event::loop& on, instant pause) noexcept;
  // Room was made.
  void reconsider_held() noexcept;
  // Of a loop, what it looks at again: those held, those that lack something, and those whose time has come. Returns the next time.
  void look_again(event::loop& on) noexcept;
  [[nodiscard]] instant resume(event::loop& on, instant now, bool all) noexcept;
  void tick(feed& by, event::loop& on, instant now) noexcept;
  void end_feed(feed& by) noexcept;
  void set_engaged(source& s, bool now) noexcept;
  static void* source_main(void* argument) noexcept;
  void drive(source_thread& thread) noexcept;

  const program<worker>& program_;
  const settings& settings_;
  const core::observers* observers_ = nullptr;
  std::size_t most_fresh_ = 0;
  // Asked once: init may take cores away, and by then its listeners have a socket for each loop.
  std::size_t loop_count_ = 1;

  std::vector<std::unique_ptr<event::loop>> loops_;
  std::vector<std::unique_ptr<source>> sources_;
  // By source; null where it has none.
  std::vector<std::unique_ptr<source_thread>> source_threads_;
  helpers helpers_;
  offenders offenders_;
  core::flow_observations observations_;

  // Whose turn it is to get a flow that no loop has accepted itself.
  std::atomic<std::size_t> next_loop_{0};
  // New flows that were sent to a loop and have not been run.
  std::atomic<std::size_t> fresh_{0};
  // Feeds of loops that wait for room, and that lack what flows give back.
  std::atomic<std::uint32_t> held_{0};
  std::atomic<std::uint32_t> lacking_{0};
  // Notified when a flow ends, or a source, or a loop, and when the server stops or destroys.
  core::event_count changed_;
  core::futex_mutex closing_;
  std::vector<pthread_t> threads_;
  std::atomic<std::size_t> running_{0};
};

}  // namespace flux::event

#endif
