// What the loops does besides when somebody looks: profile, watchdog, rank check.
#include "event/observe.hpp"

#include <new>

#include "core/clock.hpp"
#include "core/rank_check.hpp"
#include "core/watchdog.hpp"
#include "event/server.hpp"

namespace flux::event {

void observations::add(observation& one) noexcept {
  const core::futex_guard held(mutex_);
  one.next = first_;
  if (first_ != nullptr) first_->previous = &one;
  first_ = &one;
}

void observations::remove(observation& one) noexcept {
  const core::futex_guard held(mutex_);
  (one.previous == nullptr ? first_ : one.previous->next) = one.next;
  if (one.next != nullptr) one.next->previous = one.previous;
}

void server::observe(flow& f) noexcept {
  auto* const record = reinterpret_cast<std::byte*>(&f);
  auto& made = *::new (static_cast<void*>(record + observation_at_)) observation;
  made.source = f.source;
  made.activation = f.activation;
  if (observers_->profile != nullptr) {
    made.shard = &observers_->profile->next_shard();
    made.path_since = core::now();
  }
  observations_.add(made);
}

// ---------------------------------------------------------------------------------------------------------------------
// Locks

parked worker::acquire_observed(flow& f, lock& l, mode how, instant deadline) noexcept {
  observation& o = server_.observed(f);
  const program<worker>& program = server_.program_;
  if constexpr (core::kChecksRanks) core::check_rank(core::facts_of(program), f, program.held(f), l);
  o.left = 0;
  o.wanted_since = core::now();
  if (l.try_acquire(how)) {
    core::note_acquired(&l, how == mode::read);
    f.error = 0;
  } else {
    o.wanted_for.store(program.node_of_state(f.state), std::memory_order_relaxed);
    o.wanted_how.store(how, std::memory_order_relaxed);
    o.wanted_name.store(l.name(), std::memory_order_relaxed);
    o.wanted.store(&l, std::memory_order_release);
    if (queue_for(f, l, how, deadline) == parked::yes) return parked::yes;
    if (f.error != 0) {
      o.wanted.store(nullptr, std::memory_order_relaxed);
      return parked::no;
    }
  }
  note_granted(f, l, how);
  return parked::no;
}

void worker::note_granted(flow& f, lock& l, mode how) noexcept {
  observation& o = server_.observed(f);
  o.wanted.store(nullptr, std::memory_order_relaxed);
  if (f.error != 0) return;
  const instant granted = core::now();
  core::profile* const profile = server_.observers_->profile;
  if (profile != nullptr) profile->lock_waited(l.name(), l.rank(), how, granted - o.wanted_since);
  if constexpr (core::kChecksRanks) l.acquired_at.note(f.source, server_.program_.node_of_state(f.state));
  const std::size_t place = o.held_count.load(std::memory_order_relaxed);
  if (place >= observation::kMostHeld) return;
  o.held[place].how.store(how, std::memory_order_relaxed);
  o.held[place].what.store(&l, std::memory_order_relaxed);
  o.held[place].name.store(l.name(), std::memory_order_relaxed);
  o.held[place].since = granted;
  o.held_count.store(place + 1, std::memory_order_release);
}

void worker::note_released(flow& f, held_lock<lock> released) noexcept {
  observation& o = server_.observed(f);
  std::size_t place = o.held_count.load(std::memory_order_relaxed);
  // The newest, but for a flow that held more than are seen.
  while (place != 0 && o.held[place - 1].what.load(std::memory_order_relaxed) != released.lock) --place;
  if (place == 0) return;
  core::profile* const profile = server_.observers_->profile;
  if (profile != nullptr) profile->lock_held(released.lock->rank(), released.mode, core::now() - o.held[place - 1].since);
  o.held_count.store(place - 1, std::memory_order_release);
  o.left = 0;
}

// ---------------------------------------------------------------------------------------------------------------------
// Nodes and paths

void worker::note_entered(flow& f, int node) noexcept {
  observation& o = server_.observed(f);
  const std::uint64_t steps = (o.place.load(std::memory_order_relaxed) & ~(kOneStep - 1)) + kOneStep;
  o.place.store(steps | static_cast<std::uint32_t>(node + 1), std::memory_order_relaxed);
  if (o.shard != nullptr) o.entered = o.left != 0 ? o.left : core::now();
}

void worker::note_left(flow& f, int node) noexcept {
  observation& o = server_.observed(f);
  o.place.store(o.place.load(std::memory_order_relaxed) & ~(kOneStep - 1), std::memory_order_relaxed);
  if (o.shard == nullptr) return;
  o.left = core::now();
  server_.observers_->profile->node(*o.shard, node, o.left - o.entered);
}

// What the flow waits is no time of its next node.
void worker::note_parked(flow& f) noexcept { server_.observed(f).left = 0; }

void worker::count_path(const flow& f, int unit) noexcept {
  observation& o = server_.observed(f);
  if (o.shard == nullptr) return;
  const instant at = core::now();
  server_.observers_->profile->path(*o.shard, unit, f.path, at - o.path_since);
  o.path_since = at;
}

// ---------------------------------------------------------------------------------------------------------------------
// Watchdog

void server::show(core::watchdog& to) noexcept {
  observations_.each([&to](observation& o) {
    const std::uint64_t place = o.place.load(std::memory_order_relaxed);
    const lock* const wanted = o.wanted.load(std::memory_order_acquire);
    core::sighting one{.worker = &o,
                       .step = place,
                       .source = o.source,
                       .activation = o.activation,
                       .node = wanted == nullptr ? static_cast<int>(static_cast<std::uint32_t>(place)) - 1
                                                 : o.wanted_for.load(std::memory_order_relaxed),
                       .wanted = wanted,
                       .wanted_name = o.wanted_name.load(std::memory_order_relaxed),
                       .wanted_mode = o.wanted_how.load(std::memory_order_relaxed),
                       .held = {}};
    const std::size_t held = o.held_count.load(std::memory_order_acquire);
    for (std::size_t index = 0; index < held; ++index) {
      const observation::holding& each = o.held[index];
      one.held.push_back({.lock = each.what.load(std::memory_order_relaxed),
                          .name = each.name.load(std::memory_order_relaxed),
                          .mode = each.how.load(std::memory_order_relaxed)});
    }
    to.seen(std::move(one));
  });
}

}  // namespace flux::event
