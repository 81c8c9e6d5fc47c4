// Sources and flows of the thread runtime.
#include "thread/server.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

#include "core/brief_blocking.hpp"
#include "core/profile.hpp"
#include "core/report.hpp"
#include "core/shutdown.hpp"
#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"

namespace flux::thread {
namespace {

// What libc, a sanitizer and the frames of the runtime need before a node has anything.
constexpr std::int64_t kSmallestStack = 64 << 10;

}  // namespace

server::server(const program<worker>& program, const settings& from) : program_(program), settings_(from), crew_(*this, changed_) {}

server::~server() = default;

// ---------------------------------------------------------------------------------------------------------------------
// Life

int server::start(const core::observers& with) noexcept {
  observers_ = &with;
  // What a node waits for a client is no time of its own: where times are looked at, connections never block.
  if (!with.closely) core::allow_brief_blocking();
  const auto stack = static_cast<std::size_t>(std::max(settings_.stack, kSmallestStack));
  crew_.configure(static_cast<std::size_t>(settings_.threads), stack);
  try {
    for (std::size_t index = 0; index < program_.sources.size(); ++index) {
      auto made = std::make_unique<driver>();
      made->of = this;
      made->index = static_cast<std::uint16_t>(index);
      made->heap = std::make_unique<core::record_heap>(program_.record_size, program_.record_alignment);
      made->by = std::make_unique<worker>(*this, made->heap.get());
      drivers_.push_back(std::move(made));
    }
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack);
  int error = 0;
  for (const auto& each : drivers_) {
    crew_.enlist(*each->by);
    error = ::pthread_create(&each->thread, &attributes, &server::driver_main, each.get());
    if (error != 0) break;
    each->started = true;
  }
  ::pthread_attr_destroy(&attributes);
  return error;
}

void server::stop() noexcept {
  ending_.notify();
  changed_.notify();
}

bool server::drained(instant deadline) noexcept {
  return changed_.wait(
      [this] {
        const bool busy = std::any_of(drivers_.begin(), drivers_.end(), [this](const auto& each) {
          const bool listening = each->started && listens(each->index) && !each->ended.load(std::memory_order_seq_cst);
          return listening || each->by->engaged();
        });
        // In this order: an activation counts its flow before it is done.
        return !busy && observers_->counts.in_flight() == 0;
      },
      deadline);
}

void server::destroy() noexcept {
  crew_.doom();
  ending_.notify();
  changed_.notify();
}

bool server::close() noexcept {
  // Sources that sleep end by themselves now; one inside its function may never, and is left.
  const instant patience = core::now() + core::kSecond;
  bool all_ended = true;
  for (const auto& each : drivers_) {
    if (!each->started) continue;
    const auto ended = [&each] { return each->ended.load(std::memory_order_seq_cst); };
    while (!ended() && !each->by->inside_node() && core::now() < patience) changed_.wait(ended, core::now() + 2 * core::kMillisecond);
    if (ended()) {
      ::pthread_join(each->thread, nullptr);
      each->started = false;
    } else {
      // Nobody will join it; the process does not wait for it, and ends without destroying what it uses.
      ::pthread_detach(each->thread);
      all_ended = false;
    }
  }
  const bool flows_ended = observers_->counts.in_flight() == 0;
  return crew_.close(flows_ended ? core::now() + core::kSecond : core::now()) && all_ended;
}

// ---------------------------------------------------------------------------------------------------------------------
// Sources

void* server::driver_main(void* argument) noexcept {
  auto& d = *static_cast<driver*>(argument);
  if (d.of->program_.sources[d.index].timer) {
    d.of->drive_timer(d);
  } else {
    d.of->drive_source(d);
  }
  d.of->end_source(d);
  return nullptr;
}

bool server::over(const driver& d) const noexcept { return core::destroying() || (stopping() && !listens(d.index)); }

bool server::admit(const driver& d) noexcept {
  const std::uint32_t limit = program_.sources[d.index].limit;
  const core::source_counts& count = observers_->counts.source(d.index);
  changed_.wait([&] { return over(d) || (crew_.has_room() && (limit == 0 || count.in_flight() < limit)); }, never);
  return !over(d);
}

void server::pause(const driver& d, instant length) noexcept {
  if (length == 0) return;
  const instant until = core::now() + length;
  ending_.wait([] { return stopping(); }, until);
  // Draining, it sleeps on until flows that end have given back what it lacks.
  if (stopping()) changed_.wait([&] { return over(d) || observers_->counts.in_flight() == 0; }, until);
}

void server::drive_source(driver& d) noexcept {
  const source_description& description = program_.sources[d.index];
  core::source_counts& count = observers_->counts.source(d.index);
  worker& w = *d.by;
  core::backoff backoff;
  core::once_a_second complaint;
  std::int64_t last_accepts = -1;
  while (admit(d)) {
    if (stopping()) {
      // What was in the backlog when the stop began is served; clients that go on connecting do not keep the server alive.
      if (last_accepts < 0) last_accepts = description.listener->backlog();
      if (last_accepts-- == 0) return;
    }
    flow* const activation = make_record(*d.heap, d.index, true);
    int error = ENOMEM;
    if (activation != nullptr) {
      w.run(*activation);
      if (w.claimed_) return;
      error = w.outcome_;
    }
    if (error == 0) {
      backoff.worked();
      continue;
    }
    count.activations_failed.fetch_add(1, std::memory_order_relaxed);
    if (over(d)) return;
    if (const std::uint64_t times = complaint.due(core::now()); times != 0) {
      char buffer[32];
      core::report("source %s failed: %s (%llu times)", description.name, core::error_text(error, buffer, sizeof buffer),
                   static_cast<unsigned long long>(times));
    }
    const instant delay = backoff.failed(error);
    // While draining, a source that goes on failing has nothing to wait for but flows of ours that end and give back what it lacks.
    if (delay != 0 && stopping() && observers_->counts.in_flight() == 0) return;
    pause(d, delay);
  }
}

void server::drive_timer(driver& d) noexcept {
  const source_description& description = program_.sources[d.index];
  core::source_counts& count = observers_->counts.source(d.index);
  core::ticks ticks(core::now(), description.period);
  while (!over(d)) {
    ending_.wait([&] { return over(d); }, ticks.next());
    const std::uint64_t due = ticks.take_due(core::now());
    if (due == 0 || over(d)) continue;
    // Late by whole periods: the ticks in between found nobody to run them.
    count.dropped.fetch_add(due - 1, std::memory_order_relaxed);
    const bool in_flight = description.limit != 0 && count.in_flight() >= description.limit;
    flow* const tick = in_flight ? nullptr : make_record(*d.heap, d.index, false);
    if (tick == nullptr) {
      count.dropped.fetch_add(1, std::memory_order_relaxed);
      continue;
    }
    start_flow(*d.by, *tick);
  }
}

void server::end_source(driver& d) noexcept {
  crew_.dismiss(*d.by);
  tcp_listener* const listener = program_.sources[d.index].listener;
  if (listener != nullptr) {
    const core::futex_guard held(closing_);
    d.accepts = false;
    // Two sources may accept from one listener: the last to end closes it.
    const bool shared = std::any_of(drivers_.begin(), drivers_.end(), [&](const auto& other) {
      return other->accepts && program_.sources[other->index].listener == listener;
    });
    if (!shared) listener->close();
  }
  d.ended.store(true, std::memory_order_seq_cst);
  changed_.notify();
}

// ---------------------------------------------------------------------------------------------------------------------
// Flows

flow* server::make_record(core::record_heap& heap, std::uint16_t source, bool activation) noexcept {
  void* const memory = heap.take();
  if (memory == nullptr) return nullptr;
  flow& made = static_cast<flow&>(program_.construct(memory));
  const source_description& description = program_.sources[source];
  made.source = source;
  made.state = activation ? description.activation : description.flow;
  made.heap = &heap;
  made.activation = activation;
  return &made;
}

void server::start_flow(worker& w, flow& started) noexcept {
  core::source_counts& count = observers_->counts.source(started.source);
  // Counted before it is looked whether the server stops: either this sees the stop, or the drain sees the flow.
  count.started.fetch_add(1, std::memory_order_seq_cst);
  if (stopping() && !listens(started.source)) {
    // Between the return of its function and here the server stopped: that starts no flow either.
    core::record_heap* const heap = started.heap;
    program_.abandon(w, started);
    program_.dispose(started);
    heap->give_back(&started);
    count.started.fetch_sub(1, std::memory_order_seq_cst);
    changed_.notify();
    return;
  }
  if (core::profile* const profile = observers_->profile; profile != nullptr) {
    started.started = core::now();
    profile->arrival(started.source, started.session, started.started);
  }
  if (!crew_.start(started)) abandon_flow(w, started);
}

void server::finish_flow(flow& f, ending how) noexcept {
  const bool activation = f.activation;
  core::source_counts& count = observers_->counts.source(f.source);
  core::record_heap* const heap = f.heap;
  if (core::profile* const profile = observers_->profile; profile != nullptr && !activation) {
    profile->flow_ended(f.source, core::now() - f.started);
  }
  program_.dispose(f);
  heap->give_back(&f);
  if (activation) return;
  (how == ending::done ? count.done : count.failed).fetch_add(1, std::memory_order_seq_cst);
  changed_.notify();
}

void server::abandon_flow(worker& w, flow& f) noexcept {
  const bool activation = f.activation;
  core::source_counts& count = observers_->counts.source(f.source);
  core::record_heap* const heap = f.heap;
  program_.abandon(w, f);
  program_.dispose(f);
  heap->give_back(&f);
  if (activation) return;
  count.destroyed.fetch_add(1, std::memory_order_seq_cst);
  changed_.notify();
}

void server::node_failed(int node, int error) noexcept { observers_->counts.node_failed(node, error); }

}  // namespace flux::thread
