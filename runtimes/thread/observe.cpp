// What a worker does besides when somebody looks: profile, watchdog, rank check.
#include "thread/observe.hpp"

#include <cstdlib>
#include <new>

#include "core/clock.hpp"
#include "core/rank_check.hpp"
#include "core/watchdog.hpp"
#include "thread/server.hpp"

namespace flux::thread {

observation* observation::make(const core::observers& with) {
  if (!with.watched && with.profile == nullptr && !core::kChecksRanks) return nullptr;
  auto* const made = new observation;
  made->profile = with.profile;
  if (with.profile != nullptr) made->shard = &with.profile->next_shard();
  return made;
}

// ---------------------------------------------------------------------------------------------------------------------
// Locks

parked worker::acquire_observed(flow& f, lock& l, mode how, instant deadline) noexcept {
  observation& o = *observed_;
  const program<worker>& program = server_.runs();
  if constexpr (core::kChecksRanks) core::check_rank(core::facts_of(program), f, program.held(f), l);
  o.left = 0;
  const instant since = core::now();
  instant granted = since;
  if (l.try_acquire(how)) {
    core::note_acquired(&l, how == mode::read);
    f.error = 0;
  } else {
    o.wanted_for.store(program.node_of_state(f.state), std::memory_order_relaxed);
    o.wanted_how.store(how, std::memory_order_relaxed);
    o.wanted_name.store(l.name(), std::memory_order_relaxed);
    o.wanted.store(&l, std::memory_order_release);
    const parked answer = queue_for(f, l, how, deadline);
    o.wanted.store(nullptr, std::memory_order_relaxed);
    if (answer == parked::yes || f.error != 0) return answer;
    granted = core::now();
  }
  if (o.profile != nullptr) o.profile->lock_waited(l.name(), l.rank(), how, granted - since);
  if constexpr (core::kChecksRanks) l.acquired_at.note(f.source, program.node_of_state(f.state));
  const std::size_t place = o.held_count.load(std::memory_order_relaxed);
  if (place < observation::kMostHeld) {
    o.held[place].how.store(how, std::memory_order_relaxed);
    o.held[place].what.store(&l, std::memory_order_relaxed);
    o.held[place].name.store(l.name(), std::memory_order_relaxed);
    o.held[place].since = granted;
    o.held_count.store(place + 1, std::memory_order_release);
  }
  return parked::no;
}

void worker::note_released(held_lock<lock> released) noexcept {
  observation& o = *observed_;
  std::size_t place = o.held_count.load(std::memory_order_relaxed);
  // The newest, but for a flow that held more than are seen.
  while (place != 0 && o.held[place - 1].what.load(std::memory_order_relaxed) != released.lock) --place;
  if (place == 0) return;
  if (o.profile != nullptr) o.profile->lock_held(released.lock->rank(), released.mode, core::now() - o.held[place - 1].since);
  o.held_count.store(place - 1, std::memory_order_release);
  o.left = 0;
}

// ---------------------------------------------------------------------------------------------------------------------
// Profile

void worker::measure_start(const flow& f) noexcept {
  observation& o = *observed_;
  o.source.store(f.source, std::memory_order_relaxed);
  o.activation.store(f.activation, std::memory_order_relaxed);
  o.held_count.store(0, std::memory_order_release);
  o.left = 0;
  if (o.profile == nullptr) return;
  o.path_since = core::now();
  if (!f.activation) o.profile->queued(f.source, o.path_since - f.started);
}

void worker::measure_enter() noexcept {
  observation& o = *observed_;
  o.entered = o.left != 0 ? o.left : core::now();
}

void worker::measure_leave(int node) noexcept {
  observation& o = *observed_;
  o.left = core::now();
  o.profile->node(*o.shard, node, o.left - o.entered);
}

void worker::count_path(const flow& f, int unit) noexcept {
  observation& o = *observed_;
  const instant at = core::now();
  o.profile->path(*o.shard, unit, f.path, at - o.path_since);
  o.path_since = at;
}

// ---------------------------------------------------------------------------------------------------------------------
// Watchdog

void server::show(core::watchdog& to) noexcept {
  crew_.each([&to](worker& w) {
    const observation* const o = w.observed_;
    if (o == nullptr || w.idle_) return;
    const std::uint64_t place = w.place_.load(std::memory_order_relaxed);
    const lock* const wanted = o->wanted.load(std::memory_order_acquire);
    core::sighting one{.worker = &w,
                       .step = place,
                       .source = o->source.load(std::memory_order_relaxed),
                       .activation = o->activation.load(std::memory_order_relaxed),
                       .node = wanted == nullptr ? static_cast<int>(static_cast<std::uint32_t>(place)) - 1
                                                 : o->wanted_for.load(std::memory_order_relaxed),
                       .wanted = wanted,
                       .wanted_name = o->wanted_name.load(std::memory_order_relaxed),
                       .wanted_mode = o->wanted_how.load(std::memory_order_relaxed),
                       .held = {}};
    const std::size_t held = o->held_count.load(std::memory_order_acquire);
    for (std::size_t index = 0; index < held; ++index) {
      const observation::holding& each = o->held[index];
      one.held.push_back({.lock = each.what.load(std::memory_order_relaxed),
                          .name = each.name.load(std::memory_order_relaxed),
                          .mode = each.how.load(std::memory_order_relaxed)});
    }
    to.seen(std::move(one));
  });
}

}  // namespace flux::thread
