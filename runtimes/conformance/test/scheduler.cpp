#include "scheduler.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"
#include "violation.hpp"

namespace flux::test {

namespace {

// However unfair the order, nothing that is ready is passed over more often.
constexpr std::uint64_t kPatience = 64;
// Rounds of a loop before `yield` parks, where it need not always.
constexpr int kBudget = 16;
constexpr std::size_t kGraves = 32;

}  // namespace

scheduler::scheduler(const program<worker>& program, const options& options, choice_log* log)
    : program_(program),
      options_(options),
      schedule_(options.order, options.seed, options.replay),
      readiness_(options.readiness),
      worker_(*this),
      sources_(program.sources.size()) {
  schedule_.log_to(log);
}

scheduler::~scheduler() = default;

std::size_t scheduler::serve() {
  start_sources();
  for (;;) {
    if (flux::stopping() && !stopping_) begin_stop();
    fire_due();
    find_ready();
    if (!ready_.empty()) {
      run_one();
    } else if (stopping_ && alive_.empty()) {
      break;
    } else {
      check_deadlock();
      if (!advance()) block_for_real();
    }
  }
  check_end();
  if (options_.report) report();
  return destroyed_;
}

void scheduler::run_one() {
  auto chosen = std::ranges::find_if(ready_, [](const control* c) { return c->skipped >= kPatience; });
  if (chosen == ready_.end()) chosen = ready_.begin() + static_cast<std::ptrdiff_t>(schedule_.choose(ready_.size()));
  control& c = **chosen;
  ready_.erase(chosen);
  for (control* other : ready_) ++other->skipped;
  if (c.standing == standing::offered) {
    run_call(c);
  } else {
    step(c);
  }
}

void scheduler::step(control& c) noexcept {
  ++steps_;
  c.memory.open();
  c.standing = standing::running;
  if (c.answered) c.record->error = c.answer;
  c.answered = false;
  if (c.record->state != c.state) violation("the state of %s changed while it was parked", describe(c).c_str());
  running_ = &c;
  program_.step(worker_, *c.record);
  running_ = nullptr;
  if (c.standing == standing::running) violation("step returned, but %s was neither parked nor ended", describe(c).c_str());
  if (c.standing == standing::ended) {
    retire(c);
  } else if (c.standing == standing::left) {
    destroy(c);
  } else if (stopping_ && c.activation && c.standing == standing::waiting) {
    // A listening source that has accepted all there was.
    program_.sources[c.source].listener->close();
    destroy(c);
  }
}

// On another thread, which is what a node must bear: nothing but its tuple comes with it.
void scheduler::run_call(control& c) noexcept {
  cancel_timers(c);
  c.memory.open();
  std::thread helper([&c] { c.call(*c.record); });
  helper.join();
  c.memory.close(c.why.c_str());
  make_ready(c);
}

void scheduler::find_ready() {
  std::vector<control*> asked;
  std::vector<std::span<const interest>> sets;
  for (const auto& [serial, c] : alive_) {
    if (c->standing != standing::waiting) continue;
    if (c->spurious_left > 0 && readiness::nonblocking(c->interests)) {
      --c->spurious_left;
      ++c->spurious_given;
      wake(*c, 0);
    } else if (c->held_until <= now_) {
      asked.push_back(c.get());
      sets.emplace_back(c->interests);
    }
  }
  const auto answers = readiness_.ready(sets);
  for (std::size_t index = 0; index < asked.size(); ++index) {
    if (answers[index]) wake(*asked[index], 0);
  }
}

// To the next timer. False if there is none.
bool scheduler::advance() {
  if (timers_.empty()) return false;
  now_ = std::max(now_, timers_.begin()->at);
  fire_due();
  return true;
}

void scheduler::fire_due() {
  while (!timers_.empty() && timers_.begin()->at <= now_) fire_first();
}

void scheduler::spend(instant time) {
  const instant until = now_ + time;
  std::set<timer> later;
  while (!timers_.empty() && timers_.begin()->at <= until) {
    now_ = std::max(now_, timers_.begin()->at);
    // Those two take flows apart; not while a node runs.
    if (timers_.begin()->what == timer::purpose::stop || timers_.begin()->what == timer::purpose::drain) {
      later.insert(timers_.extract(timers_.begin()));
    } else {
      fire_first();
    }
  }
  timers_.merge(later);
  now_ = until;
}

void scheduler::fire_first() {
  const timer due = *timers_.begin();
  if (due.who != nullptr) std::erase(due.who->timers, timers_.begin());
  timers_.erase(timers_.begin());
  fire(due);
}

void scheduler::fire(const timer& due) {
  switch (due.what) {
    case timer::purpose::deadline:
      leave_queue(*due.who);
      wake(*due.who, ETIMEDOUT);
      return;
    case timer::purpose::unhold:
      return;  // it is asked for again now
    case timer::purpose::helper:
      ready_.push_back(due.who);
      return;
    case timer::purpose::tick:
      tick(due.source);
      return;
    case timer::purpose::backoff:
      activate(due.source);
      return;
    case timer::purpose::stop:
      flux::stop();
      return;
    case timer::purpose::drain:
      destroy_parked();
      return;
  }
}

// Only something outside can help now: a client, or a signal.
void scheduler::block_for_real() {
  constexpr int kSlice = 20;
  constexpr int kPatienceOutside = 500;
  std::vector<interest> all;
  for (const auto& [serial, c] : alive_) all.insert(all.end(), c->interests.begin(), c->interests.end());
  for (int slices = 0; slices < kPatienceOutside; ++slices) {
    readiness::block(all, kSlice);
    find_ready();
    if (!ready_.empty() || flux::stopping()) return;
  }
  stuck();
}

parked scheduler::wait(control& c, std::span<const interest> interests, instant deadline) noexcept {
  check_running(c, "wait");
  c.held_until = 0;
  c.spurious_left = schedule_.sometimes(4) ? 1 : 0;
  c.interests.assign(interests.begin(), interests.end());
  c.state = c.record->state;
  for (const auto& [node, after] : options_.script.slow) {
    if (named(c, node)) c.held_until = now_ + after;
  }
  for (const auto& [node, times] : options_.script.spurious) {
    if (named(c, node)) c.spurious_left = times - c.spurious_given;
  }

  std::int32_t known = -1;
  if (!readiness::open(interests)) {
    known = EBADF;
  } else if (deadline <= now_) {
    known = ETIMEDOUT;
  } else if (stopping_ && !c.told_of_stop) {
    c.told_of_stop = true;
    known = 0;
  } else {
    readiness_.watch(interests);
    const std::span<const interest> set(c.interests);
    if (!options_.park_always && c.held_until <= now_ && readiness_.ready({&set, 1})[0]) known = 0;
  }
  if (known >= 0 && !options_.park_always) {
    c.record->error = known;
    return parked::no;
  }
  park(c, standing::waiting, "waited for a descriptor");
  if (known >= 0) {
    wake(c, known);
    return parked::yes;
  }
  if (deadline != never) set_timer(c, timer::purpose::deadline, deadline);
  if (c.held_until > now_) set_timer(c, timer::purpose::unhold, c.held_until);
  return parked::yes;
}

parked scheduler::offload(control& c, void (*call)(flux::flow&) noexcept, instant deadline) noexcept {
  check_running(c, "offload");
  c.call = call;
  c.state = c.record->state;
  park(c, standing::offered, "was in the hands of a helper");
  instant taken = now_;
  for (const auto& [node, after] : options_.script.helpers) {
    if (named(c, node)) taken = now_ + after;
  }
  if (deadline <= now_) {
    wake(c, ETIMEDOUT);
  } else if (taken == now_) {
    ready_.push_back(&c);
    c.skipped = 0;
  } else {
    set_timer(c, timer::purpose::helper, taken);
    if (deadline != never) set_timer(c, timer::purpose::deadline, deadline);
  }
  return parked::yes;
}

parked scheduler::yield(control& c) noexcept {
  check_running(c, "yield");
  ++budget_;
  if (!options_.park_always && budget_ % kBudget != 0) {
    c.record->error = 0;
    return parked::no;
  }
  park(c, standing::ready, "was at the end of the run queue");
  wake(c, 0);
  return parked::yes;
}

parked scheduler::leave_source(control& c) noexcept {
  check_running(c, "leave_source");
  if (!c.activation || !flux::stopping() || program_.sources[c.source].listener != nullptr) return parked::no;
  return park(c, standing::left, "had been left by its source");
}

parked scheduler::park(control& c, standing how, const char* doing) noexcept {
  c.state = c.record->state;
  c.standing = how;
  if (c.entered >= 0 && how != standing::offered) violation("%s was parked inside node %s", describe(c).c_str(), node_name(c.entered));
  c.why = closed_because(doing, c.serial, node_name(node_of(c)));
  c.memory.close(c.why.c_str());
  return parked::yes;
}

void scheduler::make_ready(control& c) noexcept {
  c.standing = standing::ready;
  c.skipped = 0;
  ready_.push_back(&c);
}

void scheduler::wake(control& c, std::int32_t answer) noexcept {
  if (c.answered || (c.standing == standing::ready && std::ranges::find(ready_, &c) != ready_.end())) {
    violation("%s was woken twice", describe(c).c_str());
  }
  cancel_timers(c);
  c.answer = answer;
  c.answered = true;
  make_ready(c);
}

void scheduler::set_timer(control& c, timer::purpose what, instant at) noexcept {
  c.timers.push_back(timers_.insert({at, ++serial_, what, &c, 0}).first);
}

void scheduler::cancel_timers(control& c) noexcept {
  for (const auto& one : c.timers) timers_.erase(one);
  c.timers.clear();
}

void scheduler::retire(control& c) noexcept {
  cancel_timers(c);
  auto grave = alive_.extract(c.serial);
  graves_.push_back(std::move(grave.mapped()));
  if (graves_.size() > kGraves) graves_.erase(graves_.begin());
}

void scheduler::check_running(const control& c, const char* what) const noexcept {
  if (running_ != &c) violation("%s calls %s, but it is not its turn", describe(c).c_str(), what);
}

std::uint64_t scheduler::path_count(int unit) const noexcept {
  if (unit < 0 || static_cast<std::size_t>(unit) >= program_.path_units.size()) violation("there is no unit of paths %d", unit);
  return program_.path_units[static_cast<std::size_t>(unit)].count;
}

int scheduler::node_of(const control& c) const noexcept { return program_.node_of_state == nullptr ? -1 : program_.node_of_state(c.state); }

const char* scheduler::node_name(int node) const noexcept {
  return node < 0 || static_cast<std::size_t>(node) >= program_.nodes.size() ? "-" : program_.nodes[static_cast<std::size_t>(node)].name;
}

bool scheduler::named(const control& c, const std::string& node) const noexcept { return node == node_name(node_of(c)); }

std::string closed_because(const char* doing, std::uint64_t serial, const char* node) {
  return "though it was not to be: flow " + std::to_string(serial) + " " + doing + " (node " + node + ")";
}

}  // namespace flux::test
