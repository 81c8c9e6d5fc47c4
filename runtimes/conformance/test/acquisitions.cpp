// How flows acquire locks and release them: in the order of the plan, and nothing that they have not borrowed.
#include <cerrno>

#include "scheduler.hpp"
#include "violation.hpp"

namespace flux::test {

parked scheduler::acquire(control& c, lock& l, mode m, instant deadline) noexcept {
  check_running(c, "acquire");
  if (!l.may_be_used()) violation("%s acquires `%s`, which nobody has borrowed", describe(c).c_str(), l.name());
  for (const auto& [other, how] : c.held) {
    if (core::ascends(*other, l)) continue;
    violation("%s acquires `%s` (%d) while it holds `%s` (%d)%s", describe(c).c_str(), l.name(), l.rank(), other->name(), other->rank(),
              core::of_one_table(*other, l) ? " of a key that is not less" : "");
  }
  c.awaited = &l;
  c.awaited_mode = m;
  if (deadline <= now_) {
    c.awaited = nullptr;
    if (!options_.park_always) {
      c.record->error = ETIMEDOUT;
      return parked::no;
    }
    park(c, standing::queued, "was parked at a constraint");
    wake(c, ETIMEDOUT);
    return parked::yes;
  }
  locks_in_use_.insert(&l);
  if (l.request({&c, m})) {
    c.held.push_back({&l, m});
    c.awaited = nullptr;
    if (!options_.park_always) {
      c.record->error = 0;
      return parked::no;
    }
    park(c, standing::queued, "was parked at a constraint");
    wake(c, 0);
    return parked::yes;
  }
  park(c, standing::queued, "waited for a constraint");
  if (deadline != never) set_timer(c, timer::purpose::deadline, deadline);
  return parked::yes;
}

void scheduler::release(control& c, held_lock<lock> held) noexcept {
  check_running(c, "release");
  if (c.held.empty() || c.held.back().lock != held.lock || c.held.back().mode != held.mode) {
    violation("%s releases `%s`, which is not what it acquired last", describe(c).c_str(), held.lock->name());
  }
  c.held.pop_back();
  std::vector<control*> granted;
  held.lock->release(c, held.mode, granted);
  if (held.lock->idle()) locks_in_use_.erase(held.lock);
  wake_granted(granted);
}

void scheduler::wake_granted(const std::vector<control*>& granted) noexcept {
  for (control* c : granted) {
    c->held.push_back({c->awaited, c->awaited_mode});
    c->awaited = nullptr;
    wake(*c, 0);
  }
}

void scheduler::leave_queue(control& c) noexcept {
  if (c.awaited == nullptr) return;
  std::vector<control*> granted;
  c.awaited->cancel(c, granted);
  if (c.awaited->idle()) locks_in_use_.erase(c.awaited);
  c.awaited = nullptr;
  wake_granted(granted);
}

}  // namespace flux::test
