// The queue, and who is woken for it.
#include "pool/run_queue.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core/clock.hpp"

namespace flux::pool {
namespace {

// How often the lookout looks, and so how long a node that blocks can keep others waiting while workers are idle: twice that.
constexpr instant kBetweenLooks = 2 * core::kMillisecond;
// After so many looks without anything to see it sleeps until it is woken.
constexpr int kQuietLooks = 5;
// What it costs to wake a worker, in work that it must be worth.
constexpr instant kWorth = 20 * core::kMicrosecond;
// More waiting entries than this are always worth another worker.
constexpr std::size_t kMany = 64;

// Whether a thread runs, or would if it had a core. False where that cannot be found out.
bool could_run(int thread) noexcept {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char text[64];
  const ssize_t length = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (length <= 0) return false;
  text[length] = '\0';
  // "NUMBER (NAME) STATE …"; a name has at most 15 characters, any of them.
  const char* const end = std::strrchr(text, ')');
  return end != nullptr && end[1] == ' ' && end[2] == 'R';
}

}  // namespace

void run_queue::configure(std::span<const std::unique_ptr<worker>> workers, std::size_t cores, core::readiness& interrupt) noexcept {
  all_ = workers;
  active_ = workers.size();
  cores_ = cores;
  interrupt_ = &interrupt;
  append_poll();
}

// ---------------------------------------------------------------------------------------------------------------------
// Entries

void run_queue::append_poll() noexcept {
  core::waiter_chain chain;
  chain.add(poll_);
  append(chain);
  poll_waits_ = true;
}

void run_queue::append(core::waiter_chain chain) noexcept {
  if (chain.first == nullptr) return;
  std::size_t count = 0;
  for (const item* each = chain.first; each != nullptr; each = each->next) ++count;
  (last_ == nullptr ? first_ : last_->next) = chain.first;
  last_ = chain.last;
  put_ += count;
  length_.store(length_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
}

run_queue::item* run_queue::pop() noexcept {
  item* const one = first_;
  if (one == nullptr) return nullptr;
  first_ = one->next;
  if (first_ == nullptr) last_ = nullptr;
  one->next = nullptr;
  length_.store(length_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  taken_.store(taken_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return one;
}

void run_queue::push(core::waiter_chain chain) noexcept {
  wake_ups whom;
  {
    const core::futex_guard held(guard_);
    append(chain);
    choose(whom);
  }
  wake(whom);
}

run_queue::item* run_queue::polled(worker& w, core::waiter_chain woken, instant price, bool& may_sleep) noexcept {
  wake_ups whom;
  item* one;
  {
    const core::futex_guard held(guard_);
    if (polls_asleep_) {
      polls_asleep_ = false;
      ++active_;
    }
    append(woken);
    append_poll();
    worth_waking_ = std::clamp<std::size_t>(static_cast<std::size_t>(kWorth / std::max<instant>(price, 1)), 1, kMany);
    one = closed_ ? nullptr : take_or_rest(w, may_sleep);
    if (one != &poll_) choose(whom);
  }
  wake(whom);
  return one;
}

run_queue::item* run_queue::take(worker& w, bool& may_sleep) noexcept {
  for (;;) {
    wake_ups whom;
    item* one;
    {
      const core::futex_guard held(guard_);
      if (closed_) return nullptr;
      one = take_or_rest(w, may_sleep);
      if (one != nullptr) choose(whom);
    }
    wake(whom);
    if (one != nullptr) return one;
    rest(w);
  }
}

run_queue::item* run_queue::take_or_rest(worker& w, bool& may_sleep) noexcept {
  item* const one = pop();
  if (one == &poll_) {
    poll_waits_ = false;
    may_sleep = first_ == nullptr;
    if (may_sleep) {
      // Whoever puts something in from now on sees that nobody would.
      polls_asleep_ = true;
      --active_;
    }
  } else if (one == nullptr) {
    --active_;
    ++idle_;
    w.signal_.store(0, std::memory_order_relaxed);
    if (lookout_ == nullptr) {
      lookout_ = &w;
      lookout_dozes_ = false;
      quiet_ = 0;
    } else {
      w.next_idle_ = newest_idle_;
      newest_idle_ = &w;
    }
  }
  return one;
}

// ---------------------------------------------------------------------------------------------------------------------
// Wake-ups

void run_queue::choose(wake_ups& whom) noexcept {
  const std::size_t waiting = length_.load(std::memory_order_relaxed);
  if (waiting == 0) return;
  if (lookout_ != nullptr && lookout_dozes_) {
    lookout_dozes_ = false;
    quiet_ = 0;
    whom.look = lookout_;
  }
  if (active_ == 0) {
    whom.work = take_idle();
    // Nobody is idle: the only worker that is not inside a node sleeps in the poll.
    if (whom.work == nullptr) whom.interrupt = polls_asleep_;
  } else if (active_ < cores_ && idle_ != 0) {
    // The poll entry is no work as long as somebody is active: it comes when that is done.
    if (waiting - (poll_waits_ ? 1 : 0) >= worth_waking_) whom.work = take_idle();
  }
  // A lookout that works does not look.
  if (whom.work != nullptr && whom.work == whom.look) whom.look = nullptr;
}

worker* run_queue::take_idle() noexcept {
  worker* const chosen = newest_idle_ != nullptr ? newest_idle_ : lookout_;
  if (chosen == nullptr) return nullptr;
  if (newest_idle_ != nullptr) {
    newest_idle_ = chosen->next_idle_;
  } else {
    lookout_ = nullptr;
  }
  --idle_;
  ++active_;
  return chosen;
}

void run_queue::wake(const wake_ups& whom) noexcept {
  if (whom.look != nullptr) signal(*whom.look, kLook);
  if (whom.work != nullptr) signal(*whom.work, kWork);
  if (whom.interrupt) interrupt_->interrupt();
}

void run_queue::signal(worker& w, std::uint32_t bit) noexcept {
  w.signal_.fetch_or(bit, std::memory_order_release);
  core::futex_wake(w.signal_, 1);
}

void run_queue::close() noexcept {
  const core::futex_guard held(guard_);
  closed_ = true;
  while (worker* const each = take_idle()) signal(*each, kWork);
  interrupt_->interrupt();
}

// ---------------------------------------------------------------------------------------------------------------------
// Idle workers

void run_queue::rest(worker& w) noexcept {
  for (;;) {
    const std::uint32_t seen = w.signal_.load(std::memory_order_acquire);
    if ((seen & kWork) != 0) return;
    if (seen != 0) w.signal_.fetch_and(~kLook, std::memory_order_relaxed);
    bool looks;
    bool dozes;
    {
      const core::futex_guard held(guard_);
      looks = lookout_ == &w;
      dozes = lookout_dozes_;
    }
    const instant until = looks && !dozes ? core::now() + kBetweenLooks : never;
    core::futex_wait(w.signal_, 0, until);
    if (until != never && core::now() >= until && look(w)) return;
  }
}

bool run_queue::look(worker& w) noexcept {
  {
    const core::futex_guard held(guard_);
    if (lookout_ != &w) return false;
    const bool quiet = first_ == nullptr && active_ == 0;
    quiet_ = quiet ? quiet_ + 1 : 0;
    lookout_dozes_ = quiet_ >= kQuietLooks;
    // Something that was in the queue at the last look is still there.
    const bool stuck = first_ != nullptr && taken_.load(std::memory_order_relaxed) < put_before_;
    put_before_ = put_;
    if (!stuck) return false;
  }
  if (!somebody_is_blocked()) return false;
  worker* chosen;
  {
    const core::futex_guard held(guard_);
    if (lookout_ != &w || first_ == nullptr) return false;
    chosen = take_idle();
  }
  if (chosen == &w) return true;
  signal(*chosen, kWork);
  return false;
}

bool run_queue::somebody_is_blocked() noexcept {
  // Where every core has a worker that could use it, another could only take turns with them.
  std::size_t able = 0;
  for (const auto& each : all_) {
    const int thread = each->kernel_thread_.load(std::memory_order_relaxed);
    if (thread != 0 && could_run(thread) && ++able >= cores_) return false;
  }
  return true;
}

}  // namespace flux::pool
