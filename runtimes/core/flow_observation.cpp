// Writing down what a flow does, and showing it to the watchdog.
#include "core/flow_observation.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "core/rank_check.hpp"

namespace flux::core {

flow_observation::flow_observation(std::uint16_t source, bool activation, profile* to) noexcept
    : source_(source),
      activation_(activation),
      path_since_(to == nullptr ? 0 : now()),
      profile_(to),
      shard_(to == nullptr ? nullptr : &to->next_shard()) {}

// ---------------------------------------------------------------------------------------------------------------------
// Locks

void flow_observation::begins_to_want() noexcept {
  left_ = 0;
  wanted_since_ = now();
}

void flow_observation::wants(const rw_lock& l, mode how, int node) noexcept {
  wanted_for_.store(node, std::memory_order_relaxed);
  wanted_how_.store(how, std::memory_order_relaxed);
  wanted_name_.store(l.name(), std::memory_order_relaxed);
  wanted_.store(&l, std::memory_order_release);
}

void flow_observation::granted(const flux::flow& f, rw_lock& l, mode how, [[maybe_unused]] node_of_state node_of) noexcept {
  wanted_.store(nullptr, std::memory_order_relaxed);
  if (f.error != 0) return;
  const instant at = now();
  if (profile_ != nullptr) profile_->lock_waited(l.name(), l.rank(), how, at - wanted_since_);
  if constexpr (kChecksRanks) l.acquired_at.note(f.source, node_of(f.state));
  const std::size_t place = held_count_.load(std::memory_order_relaxed);
  if (place >= kMostHeld) return;
  held_[place].how.store(how, std::memory_order_relaxed);
  held_[place].what.store(&l, std::memory_order_relaxed);
  held_[place].name.store(l.name(), std::memory_order_relaxed);
  held_[place].since = at;
  held_count_.store(place + 1, std::memory_order_release);
}

void flow_observation::released(held_lock<rw_lock> released) noexcept {
  std::size_t place = held_count_.load(std::memory_order_relaxed);
  // The newest, but for a flow that held more than are seen.
  while (place != 0 && held_[place - 1].what.load(std::memory_order_relaxed) != released.lock) --place;
  if (place == 0) return;
  if (profile_ != nullptr) profile_->lock_held(released.lock->rank(), released.mode, now() - held_[place - 1].since);
  held_count_.store(place - 1, std::memory_order_release);
  left_ = 0;
}

// ---------------------------------------------------------------------------------------------------------------------
// Nodes and paths

void flow_observation::entered(int node) noexcept {
  const std::uint64_t steps = (place_.load(std::memory_order_relaxed) & ~(kOneStep - 1)) + kOneStep;
  place_.store(steps | static_cast<std::uint32_t>(node + 1), std::memory_order_relaxed);
  if (shard_ != nullptr) entered_ = left_ != 0 ? left_ : now();
}

void flow_observation::left(int node) noexcept {
  place_.store(place_.load(std::memory_order_relaxed) & ~(kOneStep - 1), std::memory_order_relaxed);
  if (shard_ == nullptr) return;
  left_ = now();
  profile_->node(*shard_, node, left_ - entered_);
}

void flow_observation::path(const flux::flow& f, int unit) noexcept {
  if (shard_ == nullptr) return;
  const instant at = now();
  profile_->path(*shard_, unit, f.path, at - path_since_);
  path_since_ = at;
}

// ---------------------------------------------------------------------------------------------------------------------
// All of them

sighting flow_observation::seen() noexcept {
  const std::uint64_t place = place_.load(std::memory_order_relaxed);
  const rw_lock* const wanted = wanted_.load(std::memory_order_acquire);
  sighting one{.worker = this,
               .step = place,
               .source = source_,
               .activation = activation_,
               .node = wanted == nullptr ? static_cast<int>(static_cast<std::uint32_t>(place)) - 1 : wanted_for_.load(std::memory_order_relaxed),
               .wanted = wanted,
               .wanted_name = wanted_name_.load(std::memory_order_relaxed),
               .wanted_mode = wanted_how_.load(std::memory_order_relaxed),
               .held = {}};
  const std::size_t held = held_count_.load(std::memory_order_acquire);
  for (std::size_t index = 0; index < held; ++index) {
    const holding& each = held_[index];
    one.held.push_back({.lock = each.what.load(std::memory_order_relaxed),
                        .name = each.name.load(std::memory_order_relaxed),
                        .mode = each.how.load(std::memory_order_relaxed)});
  }
  return one;
}

void flow_observations::configure(const observers& with, std::size_t record_size, std::size_t record_alignment) noexcept {
  profile_ = with.profile;
  on_ = with.watched || with.profile != nullptr || kChecksRanks;
  constexpr std::size_t own = alignof(flow_observation);
  at_ = (record_size + own - 1) / own * own;
  size_ = on_ ? at_ + sizeof(flow_observation) : record_size;
  alignment_ = on_ ? std::max(record_alignment, own) : record_alignment;
}

flow_observation& flow_observations::of(const flux::flow& f) const noexcept {
  auto* const record = reinterpret_cast<std::byte*>(const_cast<flux::flow*>(&f));
  return *std::launder(reinterpret_cast<flow_observation*>(record + at_));
}

void flow_observations::begin(flux::flow& f, bool activation) noexcept {
  auto* const record = reinterpret_cast<std::byte*>(&f);
  auto& made = *::new (static_cast<void*>(record + at_)) flow_observation(f.source, activation, profile_);
  const futex_guard held(mutex_);
  made.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &made;
  first_ = &made;
}

void flow_observations::end(const flux::flow& f) noexcept {
  const flow_observation& one = of(f);
  const futex_guard held(mutex_);
  (one.previous_ == nullptr ? first_ : one.previous_->next_) = one.next_;
  if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
}

void flow_observations::show(watchdog& to) noexcept {
  const futex_guard held(mutex_);
  for (flow_observation* one = first_; one != nullptr; one = one->next_) to.seen(one->seen());
}

}  // namespace flux::core
