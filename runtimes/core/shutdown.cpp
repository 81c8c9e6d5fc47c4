// Signals and the descriptors that carry them.
#include "core/shutdown.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "core/clock.hpp"
#include "core/report.hpp"
#include "flux/stop.hpp"

namespace flux {
namespace {

constinit std::atomic<bool> stop_begun{false};
constinit std::atomic<bool> destroy_begun{false};
constinit std::atomic<bool> profile_requested{false};
// When the first signal came; 0: none has.
constinit std::atomic<instant> first_signal{0};
// Who stops a service often signals its process and then its group: signals so close together are one.
constexpr instant kOneSignal = 50 * core::kMillisecond;
constinit std::atomic<std::int64_t (*)() noexcept> count_unfinished{nullptr};
// -1 until prepare_shutdown; a stop before that is seen there.
constinit std::atomic<int> stop_event{-1};
constinit std::atomic<int> destroy_event{-1};
constinit std::atomic<int> request_event{-1};

static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<instant>::is_always_lock_free, "used in signal handlers");

void raise_event(const std::atomic<int>& event) noexcept {
  const int fd = event.load(std::memory_order_acquire);
  if (fd < 0) return;
  const int kept = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
  errno = kept;
}

extern "C" void flux_on_stop_signal(int) {
  instant first = 0;
  const instant at = core::now();
  if (!first_signal.compare_exchange_strong(first, at)) {
    if (at - first < kOneSignal) return;
    const auto count = count_unfinished.load();
    core::report_from_handler("stopped at once by a second signal, ", count == nullptr ? 0 : count(), " flows did not end");
    // At once: nothing that is registered to run at the end, a sanitizer's summary included, is waited for.
    ::syscall(SYS_exit_group, 1);
  }
  stop();
}

extern "C" void flux_on_profile_signal(int) {
  profile_requested.store(true);
  raise_event(request_event);
}

void handle(int signal, void (*handler)(int)) noexcept {
  struct sigaction action{};
  action.sa_handler = handler;
  // A node's system call goes on where it can; SA_ONSTACK for runtimes whose threads have small stacks and an alternate one.
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void stop() noexcept {
  if (!stop_begun.exchange(true)) raise_event(stop_event);
}

bool stopping() noexcept { return stop_begun.load(std::memory_order_seq_cst); }

namespace core {

int prepare_shutdown() noexcept {
  for (std::atomic<int>* const event : {&stop_event, &destroy_event, &request_event}) {
    const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0) return errno;
    event->store(fd, std::memory_order_release);
  }
  if (stopping()) raise_event(stop_event);
  // A client that hangs up must not end the server: a write to it fails with EPIPE.
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
  return 0;
}

void catch_signals(bool profile, std::int64_t (*unfinished)() noexcept) noexcept {
  count_unfinished.store(unfinished);
  handle(SIGTERM, &flux_on_stop_signal);
  handle(SIGINT, &flux_on_stop_signal);
  if (profile) handle(SIGUSR1, &flux_on_profile_signal);
}

int stop_descriptor() noexcept { return stop_event.load(std::memory_order_relaxed); }
int destroy_descriptor() noexcept { return destroy_event.load(std::memory_order_relaxed); }
int request_descriptor() noexcept { return request_event.load(std::memory_order_relaxed); }

bool destroying() noexcept { return destroy_begun.load(std::memory_order_seq_cst); }

void begin_destroying() noexcept {
  if (!destroy_begun.exchange(true)) raise_event(destroy_event);
}

bool clear_request() noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(request_descriptor(), &count, sizeof count);
  return profile_requested.exchange(false);
}

}  // namespace core
}  // namespace flux
