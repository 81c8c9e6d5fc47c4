// The life of the pool: workers, and the beginning and end of flows.
#include "pool/server.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

#include "core/cores.hpp"
#include "core/profile.hpp"
#include "core/shutdown.hpp"
#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"

namespace flux::pool {
namespace {

constexpr std::int64_t kWorkersACore = 4;
// What libc, a sanitizer and the frames of the runtime need before a node has anything.
constexpr std::int64_t kSmallestStack = 64 << 10;

}  // namespace

server::server(const program<worker>& program, const settings& from)
    : program_(program), settings_(from), timers_(core::now()) {}

server::~server() = default;

// ---------------------------------------------------------------------------------------------------------------------
// Life

int server::start(const core::observers& with) noexcept {
  observers_ = &with;
  observations_.configure(with, program_.record_size, program_.record_alignment);
  most_fresh_ = static_cast<std::size_t>(settings_.queue);
  const std::size_t cores = core::cores_allowed();
  const auto workers = static_cast<std::size_t>(settings_.workers == 0 ? kWorkersACore * static_cast<std::int64_t>(cores) : settings_.workers);
  if (settings_.stack < kSmallestStack) core::report("--flux-stack is less than a thread needs: 64k is used");
  if (const int error = readiness_.open(); error != 0) return error;
  try {
    for (std::size_t index = 0; index < program_.sources.size(); ++index) {
      auto made = std::make_unique<source>(program_.sources[index], static_cast<std::uint16_t>(index), observations_.record_size(), observations_.record_alignment());
      made->has_thread = !made->is.timer && !made->is.waits;
      made->by = std::make_unique<worker>(*this);
      if (made->is.timer) made->ticks.emplace(core::now(), made->is.period);
      sources_.push_back(std::move(made));
    }
    for (std::size_t index = 0; index < workers; ++index) workers_.push_back(std::make_unique<worker>(*this));
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  queue_.configure(workers_, cores, readiness_);
  polled_at_ = core::now();
  for (const auto& each : sources_) {
    if (!each->is.timer && !each->has_thread) activate(*each);
  }
  return start_threads(static_cast<std::size_t>(std::max(settings_.stack, kSmallestStack)));
}

int server::start_threads(std::size_t stack) noexcept {
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack);
  int error = 0;
  for (const auto& each : workers_) {
    running_.fetch_add(1);
    error = ::pthread_create(&each->thread_, &attributes, &server::worker_main, each.get());
    if (error != 0) break;
  }
  for (const auto& each : sources_) {
    if (error != 0 || !each->has_thread) continue;
    error = ::pthread_create(&each->thread, &attributes, &server::source_main, each.get());
    each->started = error == 0;
  }
  ::pthread_attr_destroy(&attributes);
  return error;
}

void server::stop() noexcept {
  wake_parked();
  resume_all();
  reconsider_all();
  changed_.notify();
  for (const auto& each : sources_) each->woken_changed.notify();
}

bool server::drained(instant deadline) noexcept {
  return changed_.wait(
      [this] {
        const bool busy = std::any_of(sources_.begin(), sources_.end(), [](const auto& each) {
          const bool listening = listens(*each) && !each->ended.load(std::memory_order_seq_cst);
          return listening || each->engaged.load(std::memory_order_seq_cst);
        });
        // In this order: an activation counts its flow before it is done.
        return !busy && observers_->counts.in_flight() == 0;
      },
      deadline);
}

void server::destroy() noexcept {
  wake_parked();
  resume_all();
  reconsider_all();
  changed_.notify();
  for (const auto& each : sources_) each->woken_changed.notify();
}

bool server::close() noexcept {
  // Sources that sleep end by themselves now; one inside its function may never, and is left.
  const instant patience = core::now() + core::kSecond;
  bool all_ended = true;
  for (const auto& each : sources_) {
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
  queue_.close();
  const bool flows_ended = observers_->counts.in_flight() == 0;
  const instant until = flows_ended ? core::now() + core::kSecond : core::now();
  if (!changed_.wait([this] { return running_.load(std::memory_order_seq_cst) == 0; }, until)) return false;
  for (const auto& each : workers_) ::pthread_join(each->thread_, nullptr);
  workers_.clear();
  return all_ended;
}

// ---------------------------------------------------------------------------------------------------------------------
// Workers

void* server::worker_main(void* argument) noexcept {
  auto& w = *static_cast<worker*>(argument);
  server& of = w.server_;
  of.work(w);
  // The last access to anything of the server.
  core::event_count& changed = of.changed_;
  of.running_.fetch_sub(1, std::memory_order_seq_cst);
  changed.notify();
  return nullptr;
}

void server::work(worker& w) noexcept {
  w.kernel_thread_.store(::gettid(), std::memory_order_relaxed);
  bool may_sleep = false;
  run_queue::item* one = queue_.take(w, may_sleep);
  while (one != nullptr) {
    if (queue_.is_poll(one)) {
      const core::waiter_chain woken = poll(may_sleep);
      one = queue_.polled(w, woken, price_, may_sleep);
      continue;
    }
    auto& f = static_cast<flow&>(*one);
    // Afterwards the flow may be gone.
    source* const activated = f.activation ? sources_[f.source].get() : nullptr;
    const worker::fate fate = w.run(f);
    if (activated != nullptr && fate != worker::fate::parked) [[unlikely]] {
      activation_ended(*activated, fate == worker::fate::claimed);
    }
    one = queue_.take(w, may_sleep);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Flows

flow* server::make_record(source& s, bool activation) noexcept {
  void* const memory = s.heap.take();
  if (memory == nullptr) return nullptr;
  flow& made = static_cast<flow&>(program_.construct(memory));
  made.source = s.index;
  made.state = activation ? s.is.activation : s.is.flow;
  made.activation = activation;
  if (activation) {
    made.descriptor = s.descriptor;
    made.registered = s.registered;
  }
  if (observations_.on()) observations_.begin(made, activation);
  return &made;
}

void server::give_back(flow& f) noexcept {
  source& s = *sources_[f.source];
  if (observations_.on()) observations_.end(f);
  program_.dispose(f);
  s.heap.give_back(&f);
}

void server::start_flow(worker& w, flow& started) noexcept {
  core::source_counts& count = observers_->counts.source(started.source);
  // Counted before it is looked whether the server stops: either this sees the stop, or the drain sees the flow.
  count.started.fetch_add(1, std::memory_order_seq_cst);
  if (stopping() && !listens(*sources_[started.source])) {
    // Between the return of its function and here the server stopped: that starts no flow either.
    program_.abandon(w, started);
    give_back(started);
    count.started.fetch_sub(1, std::memory_order_seq_cst);
    changed_.notify();
    return;
  }
  if (core::profile* const profile = observers_->profile; profile != nullptr) {
    const instant now = core::now();
    observations_.of(started).starts(now);
    profile->arrival(started.source, program_.session_of(started), now);
  }
  started.fresh = true;
  fresh_.fetch_add(1, std::memory_order_relaxed);
  queue_.push(started);
}

void server::first_run(flow& f) noexcept {
  f.fresh = false;
  fresh_.fetch_sub(1, std::memory_order_seq_cst);
  reconsider_all();
  changed_.notify();
}

void server::finish_flow(flow& f, ending how) noexcept {
  const bool activation = f.activation;
  source& s = *sources_[f.source];
  core::source_counts& count = observers_->counts.source(s.index);
  if (core::profile* const profile = observers_->profile; profile != nullptr && !activation) {
    profile->flow_ended(s.index, observations_.of(f).since_start());
  }
  if (activation) {
    s.descriptor = f.descriptor;
    s.registered = f.registered;
  }
  give_back(f);
  if (activation) return;
  (how == ending::done ? count.done : count.failed).fetch_add(1, std::memory_order_seq_cst);
  flow_gone(s);
}

void server::abandon_flow(worker& w, flow& f) noexcept {
  const bool activation = f.activation;
  source& s = *sources_[f.source];
  program_.abandon(w, f);
  give_back(f);
  if (activation) return;
  observers_->counts.source(s.index).destroyed.fetch_add(1, std::memory_order_seq_cst);
  flow_gone(s);
}

void server::flow_gone(source& s) noexcept {
  changed_.notify();
  if (s.held.load(std::memory_order_seq_cst)) reconsider(s);
  if (any_lacks_.load(std::memory_order_seq_cst)) [[unlikely]] resume_lacking();
  // What a source lacked it may now have, and nothing else will tell it before its time.
  if (stopping() && observers_->counts.in_flight() == 0) resume_all();
}

}  // namespace flux::pool
