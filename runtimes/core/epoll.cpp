// The system calls, with what older kernels lack.
#include "core/epoll.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "core/clock.hpp"

namespace flux::core {
namespace {

#ifdef SYS_epoll_pwait2
constinit std::atomic<bool> precise{true};
#endif

}  // namespace

std::size_t wait_for_events(int epoll, std::span<epoll_event> events, instant timeout) noexcept {
  const int most = static_cast<int>(events.size());
  int count;
#ifdef SYS_epoll_pwait2
  // Milliseconds are too coarse for what is due soon.
  if (timeout > 0 && timeout < 20 * kMillisecond && precise.load(std::memory_order_relaxed)) {
    const timespec time = to_timespec(timeout);
    count = static_cast<int>(::syscall(SYS_epoll_pwait2, epoll, events.data(), most, &time, nullptr, 0));
    // EPERM: what some sandboxes answer to calls that are younger than they are. Taken for a signal it would be asked again at once, for ever.
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count < 0 ? 0 : static_cast<std::size_t>(count);
    precise.store(false, std::memory_order_relaxed);
  }
#endif
  constexpr instant kLongest = 1'000'000 * kMillisecond;
  const instant milliseconds = timeout > kLongest ? kLongest / kMillisecond : (timeout + kMillisecond - 1) / kMillisecond;
  count = ::epoll_wait(epoll, events.data(), most, timeout < 0 ? -1 : static_cast<int>(milliseconds));
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

bool any_ready(std::span<const interest> interests, int& error) noexcept {
  constexpr std::size_t kAtOnce = 16;
  pollfd polled[kAtOnce];
  bool ready = false;
  for (std::size_t first = 0; first < interests.size(); first += kAtOnce) {
    const std::size_t here = std::min(kAtOnce, interests.size() - first);
    for (std::size_t index = 0; index < here; ++index) {
      const interest& each = interests[first + index];
      polled[index] = {.fd = each.descriptor, .events = static_cast<short>(each.writable ? POLLOUT : POLLIN), .revents = 0};
    }
    if (::poll(polled, here, 0) <= 0) continue;
    for (std::size_t index = 0; index < here; ++index) {
      if ((polled[index].revents & POLLNVAL) != 0) error = EBADF;
      ready |= polled[index].revents != 0;
    }
  }
  return ready;
}

}  // namespace flux::core
