// How flows are parked on a loop, and how they are woken.
#include <algorithm>
#include <cerrno>

#include "core/descriptors.hpp"
#include "core/shutdown.hpp"
#include "event/loop.hpp"
#include "event/server.hpp"
#include "flux/stop.hpp"

namespace flux::event {
namespace {

// A deadline of a flow is this many units ahead at most, so that 32 bits tell it from one that has passed.
constexpr std::uint64_t kFar = std::uint64_t{1} << 30;

}  // namespace

// ---------------------------------------------------------------------------------------------------------------------
// Deadlines

void loop::arm(flow& f, std::uint64_t units) noexcept {
  const auto due = static_cast<std::uint32_t>(units);
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
  const std::uint64_t units = deadline == never ? 0 : core::wheel_units(deadline);
  const int answer = units > deadlines_.now() + kFar ? events::kOccupied : events_.wait(f, fd);
  if (answer == events::kWaits) [[likely]] {
    worker_.note_parking(f);
    f.at = waiter::place::descriptor;
    f.set_descriptor(fd);
    if (units != 0) [[likely]] {
      arm(f, units);
    } else {
      forget_deadline(f);
    }
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
  // Once it is taken, the flow is a helper's: nothing of it is touched any more.
  f.park(waiter::place::helper, call);
  helpers::answer answer = server_.helpers_.put(f, deadline == never);
  if (answer == helpers::answer::taken) return parked::yes;
  if (answer == helpers::answer::busy) {
    ticket* const with = ticket::make(f, 1, deadline);
    if (with == nullptr) {
      f.at = waiter::place::nowhere;
      worker_.note_resumed(f);
      f.error = ENOMEM;
      return parked::no;
    }
    with->call = call;
    f.park(waiter::place::ticket, with);
    deadlines_.place(*with);
    with->timed = true;
    answer = server_.helpers_.put(with->watches[0], true);
    if (answer == helpers::answer::taken) return parked::yes;
    end_ticket(*with);
  }
  f.at = waiter::place::nowhere;
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

}  // namespace flux::event
