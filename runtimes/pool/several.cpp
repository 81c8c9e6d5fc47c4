// Asking the kernel about several descriptors.
#include "pool/several.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <new>

namespace flux::pool {

several* several::make(flow& of, std::span<const interest> interests, instant deadline, bool level) noexcept {
  std::unique_ptr<several> made(new (std::nothrow) several);
  if (made == nullptr) return nullptr;
  made->waiters.reset(new (std::nothrow) one_of_several[interests.size()]);
  if (made->waiters == nullptr) return nullptr;
  made->count = interests.size();
  made->deadline = deadline;
  made->level = level;
  for (std::size_t index = 0; index < interests.size(); ++index) {
    one_of_several& each = made->waiters[index];
    each.of = &of;
    each.descriptor = interests[index].descriptor;
    each.wants = one_of_several::kOfSeveral | (interests[index].writable ? one_of_several::kWrite : one_of_several::kRead);
  }
  return made.release();
}

bool several::ready_now(int& error) const noexcept {
  constexpr std::size_t kAtOnce = 16;
  pollfd polled[kAtOnce];
  bool ready = false;
  for (std::size_t first = 0; first < count; first += kAtOnce) {
    const std::size_t here = std::min(kAtOnce, count - first);
    for (std::size_t index = 0; index < here; ++index) {
      const one_of_several& each = waiters[first + index];
      const bool writes = (each.wants & one_of_several::kWrite) != 0;
      polled[index] = {.fd = each.descriptor, .events = static_cast<short>(writes ? POLLOUT : POLLIN), .revents = 0};
    }
    if (::poll(polled, here, 0) <= 0) continue;
    for (std::size_t index = 0; index < here; ++index) {
      if ((polled[index].revents & POLLNVAL) != 0) error = EBADF;
      ready |= polled[index].revents != 0;
    }
  }
  return ready;
}

}  // namespace flux::pool
