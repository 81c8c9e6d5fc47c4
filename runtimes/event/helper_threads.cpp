// Making helpers, giving them jobs, and sending home what they have done.
#include "event/helper_threads.hpp"

#include <pthread.h>

#include "core/clock.hpp"
#include "core/shutdown.hpp"
#include "core/this_loop.hpp"
#include "event/server.hpp"

namespace flux::event {
namespace {

// A helper that had nothing to do for so long ends.
constexpr instant kPatience = 10 * core::kSecond;

}  // namespace

helpers::answer helpers::put(waiter& job, bool may_queue) noexcept {
  helper* chosen;
  {
    const core::futex_guard held(guard_);
    chosen = idle_;
    if (chosen != nullptr) {
      idle_ = chosen->next;
      chosen->job = &job;
    } else if (threads_ >= most_) {
      if (!may_queue) return answer::busy;
      append(job);
      return answer::taken;
    } else {
      // Whoever comes first to it takes it; counted before it runs, since others that come meanwhile make their own.
      append(job);
      ++threads_;
    }
  }
  if (chosen != nullptr) {
    chosen->signal.store(1, std::memory_order_release);
    core::futex_wake(chosen->signal, 1);
    return answer::taken;
  }
  if (grow()) return answer::taken;
  {
    const core::futex_guard held(guard_);
    --threads_;
    // Others take it when they have done theirs.
    if (!job.queued || (threads_ != 0 && may_queue)) return answer::taken;
    remove(job);
    if (threads_ != 0) return answer::busy;
  }
  call_abandoned(job.loop);
  return answer::nobody;
}

void helpers::call_abandoned(std::uint8_t loop) noexcept {
  for (;;) {
    waiter* job = nullptr;
    {
      const core::futex_guard held(guard_);
      if (threads_ == 0) job = next_job();
    }
    if (job == nullptr) break;
    call(*job);
  }
  core::set_this_loop(loop);
}

bool helpers::grow() noexcept {
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack_);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  running_.fetch_add(1, std::memory_order_seq_cst);
  const int error = ::pthread_create(&thread, &attributes, &helpers::thread_main, this);
  ::pthread_attr_destroy(&attributes);
  if (error == 0) return true;
  running_.fetch_sub(1, std::memory_order_seq_cst);
  return false;
}

void* helpers::thread_main(void* argument) noexcept {
  auto& of = *static_cast<helpers*>(argument);
  of.work();
  of.running_.fetch_sub(1, std::memory_order_seq_cst);
  // The server outlives every thread of the process.
  of.ended_.notify();
  return nullptr;
}

void helpers::work() noexcept {
  helper me;
  for (;;) {
    waiter* job;
    {
      const core::futex_guard held(guard_);
      job = next_job();
      if (job == nullptr) {
        if (closed_) {
          --threads_;
          return;
        }
        me.job = nullptr;
        me.signal.store(0, std::memory_order_relaxed);
        me.next = idle_;
        idle_ = &me;
      }
    }
    if (job == nullptr) {
      const instant until = core::now() + kPatience;
      while (me.signal.load(std::memory_order_acquire) == 0 && core::now() < until) core::futex_wait(me.signal, 0, until);
      const core::futex_guard held(guard_);
      job = me.job;
      if (job == nullptr) {
        helper** each = &idle_;
        while (*each != nullptr && *each != &me) each = &(*each)->next;
        // Woken without a job: it is closed, and the list of the idle is empty.
        if (*each != nullptr) *each = me.next;
        --threads_;
        return;
      }
    }
    // Who gave it the job may not have come to the signal yet, which is on this stack: it is waited for.
    while (me.job == job && me.signal.load(std::memory_order_acquire) == 0) core::futex_wait(me.signal, 0, never);
    me.job = nullptr;
    call(*job);
  }
}

void helpers::call(waiter& job) noexcept {
  event::loop& home = *server_.loops_[job.loop - 1u];
  auto* const as_watch = job.at == waiter::place::watch ? static_cast<watch*>(&job) : nullptr;
  flow& f = as_watch == nullptr ? static_cast<flow&>(job) : *as_watch->of->of;
  const auto function = as_watch == nullptr ? job.parked_with<void (*)(flux::flow&) noexcept>() : as_watch->of->call;
  if (!core::destroying()) {
    core::set_this_loop(job.loop);
    server_.note_held(f, true);
    function(f);
    server_.note_held(f, false);
  }
  home.post(job);
}

// ---------------------------------------------------------------------------------------------------------------------
// The queue

void helpers::append(waiter& job) noexcept {
  job.queued = true;
  job.next = nullptr;
  job.previous = last_;
  (last_ == nullptr ? first_ : last_->next) = &job;
  last_ = &job;
}

void helpers::remove(waiter& job) noexcept {
  (job.previous == nullptr ? first_ : job.previous->next) = job.next;
  (job.next == nullptr ? last_ : job.next->previous) = job.previous;
  job.next = job.previous = nullptr;
  job.queued = false;
}

waiter* helpers::next_job() noexcept {
  auto* const job = static_cast<waiter*>(first_);
  if (job != nullptr) remove(*job);
  return job;
}

bool helpers::take_back(waiter& job) noexcept {
  const core::futex_guard held(guard_);
  if (!job.queued) return false;
  remove(job);
  return true;
}

void helpers::send_back_all() noexcept {
  for (;;) {
    waiter* job;
    {
      const core::futex_guard held(guard_);
      job = next_job();
    }
    if (job == nullptr) return;
    server_.loops_[job->loop - 1u]->post(*job);
  }
}

bool helpers::close(instant deadline) noexcept {
  {
    const core::futex_guard held(guard_);
    closed_ = true;
    while (idle_ != nullptr) {
      helper& each = *idle_;
      idle_ = each.next;
      each.signal.store(1, std::memory_order_release);
      core::futex_wake(each.signal, 1);
    }
  }
  return ended_.wait([this] { return running_.load(std::memory_order_seq_cst) == 0; }, deadline);
}

}  // namespace flux::event
