// Making tickets, and asking the kernel about what one waits for.
#include "event/ticket.hpp"

#include <algorithm>
#include <new>

#include "core/epoll.hpp"

namespace flux::event {

ticket* ticket::make(flow& of, std::size_t count, instant deadline) noexcept {
  std::unique_ptr<ticket> made(new (std::nothrow) ticket);
  if (made == nullptr) return nullptr;
  made->watches.reset(new (std::nothrow) watch[count]);
  if (made->watches == nullptr) return nullptr;
  made->of = &of;
  made->at = place::timer;
  made->loop = of.loop;
  made->count = count;
  made->deadline = deadline;
  for (watch& each : made->all()) {
    each.of = made.get();
    each.at = place::watch;
    each.loop = of.loop;
  }
  return made.release();
}

bool ticket::ready_now(int& error) const noexcept {
  constexpr std::size_t kAtOnce = 16;
  interest asked[kAtOnce];
  bool ready = false;
  for (std::size_t first = 0; first < count; first += kAtOnce) {
    const std::size_t here = std::min(kAtOnce, count - first);
    for (std::size_t index = 0; index < here; ++index) {
      const watch& each = watches[first + index];
      asked[index] = {.descriptor = each.descriptor(), .writable = (each.wants & kWrite) != 0};
    }
    ready |= core::any_ready({asked, here}, error);
  }
  return ready;
}

}  // namespace flux::event
