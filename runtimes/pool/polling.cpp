// What wakes flows: events of descriptors, deadlines, ticks, and the stop.
#include <algorithm>

#include "pool/server.hpp"
#include "pool/several.hpp"

namespace flux::pool {
namespace {

// Takes a waiter away for whoever calls, unless somebody else has. Under the lock of its descriptor.
bool claim(core::descriptor_waiter& waiter) noexcept {
  const bool of_several = (waiter.wants & one_of_several::kOfSeveral) != 0;
  flow& f = of_several ? *static_cast<one_of_several&>(waiter).of : static_cast<flow&>(waiter);
  return f.claimable.exchange(false, std::memory_order_acq_rel);
}

}  // namespace

core::waiter_chain server::poll(bool may_sleep) noexcept {
  const instant before = core::now();
  const std::uint64_t ran = queue_.taken() - taken_then_;
  if (ran > 1) price_ += ((before - polled_at_) / static_cast<instant>(ran - 1) - price_) / 4;
  instant timeout = 0;
  if (may_sleep) {
    const core::futex_guard held(timers_guard_);
    const instant next = std::min(timers_.next(), next_of_sources());
    sleeps_until_.store(next, std::memory_order_relaxed);
    timeout = next == never ? -1 : std::max<instant>(next - before, 0);
  }
  core::waiter_chain woken;
  readiness_.poll(timeout, woken, claim);
  sleeps_until_.store(0, std::memory_order_relaxed);
  polled_at_ = core::now();
  taken_then_ = queue_.taken();
  woken = settled(woken);
  fire(polled_at_, woken);
  return woken;
}

core::waiter_chain server::settled(core::waiter_chain woken) noexcept {
  core::waiter_chain flows;
  bool timed = false;
  bool special = false;
  for (core::lock_waiter* each = woken.first; each != nullptr;) {
    core::lock_waiter* const next = each->next;
    auto& waiter = static_cast<core::descriptor_waiter&>(*each);
    flow* f;
    if ((waiter.wants & one_of_several::kOfSeveral) == 0) {
      f = &static_cast<flow&>(waiter);
    } else {
      f = static_cast<one_of_several&>(waiter).of;
      // Whoever parked it has come to the end.
      const core::futex_guard parked_it(several_guard_);
      leave_several(*f);
    }
    timed |= f->timed;
    special |= f->activation;
    flows.add(*f);
    each = next;
  }
  if (timed) {
    const core::futex_guard held(timers_guard_);
    for (core::lock_waiter* each = flows.first; each != nullptr; each = each->next) {
      auto& f = static_cast<flow&>(*each);
      timers_.cancel(f);
      f.timed = false;
    }
  }
  if (!special) return flows;
  // An activation of a source that has a thread goes there.
  core::waiter_chain rest;
  for (core::lock_waiter* each = flows.first; each != nullptr;) {
    core::lock_waiter* const next = each->next;
    auto& f = static_cast<flow&>(*each);
    if (f.activation && sources_[f.source]->has_thread) {
      make_ready(f);
    } else {
      rest.add(f);
    }
    each = next;
  }
  return rest;
}

void server::wake_parked() noexcept {
  core::waiter_chain woken;
  readiness_.wake_all(woken, [](core::descriptor_waiter& waiter) {
    if (!claim(waiter)) return false;
    const bool of_several = (waiter.wants & one_of_several::kOfSeveral) != 0;
    (of_several ? *static_cast<one_of_several&>(waiter).of : static_cast<flow&>(waiter)).told = true;
    return true;
  });
  queue_.push(settled(woken));
}

void server::fire(instant now, core::waiter_chain& woken) noexcept {
  core::timer* struck = nullptr;
  core::lock_waiter* granted = nullptr;
  bool resumes;
  {
    const core::futex_guard held(timers_guard_);
    resumes = next_of_sources() <= now;
    if (resumes) {
      for (const auto& each : sources_) {
        if (each->ticks) tick(*each, now);
      }
    }
    core::timer** end = &struck;
    for (core::timer* each = timers_.advance(now); each != nullptr;) {
      core::timer* const next = each->next;
      each->next = nullptr;
      auto& f = static_cast<flow&>(*each);
      bool taken;
      if (f.wanted() != nullptr) {
        const auto [left, others] = f.wanted()->cancel(f);
        // What it makes way for is woken as ever, after this.
        for (core::lock_waiter* other = others; other != nullptr;) {
          core::lock_waiter* const after = other->next;
          other->next = granted;
          granted = other;
          other = after;
        }
        taken = left;
      } else {
        taken = f.claimable.exchange(false, std::memory_order_acq_rel);
      }
      if (taken) {
        f.timed = false;
        *end = each;
        end = &each->next;
      }
      each = next;
    }
    *end = nullptr;
  }
  wake_granted(granted);
  while (struck != nullptr) {
    auto& f = static_cast<flow&>(*struck);
    struck = struck->next;
    static_cast<core::timer&>(f).next = nullptr;
    if (f.several() != nullptr) {
      const core::futex_guard parked_it(several_guard_);
      leave_several(f);
    } else if (f.wanted() == nullptr) {
      readiness_.leave(f);
    }
    f.error = ETIMEDOUT;
    if (f.activation && sources_[f.source]->has_thread) {
      make_ready(f);
    } else {
      woken.add(f);
    }
  }
  if (resumes) resume(now);
}

}  // namespace flux::pool
