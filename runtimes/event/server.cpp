// The life of a program on event loops, and the beginning and end of flows.
#include "event/server.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

#include "core/cores.hpp"
#include "core/descriptors.hpp"
#include "core/profile.hpp"
#include "core/shutdown.hpp"
#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"

namespace flux::event {
namespace {

// What libc, a sanitizer and the frames of the runtime need before a node has anything.
constexpr std::int64_t kSmallestStack = 64 << 10;

}  // namespace

server::server(const program<worker>& program, const settings& from) : program_(program), settings_(from), helpers_(*this), offenders_(*this) {}

server::~server() = default;

std::size_t server::loops_wanted() const noexcept {
  const std::size_t asked = settings_.loops == 0 ? core::cores_allowed() : static_cast<std::size_t>(settings_.loops);
  return std::min<std::size_t>(asked, descriptors::kMostLoops);
}

void server::prepare_listeners() noexcept {
  loop_count_ = loops_wanted();
  for (const source_description& each : program_.sources) {
    if (each.listener != nullptr) each.listener->set_loops(static_cast<std::uint32_t>(loop_count_));
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Life

int server::start(const core::observers& with) noexcept {
  observers_ = &with;
  observations_.configure(with, program_.record_size, program_.record_alignment);
  most_fresh_ = static_cast<std::size_t>(settings_.queue);
  if (settings_.stack < kSmallestStack) core::report("--flux-stack is less than a thread needs: 64k is used");
  const auto stack = static_cast<std::size_t>(std::max(settings_.stack, kSmallestStack));
  helpers_.configure(static_cast<std::size_t>(settings_.helpers), stack);
  try {
    for (std::size_t index = 0; index < program_.sources.size(); ++index) {
      sources_.push_back(std::make_unique<source>(program_.sources[index], static_cast<std::uint16_t>(index)));
    }
    for (std::size_t index = 0; index < loop_count_; ++index) {
      loops_.push_back(std::make_unique<event::loop>(*this, static_cast<std::uint32_t>(index + 1)));
    }
    make_sources();
    elide();
    threads_.reserve(loops_.size());
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  for (const auto& each : loops_) {
    if (const int error = each->open(); error != 0) return error;
  }
  for (const auto& each : loops_) {
    for (const auto& s : sources_) {
      feed* const by = each->feed_of(s->index);
      if (by == nullptr) continue;
      if (by->ticks) {
        each->feed_due(by->ticks->next());
      } else {
        activate(*by, *each);
      }
    }
  }
  return start_threads(stack);
}

void server::make_sources() {
  const instant now = core::now();
  source_threads_.resize(sources_.size());
  for (const auto& each : sources_) {
    source& s = *each;
    s.has_thread = !s.is.timer && !s.is.waits;
    s.on_every_loop = listens(s) && s.is.listener->loops() == loops_.size();
    if (s.has_thread) {
      auto& made = source_threads_[s.index] = std::make_unique<source_thread>(*this, s);
      made->calls = std::make_unique<feed>(s, made->by, observations_.record_size(), observations_.record_alignment());
      s.only = made->calls.get();
      s.open.store(1);
      continue;
    }
    // Sources that not every loop calls take the loops in turn.
    for (std::size_t index = 0; index < loops_.size(); ++index) {
      if (!s.on_every_loop && index != s.index % loops_.size()) continue;
      auto& made = loops_[index]->feed_at(s.index) = std::make_unique<feed>(s, loops_[index]->runs_with(), observations_.record_size(), observations_.record_alignment());
      if (s.is.timer) made->ticks.emplace(now, s.is.period);
      s.only = made.get();
      s.open.fetch_add(1);
    }
  }
}

int server::start_threads(std::size_t stack) noexcept {
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack);
  int error = 0;
  for (const auto& each : loops_) {
    pthread_t made;
    running_.fetch_add(1);
    error = ::pthread_create(&made, &attributes, &server::loop_main, each.get());
    if (error != 0) break;
    threads_.push_back(made);
  }
  for (const auto& each : source_threads_) {
    if (error != 0 || each == nullptr) continue;
    error = ::pthread_create(&each->thread, &attributes, &server::source_main, each.get());
    each->started = error == 0;
  }
  ::pthread_attr_destroy(&attributes);
  return error != 0 ? error : offenders_.start(settings_.offence);
}

void* server::loop_main(void* argument) noexcept {
  auto& runs = *static_cast<event::loop*>(argument);
  server& of = runs.runs_with().server_;
  runs.work();
  // The last access to anything of the server.
  core::event_count& changed = of.changed_;
  of.running_.fetch_sub(1, std::memory_order_seq_cst);
  changed.notify();
  return nullptr;
}

void server::ask_all(std::uint32_t what) noexcept {
  for (const auto& each : loops_) each->ask(what);
}

void server::stop() noexcept {
  ask_all(loop::kStop);
  changed_.notify();
  for (const auto& each : source_threads_) {
    if (each != nullptr) each->changed.notify();
  }
}

bool server::drained(instant deadline) noexcept {
  return changed_.wait(
      [this] {
        const bool busy = std::any_of(sources_.begin(), sources_.end(), [](const auto& each) {
          const bool listening = listens(*each) && each->open.load(std::memory_order_seq_cst) != 0;
          return listening || each->engaged.load(std::memory_order_seq_cst);
        });
        // In this order: an activation counts its flow before it is done.
        return !busy && observers_->counts.in_flight() == 0;
      },
      deadline);
}

void server::destroy() noexcept {
  ask_all(loop::kDestroy);
  helpers_.send_back_all();
  changed_.notify();
  for (const auto& each : source_threads_) {
    if (each != nullptr) each->changed.notify();
  }
}

bool server::close() noexcept {
  offenders_.stop();
  // Sources that sleep end by themselves now; one inside its function may never, and is left.
  const instant patience = core::now() + core::kSecond;
  bool all_ended = true;
  for (const auto& each : source_threads_) {
    if (each == nullptr || !each->started) continue;
    const auto ended = [&each] { return each->ended.load(std::memory_order_seq_cst); };
    while (!ended() && !each->by.inside_node() && core::now() < patience) changed_.wait(ended, core::now() + 2 * core::kMillisecond);
    if (ended()) {
      ::pthread_join(each->thread, nullptr);
    } else {
      // Nobody will join it; the process does not wait for it, and ends without destroying what it uses.
      ::pthread_detach(each->thread);
      all_ended = false;
    }
    each->started = false;
  }
  const bool flows_ended = observers_->counts.in_flight() == 0;
  // A helper may be inside a node of a source's activation, which nobody waits for.
  const bool helped = std::any_of(sources_.begin(), sources_.end(), [](const auto& each) { return each->is.waits; });
  const instant until = flows_ended ? core::now() + (helped ? core::kSecond / 10 : core::kSecond) : core::now();
  const bool helpers_ended = helpers_.close(until);
  ask_all(loop::kClose);
  const instant last = flows_ended ? core::now() + core::kSecond : core::now();
  if (!changed_.wait([this] { return running_.load(std::memory_order_seq_cst) == 0; }, last)) return false;
  for (const pthread_t each : threads_) ::pthread_join(each, nullptr);
  threads_.clear();
  return all_ended && helpers_ended;
}

// ---------------------------------------------------------------------------------------------------------------------
// Flows

flow* server::make_record(feed& by, bool activation) noexcept {
  void* const memory = by.heap.take();
  if (memory == nullptr) return nullptr;
  source& s = by.of;
  flow& made = static_cast<flow&>(program_.construct(memory));
  made.source = s.index;
  made.state = activation ? s.is.activation : s.is.flow;
  made.activation = activation;
  made.loop = by.with.loop_ == nullptr ? std::uint8_t{0} : static_cast<std::uint8_t>(by.with.loop_->number());
  if (observations_.on()) observations_.begin(made, activation);
  return &made;
}

void server::give_back(flow& f) noexcept {
  feed& of = feed_of(f);
  if (observations_.on()) observations_.end(f);
  program_.dispose(f);
  of.heap.give_back(&f);
}

void server::start_flow(worker& w, feed& by, flow& started) noexcept {
  source& s = by.of;
  core::source_counts& count = observers_->counts.source(s.index);
  // Counted before it is looked whether the server stops: either this sees the stop, or the drain sees the flow.
  count.started.fetch_add(1, std::memory_order_seq_cst);
  if (stopping() && !listens(s)) {
    // Between the return of its function and here the server stopped: that starts no flow either.
    program_.abandon(w, started);
    give_back(started);
    count.started.fetch_sub(1, std::memory_order_seq_cst);
    give_up(s);
    changed_.notify();
    return;
  }
  if (core::profile* const profile = observers_->profile; profile != nullptr) {
    const instant now = core::now();
    observations_.of(started).starts(now);
    profile->arrival(started.source, program_.session_of(started), now);
  }
  if (s.on_every_loop || s.is.timer) {
    w.loop_->start(started, false);
    return;
  }
  // Who did not accept it itself is as good a home as any other.
  event::loop& home = *loops_[next_loop_.fetch_add(1, std::memory_order_relaxed) % loops_.size()];
  started.loop = static_cast<std::uint8_t>(home.number());
  fresh_.fetch_add(1, std::memory_order_seq_cst);
  if (&home == w.loop_) {
    home.start(started, true);
  } else {
    home.post_new(started);
  }
}

void server::first_run() noexcept {
  fresh_.fetch_sub(1, std::memory_order_seq_cst);
  reconsider_held();
  changed_.notify();
}

void server::finish_flow(flow& f, ending how) noexcept {
  const bool activation = f.activation;
  source& s = *sources_[f.source];
  core::source_counts& count = observers_->counts.source(s.index);
  if (core::profile* const profile = observers_->profile; profile != nullptr && !activation) {
    profile->flow_ended(s.index, observations_.of(f).since_start());
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
  give_up(s);
  changed_.notify();
  reconsider_held();
  if (lacking_.load(std::memory_order_seq_cst) != 0 && lacking_.exchange(0, std::memory_order_seq_cst) != 0) ask_all(loop::kReconsider);
  if (stopping() && observers_->counts.in_flight() == 0) ask_all(loop::kReconsider);
}

}  // namespace flux::event
