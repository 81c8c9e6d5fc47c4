// Running flows, round after round.
#include "event/loop.hpp"

#include <unistd.h>

#include <algorithm>

#include "core/this_loop.hpp"
#include "event/server.hpp"

namespace flux::event {
namespace {

// Flows that are run before it looks for events again, or for what others ask of it: fewer where they run many nodes.
constexpr int kTurn = 128;
// One in so many of them is a new flow, whoever else is ready: or a flow that is always ready would keep all new ones waiting.
constexpr int kShare = 4;

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
  const std::uint64_t begun = worker_.steps_;
  for (int turn = 0; turn < kTurn && worker_.steps_ - begun < worker::kLongBudget * worker::kOneStep; ++turn) {
    core::lock_waiter* const each = new_.first != nullptr && ++turns_ % kShare == 0 ? nullptr : pop(ready_);
    if (each != nullptr) {
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
