// Parking flows, waking them, and running them round after round.
#include "event/loop.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "core/descriptors.hpp"
#include "core/shutdown.hpp"
#include "core/this_loop.hpp"
#include "event/server.hpp"
#include "flux/stop.hpp"

namespace flux::event {
namespace {

// Flows that are run before it looks for events again.
constexpr int kTurn = 128;
// A deadline of a flow is this many units ahead at most, so that 32 bits tell it from one that has passed.
constexpr std::uint64_t kFar = std::uint64_t{1} << 30;

core::lock_waiter* pop(core::waiter_chain& chain) noexcept {
  core::lock_waiter* const first = chain.first;
  if (first == nullptr) return nullptr;
  chain.first = first->next;
  if (chain.first == nullptr) chain.last = nullptr;
  first->next = nullptr;
  return first;
}

void append(core::waiter_chain& chain, core::waiter_chain more) noexcept {
  if (more.first == nullptr) return;
  (chain.last == nullptr ? chain.first : chain.last->next) = more.first;
  chain.last = more.last;
}

}  // namespace

loop::loop(server& of, std::uint32_t number)
    : server_(of), number_(number), worker_(of, this), deadlines_(core::now()), feeds_(of.sources_.size()) {}

// Here and not in the header: a feed is known here.
loop::~loop() = default;

// ---------------------------------------------------------------------------------------------------------------------
// Deadlines

bool loop::is_far(instant deadline) const noexcept { return deadline != never && core::wheel_units(deadline) > deadlines_.now() + kFar; }

void loop::arm(flow& f, instant deadline) noexcept {
  if (deadline == never) {
    forget_deadline(f);
    return;
  }
  const auto due = static_cast<std::uint32_t>(core::wheel_units(deadline));
  if (f.timed) {
    // Where it lies it is looked at no later than the old time: a later one it is told then.
    if (static_cast<std::int32_t>(due - f.due()) >= 0) {
      f.set_due(due);
      return;
    }
    deadlines_.remove(f);
  }
  f.set_due(due);
  deadlines_.place(f);
  f.timed = true;
}

// ---------------------------------------------------------------------------------------------------------------------
// Descriptors

parked loop::wait_for_one(flow& f, const interest& one, instant deadline) noexcept {
  const int fd = one.descriptor;
  f.want(one.writable);
  const int answer = is_far(deadline) ? events::kOccupied : events_.wait(f, fd);
  if (answer == events::kWaits) [[likely]] {
    worker_.note_parking(f);
    f.at = waiter::place::descriptor;
    f.set_descriptor(fd);
    arm(f, deadline);
    return parked::yes;
  }
  if (answer == events::kOccupied) return wait_for_several(f, {&one, 1}, deadline);
  f.error = std::max(answer, 0);
  return parked::no;
}

parked loop::wait_for_several(flow& f, std::span<const interest> interests, instant deadline) noexcept {
  forget_deadline(f);
  ticket* const with = ticket::make(f, interests.size(), deadline);
  if (with == nullptr) {
    f.error = ENOMEM;
    return parked::no;
  }
  bool asks = worker_.asks_;
  for (std::size_t index = 0; index < interests.size(); ++index) {
    watch& each = with->watches[index];
    each.set_descriptor(interests[index].descriptor);
    each.want(interests[index].writable);
    with->level |= descriptors::is_blocking(interests[index].descriptor);
  }
  worker_.asks_ = false;
  asks |= with->level;
  if (int error = 0; asks && with->ready_now(error)) {
    f.error = error;
    delete with;
    return parked::no;
  }
  if (park_with(*with) == parking::needless) return parked::no;
  worker_.note_parking(f);
  return parked::yes;
}

loop::parking loop::park_with(ticket& with) noexcept {
  flow& f = *with.of;
  for (watch& each : with.all()) {
    int answer = events_.wait(each, each.descriptor());
    int error = 0;
    // What the slot remembers may be an old edge: a node that may block is called only for what is there now.
    while (answer == events::kReady && with.level && !with.ready_now(error)) answer = events_.wait(each, each.descriptor());
    if (answer == events::kWaits) continue;
    f.error = answer > 0 ? answer : error;
    for (watch& parked : with.all()) events_.leave(parked);
    delete &with;
    return parking::needless;
  }
  f.park(waiter::place::ticket, &with);
  if (with.deadline != never) {
    deadlines_.place(with);
    with.timed = true;
  }
  return parking::done;
}

void loop::end_ticket(ticket& with) noexcept {
  forget_deadline(with);
  if (with.lock == nullptr && with.call == nullptr) {
    for (watch& each : with.all()) events_.leave(each);
  }
  with.of->at = waiter::place::nowhere;
  delete &with;
}

// ---------------------------------------------------------------------------------------------------------------------
// Locks and helpers

bool loop::queue_for(flow& f, lock& l, mode how, instant deadline) noexcept {
  forget_deadline(f);
  if (deadline == never) {
    f.park(waiter::place::lock, &l);
    if (!l.acquire_or_queue(f, how)) return false;
    f.at = waiter::place::nowhere;
    return true;
  }
  ticket* const with = ticket::make(f, 1, deadline);
  if (with == nullptr) {
    f.error = ENOMEM;
    return true;
  }
  with->lock = &l;
  f.park(waiter::place::ticket, with);
  // Before it can be granted to it elsewhere; this loop looks at neither before the next round.
  deadlines_.place(*with);
  with->timed = true;
  if (!l.acquire_or_queue(with->watches[0], how)) return false;
  end_ticket(*with);
  return true;
}

parked loop::offload(flow& f, void (*call)(flux::flow&) noexcept, instant deadline) noexcept {
  forget_deadline(f);
  worker_.note_parking(f);
  if (deadline != never && server_.helpers_.would_queue()) {
    ticket* const with = ticket::make(f, 1, deadline);
    if (with == nullptr) {
      worker_.note_resumed(f);
      f.error = ENOMEM;
      return parked::no;
    }
    with->call = call;
    f.park(waiter::place::ticket, with);
    deadlines_.place(*with);
    with->timed = true;
    if (server_.helpers_.put(with->watches[0])) return parked::yes;
    end_ticket(*with);
  } else {
    f.park(waiter::place::helper, call);
    if (server_.helpers_.put(f)) return parked::yes;
    f.at = waiter::place::nowhere;
  }
  // Without a single helper it is slow here rather than nowhere.
  worker_.note_resumed(f);
  call(f);
  return parked::no;
}

// ---------------------------------------------------------------------------------------------------------------------
// Waking

void loop::arrive(waiter& one) noexcept {
  if (one.at != waiter::place::watch) {
    ready_.add(one);
    return;
  }
  ticket& with = *static_cast<watch&>(one).of;
  flow& f = *with.of;
  lock* const granted = with.lock;
  const auto call = with.call;
  const mode how = one.mode;
  end_ticket(with);
  if (granted != nullptr) {
    f.error = 0;
    f.mode = how;
    f.park(waiter::place::lock, granted);
  } else {
    f.park(waiter::place::helper, call);
  }
  ready_.add(f);
}

void loop::strike(ticket& struck) noexcept {
  flow& f = *struck.of;
  struck.timed = false;
  if (lock* const wanted = struck.lock; wanted != nullptr) {
    const auto [left, others] = wanted->cancel(struck.watches[0]);
    // What it makes way for may be among those that are struck now: it comes in the next round. Where this one was granted the lock in
    // between, that is on its way here.
    server_.wake_granted(others, nullptr);
    if (!left) return;
    const mode how = struck.watches[0].mode;
    end_ticket(struck);
    f.mode = how;
    f.park(waiter::place::lock, wanted);
  } else {
    if (struck.call != nullptr && !server_.helpers_.take_back(struck.watches[0])) return;
    end_ticket(struck);
  }
  f.error = ETIMEDOUT;
  ready_.add(f);
}

void loop::fire(instant now) noexcept {
  for (core::lock_waiter* each = deadlines_.advance(now); each != nullptr;) {
    auto& one = static_cast<waiter&>(*each);
    each = each->next;
    one.next = nullptr;
    if (one.at == waiter::place::timer) {
      strike(static_cast<ticket&>(one));
      continue;
    }
    auto& f = static_cast<flow&>(one);
    f.timed = false;
    f.at = waiter::place::nowhere;
    events_.leave(f);
    f.error = ETIMEDOUT;
    ready_.add(f);
  }
}

bool loop::take(waiter& one, core::waiter_chain& woken) noexcept {
  if (one.at != waiter::place::watch) {
    auto& f = static_cast<flow&>(one);
    forget_deadline(f);
    f.at = waiter::place::nowhere;
    f.error = 0;
  }
  woken.add(one);
  return true;
}

void loop::make_all_ready(core::waiter_chain woken) noexcept {
  // Two watches of a ticket may be among them: a ticket that has been seen is of nobody, and goes at the end.
  core::waiter_chain seen;
  while (core::lock_waiter* const each = pop(woken)) {
    auto& one = static_cast<waiter&>(*each);
    if (one.at != waiter::place::watch) {
      ready_.add(one);
      continue;
    }
    ticket& with = *static_cast<watch&>(one).of;
    if (with.of == nullptr) continue;
    flow& f = *with.of;
    int error = 0;
    // An old edge is no reason to call a node that may block. Whom the server stops is called as it is.
    if (with.level && !stopping() && !with.ready_now(error)) {
      int answer;
      do {
        answer = events_.wait(one, one.descriptor());
      } while (answer == events::kReady && !with.ready_now(error));
      if (answer == events::kWaits) continue;
      if (answer > 0) error = answer;
    }
    f.error = error;
    forget_deadline(with);
    for (watch& other : with.all()) events_.leave(other);
    with.of = nullptr;
    f.at = waiter::place::nowhere;
    ready_.add(f);
    seen.add(with);
  }
  while (core::lock_waiter* const each = pop(seen)) delete static_cast<ticket*>(static_cast<waiter*>(each));
}

void loop::tell_all() noexcept {
  core::waiter_chain told;
  const bool doomed = core::destroying();
  events_.take_all([&](waiter& one) {
    // One that was told before it parked stays.
    flow& f = flow_of(one);
    if (f.told && !doomed) return false;
    f.told = true;
    return take(one, told);
  });
  make_all_ready(told);
}

// ---------------------------------------------------------------------------------------------------------------------
// Rounds

void loop::start(flow& started, bool counted) noexcept { (counted ? new_ : ready_).add(started); }

void loop::do_what_was_asked() noexcept {
  const std::uint32_t asked = asked_.exchange(0, std::memory_order_seq_cst);
  if ((asked & (kStop | kDestroy)) != 0) {
    tell_all();
    feeds_due_ = server_.resume(*this, core::now(), true);
  }
  if ((asked & kReconsider) != 0) server_.look_again(*this);
  if ((asked & kClose) != 0) closed_ = true;
}

void loop::take_posted() noexcept {
  core::waiter_chain woken = woken_.take();
  while (core::lock_waiter* const each = pop(woken)) arrive(static_cast<waiter&>(*each));
  append(new_, started_.take());
}

void loop::run(flow& f) noexcept {
  // Afterwards the flow may be gone.
  feed* const activated = f.activation ? feeds_[f.source].get() : nullptr;
  const worker::fate fate = worker_.run(f);
  if (activated != nullptr && fate != worker::fate::parked) [[unlikely]] {
    server_.activation_ended(*activated, *this, fate == worker::fate::claimed);
  }
}

void loop::run_ready() noexcept {
  for (int turn = 0; turn < kTurn; ++turn) {
    if (core::lock_waiter* const each = pop(ready_)) {
      run(static_cast<flow&>(static_cast<waiter&>(*each)));
    } else if (core::lock_waiter* const fresh = pop(new_)) {
      server_.first_run();
      run(static_cast<flow&>(static_cast<waiter&>(*fresh)));
    } else {
      return;
    }
  }
}

void loop::look() noexcept {
  instant timeout = 0;
  bool sleeps = ready_.first == nullptr && new_.first == nullptr;
  if (sleeps) {
    const instant next = std::min(deadlines_.next(), feeds_due_);
    const instant now = next == never ? 0 : core::now();
    timeout = next == never ? -1 : std::max<instant>(next - now, 0);
    // Said before it is looked whether anybody has sent anything: either this sees that, or they see that it sleeps.
    sleeping_.store(true, std::memory_order_seq_cst);
    if (!woken_.empty() || !started_.empty() || asked_.load(std::memory_order_seq_cst) != 0) {
      sleeping_.store(false, std::memory_order_relaxed);
      sleeps = false;
      timeout = 0;
    }
  }
  events_found_ = events_.poll(timeout);
  if (sleeps) {
    sleeping_.store(false, std::memory_order_relaxed);
    sleeps_.store(sleeps_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    server_.offenders_.wake();
  }
  core::waiter_chain several;
  for (next_event_ = 0; next_event_ < events_found_;) {
    flow* const woken = events_.deliver(next_event_++, [&](waiter& one) { return take(one, several); });
    if (woken == nullptr) continue;
    woken->at = waiter::place::nowhere;
    run(*woken);
  }
  events_found_ = next_event_ = 0;
  make_all_ready(several);
}

void loop::work() noexcept {
  core::set_this_loop(number_);
  worker_.kernel_thread_.store(::gettid(), std::memory_order_relaxed);
  for (;;) {
    if (asked_.load(std::memory_order_relaxed) != 0) [[unlikely]] do_what_was_asked();
    if (closed_) [[unlikely]] return;
    take_posted();
    const instant now = core::now();
    if (now >= feeds_due_) [[unlikely]] feeds_due_ = server_.resume(*this, now, false);
    fire(now);
    run_ready();
    look();
  }
}

}  // namespace flux::event
