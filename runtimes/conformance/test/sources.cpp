// How flows begin and how a run ends: activations, timer sources, limits, backing off, stop and drain.
#include <cerrno>

#include "scheduler.hpp"
#include "flux/stop.hpp"
#include "violation.hpp"

namespace flux::test {

control* scheduler::make(std::uint16_t source, bool activation) noexcept {
  auto made = std::make_unique<control>(program_.record_size, program_.record_alignment);
  if (!made->memory.ok()) return nullptr;
  control& c = *made;
  c.serial = ++serial_;
  c.source = source;
  c.activation = activation;
  c.record = static_cast<flow*>(&program_.construct(made->memory.storage()));
  c.record->self = &c;
  c.record->source = source;
  c.record->state = activation ? program_.sources[source].activation : program_.sources[source].flow;
  alive_.emplace(c.serial, std::move(made));
  return &c;
}

void scheduler::start_sources() {
  start_ = now_;
  if (options_.script.stop_at != never) timers_.insert({now_ + options_.script.stop_at, ++serial_, timer::purpose::stop, nullptr, 0});
  for (std::size_t index = 0; index < sources_.size(); ++index) {
    const auto source = static_cast<std::uint16_t>(index);
    if (program_.sources[index].timer) {
      timers_.insert({start_ + program_.sources[index].period, ++serial_, timer::purpose::tick, nullptr, source});
    } else {
      activate(source);
    }
  }
}

void scheduler::activate(std::uint16_t source) noexcept {
  const auto& description = program_.sources[source];
  auto& state = sources_[source];
  if (state.activation != nullptr) violation("source `%s` would be in two activations", description.name);
  if (stopping_ && description.listener == nullptr) return;
  if (description.limit != 0 && state.in_flight >= description.limit) {
    state.at_limit = true;
    return;
  }
  control* const c = make(source, true);
  if (c == nullptr) {
    activation_ended(source, ending::failed, ENOMEM);
    return;
  }
  state.activation = c;
  c->state = c->record->state;
  c->why = closed_because("had not been started", c->serial, description.name);
  c->memory.close(c->why.c_str());
  make_ready(*c);
}

void scheduler::activation_ended(std::uint16_t source, ending how, std::int32_t error) noexcept {
  auto& state = sources_[source];
  state.activation = nullptr;
  if (how == ending::done) {
    state.pause.worked();
    activate(source);
    return;
  }
  const instant pause = state.pause.failed(error);
  if (pause == 0) {
    activate(source);
  } else if (!stopping_) {
    timers_.insert({now_ + pause, ++serial_, timer::purpose::backoff, nullptr, source});
  }
}

void scheduler::tick(std::uint16_t source) noexcept {
  const auto& description = program_.sources[source];
  auto& state = sources_[source];
  if (stopping_) return;
  ++state.ticks;
  timers_.insert({start_ + (state.ticks + 1) * description.period, ++serial_, timer::purpose::tick, nullptr, source});
  control* const c = description.limit != 0 && state.in_flight >= description.limit ? nullptr : make(source, false);
  if (c == nullptr) {
    ++state.dropped;
    return;
  }
  ++state.in_flight;
  ++flows_;
  ++started_;
  c->state = c->record->state;
  c->why = closed_because("had not been started", c->serial, description.name);
  c->memory.close(c->why.c_str());
  make_ready(*c);
}

control* scheduler::fresh(std::uint16_t source) noexcept {
  ++allocations_;
  const auto& rules = options_.script;
  if (allocations_ >= rules.fail_allocation_first && allocations_ <= rules.fail_allocation_last) return nullptr;
  return make(source, false);
}

void scheduler::spawn(control& activation, control& started) noexcept {
  check_running(activation, "spawn");
  if (started.standing != standing::unborn) violation("%s was spawned twice", describe(started).c_str());
  auto& state = sources_[started.source];
  ++state.in_flight;
  ++flows_;
  ++started_;
  started.state = program_.sources[started.source].flow;
  if (started.record->state != started.state) violation("a flow of `%s` starts in another state than its source says", program_.sources[started.source].name);
  started.why = closed_because("had been spawned and not been started", started.serial, program_.sources[started.source].name);
  started.memory.close(started.why.c_str());
  make_ready(started);
}

void scheduler::end(control& c, ending how) noexcept {
  check_running(c, "end");
  if (!c.held.empty()) violation("%s ended and holds `%s`", describe(c).c_str(), c.held.back().lock->name());
  if (!program_.held(*c.record).empty()) violation("%s ended and its record lists a lock as held", describe(c).c_str());
  const std::int32_t error = c.record->error;
  program_.dispose(*c.record);
  c.standing = standing::ended;
  c.why = closed_because("had ended", c.serial, "-");
  c.memory.close(c.why.c_str());
  if (c.activation) {
    for (const auto& [serial, other] : alive_) {
      if (other->standing == standing::unborn) violation("%s ended and left a record that it never spawned", describe(c).c_str());
    }
    activation_ended(c.source, how, error);
    return;
  }
  (how == ending::done ? done_ : ended_failed_) += 1;
  --flows_;
  auto& state = sources_[c.source];
  --state.in_flight;
  if (state.at_limit) {
    state.at_limit = false;
    activate(c.source);
  }
}

// Timer sources stop; a listening source goes on until it would wait; all others are called no more; whoever waits for a
// descriptor is called once.
void scheduler::begin_stop() {
  stopping_ = true;
  std::erase_if(timers_, [](const timer& one) { return one.what == timer::purpose::tick || one.what == timer::purpose::backoff; });
  timers_.insert({now_ + options_.drain, ++serial_, timer::purpose::drain, nullptr, 0});
  std::vector<control*> activations;
  for (const auto& [serial, c] : alive_) {
    if (c->activation) activations.push_back(c.get());
  }
  for (control* c : activations) {
    if (program_.sources[c->source].listener == nullptr) destroy(*c);
  }
  for (const auto& [serial, c] : alive_) {
    if (c->standing != standing::waiting) continue;
    c->told_of_stop = true;
    wake(*c, 0);
  }
}

void scheduler::destroy_parked() {
  std::vector<control*> parked;
  for (const auto& [serial, c] : alive_) parked.push_back(c.get());
  for (auto one = parked.rbegin(); one != parked.rend(); ++one) {
    if (!(*one)->activation) ++destroyed_;
    destroy(**one);
  }
}

// Without handlers. Whoever is granted a lock by it is woken, and destroyed in its turn.
void scheduler::destroy(control& c) noexcept {
  leave_queue(c);
  std::erase(ready_, &c);
  cancel_timers(c);
  c.memory.open();
  running_ = &c;
  c.standing = standing::running;
  if (c.held.size() > program_.held(*c.record).size()) {
    // Granted, but the flow has not been stepped since: its record does not know yet.
    release(c, c.held.back());
  }
  program_.abandon(worker_, *c.record);
  if (!c.held.empty()) violation("%s was abandoned and still holds `%s`", describe(c).c_str(), c.held.back().lock->name());
  program_.dispose(*c.record);
  running_ = nullptr;
  c.standing = standing::ended;
  c.why = closed_because("had been destroyed", c.serial, "-");
  c.memory.close(c.why.c_str());
  if (c.activation) {
    sources_[c.source].activation = nullptr;
  } else {
    --sources_[c.source].in_flight;
    --flows_;
  }
  retire(c);
}

}  // namespace flux::test
