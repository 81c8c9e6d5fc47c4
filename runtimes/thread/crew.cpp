// Making, resting and ending the threads that run flows.
#include "thread/crew.hpp"

#include <cerrno>
#include <cstring>
#include <new>

#include "core/shutdown.hpp"
#include "thread/server.hpp"

namespace flux::thread {
namespace {

// How long a thread without work is kept. Long enough for the next burst, short enough that a burst's memory is not kept for ever.
constexpr instant kIdle = 10 * core::kSecond;

}  // namespace

void crew::configure(std::size_t maximum, std::size_t stack_bytes) noexcept {
  maximum_ = maximum;
  stack_bytes_ = stack_bytes;
}

bool crew::start(flow& f) noexcept {
  instant pause = core::kMillisecond;
  for (;;) {
    worker* taken = nullptr;
    bool may_make = false;
    {
      const core::futex_guard held(mutex_);
      if (core::destroying()) return false;
      if (newest_idle_ != nullptr) {
        taken = newest_idle_;
        remove_idle(*taken);
        taken->next_flow_ = &f;
      } else if (threads_.load() < maximum_) {
        threads_.fetch_add(1);
        may_make = true;
      }
    }
    if (taken != nullptr) {
      taken->wake(worker::kWork);
      return true;
    }
    instant until = never;
    if (may_make) {
      const int error = make(f);
      if (error == 0) return true;
      threads_.fetch_sub(1);
      std::uint64_t times;
      {
        const core::futex_guard held(mutex_);
        times = complaint_.due(core::now());
      }
      if (times != 0) core::report("no thread for a new flow: %s (%zu threads); its source waits", std::strerror(error), threads_.load());
      // Nothing tells when the system has room again, but a flow of ours that ends leaves its thread.
      until = core::now() + pause;
      pause = pause * 2 < core::kSecond ? pause * 2 : core::kSecond;
      awaited_.fetch_add(1);
      changed_.wait([this] { return idle_count_.load() != 0 || core::destroying(); }, until);
    } else {
      awaited_.fetch_add(1);
      changed_.wait([this] { return has_room() || core::destroying(); }, until);
    }
    awaited_.fetch_sub(1);
  }
}

int crew::make(flow& f) noexcept {
  worker* w;
  try {
    w = new worker(server_);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  w->next_flow_ = &f;
  enlist(*w);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack_bytes_);
  pthread_t made;
  const int error = ::pthread_create(&made, &attributes, &crew::thread_main, w);
  ::pthread_attr_destroy(&attributes);
  if (error != 0) {
    dismiss(*w);
    delete w;
  }
  return error;
}

void* crew::thread_main(void* argument) noexcept {
  auto& w = *static_cast<worker*>(argument);
  w.server_.threads().work(w);
  return nullptr;
}

void crew::work(worker& w) noexcept {
  do {
    flow& f = *w.next_flow_;
    w.next_flow_ = nullptr;
    w.told_ = false;
    w.run(f);
  } while (server_.take_over(w) || rest(w));
  leave(w);
}

bool crew::rest(worker& w) noexcept {
  {
    const core::futex_guard held(mutex_);
    if (closing_) return false;
    push_idle(w);
  }
  changed_.notify();
  for (;;) {
    if ((w.sleep(worker::kWork, core::now() + kIdle) & worker::kWork) != 0) return w.next_flow_ != nullptr;
    const core::futex_guard held(mutex_);
    // Not idle any more: the flow is on its way.
    if (!w.idle_) continue;
    remove_idle(w);
    return false;
  }
}

void crew::leave(worker& w) noexcept {
  pthread_t before{};
  bool join;
  {
    const core::futex_guard held(mutex_);
    join = has_ended_;
    before = ended_;
    ended_ = ::pthread_self();
    has_ended_ = true;
  }
  dismiss(w);
  delete &w;
  if (join) ::pthread_join(before, nullptr);
  // The last access to anything of the server.
  core::event_count& changed = changed_;
  threads_.fetch_sub(1);
  changed.notify();
}

void crew::doom() noexcept {
  each([](worker& w) { w.wake(worker::kDoomed); });
}

bool crew::close(instant deadline) noexcept {
  {
    const core::futex_guard held(mutex_);
    closing_ = true;
    while (newest_idle_ != nullptr) {
      worker& w = *newest_idle_;
      remove_idle(w);
      w.wake(worker::kWork);
    }
  }
  if (!changed_.wait([this] { return threads_.load() == 0; }, deadline)) return false;
  if (has_ended_) ::pthread_join(ended_, nullptr);
  has_ended_ = false;
  return true;
}

void crew::enlist(worker& w) noexcept {
  const core::futex_guard held(mutex_);
  w.next_ = all_;
  if (all_ != nullptr) all_->previous_ = &w;
  all_ = &w;
  // doom has gone over the list, or will.
  if (core::destroying()) w.wake(worker::kDoomed);
}

void crew::dismiss(worker& w) noexcept {
  const core::futex_guard held(mutex_);
  (w.previous_ == nullptr ? all_ : w.previous_->next_) = w.next_;
  if (w.next_ != nullptr) w.next_->previous_ = w.previous_;
}

void crew::push_idle(worker& w) noexcept {
  w.idle_ = true;
  w.previous_idle_ = nullptr;
  w.next_idle_ = newest_idle_;
  if (newest_idle_ != nullptr) newest_idle_->previous_idle_ = &w;
  newest_idle_ = &w;
  idle_count_.fetch_add(1);
}

void crew::remove_idle(worker& w) noexcept {
  (w.previous_idle_ == nullptr ? newest_idle_ : w.previous_idle_->next_idle_) = w.next_idle_;
  if (w.next_idle_ != nullptr) w.next_idle_->previous_idle_ = w.previous_idle_;
  w.idle_ = false;
  idle_count_.fetch_sub(1);
}

}  // namespace flux::thread
