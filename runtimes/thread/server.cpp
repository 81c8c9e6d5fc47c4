// The life of the thread runtime's server, and its flows. Who calls sources, and when: sources.cpp.
#include "thread/server.hpp"

#include <sys/eventfd.h>

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
  if (settings_.stack < kSmallestStack) core::report("--flux-stack is less than a thread needs: 64k is used");
  crew_.configure(static_cast<std::size_t>(settings_.threads), stack);
  try {
    for (std::size_t index = 0; index < program_.sources.size(); ++index) {
      auto made = std::make_unique<driver>();
      made->of = this;
      made->index = static_cast<std::uint16_t>(index);
      made->heap = std::make_unique<core::record_heap>(program_.record_size, program_.record_alignment);
      made->by = std::make_unique<worker>(*this);
      drivers_.push_back(std::move(made));
      if (!listens(drivers_.back()->index)) continue;
      listening_.push_back(drivers_.back().get());
      drivers_.back()->called_event.reset(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
      if (!drivers_.back()->called_event) return errno;
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
    profile->arrival(started.source, program_.session_of(started), started.started);
  }
  if (w.keeps_flow_) {
    w.next_flow_ = &started;
  } else if (!crew_.start(started)) {
    abandon_flow(w, started);
  }
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
