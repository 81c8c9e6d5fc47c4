// What a flow is parked with where it waits in more than one list: for several descriptors, for one that may block or that others wait for
// as well, for a lock or a helper with a deadline.
#ifndef FLUX_EVENT_TICKET_HPP
#define FLUX_EVENT_TICKET_HPP

#include <cstddef>
#include <memory>
#include <span>

#include "core/timer_wheel.hpp"
#include "event/runtime.hpp"

namespace flux::event {

// One of the lists that a ticket is in: that of a descriptor, a lock, or the jobs of the helpers.
struct watch : waiter {
  ticket* of = nullptr;
  // The next that waits for the same descriptor, where it waits for one.
  waiter* other = nullptr;
};

// Made for one wait. Is itself what is in the list of deadlines.
//
// Thread safety: its loop's own, but for the watch that is in the queue of a lock or of the helpers: that belongs to the queue.
struct ticket : waiter {
  flow* of = nullptr;
  instant deadline = never;
  std::unique_ptr<watch[]> watches;
  std::size_t count = 0;
  // What it waits for, if not for descriptors.
  event::lock* lock = nullptr;
  void (*call)(flux::flow&) noexcept = nullptr;
  // A descriptor that may block: a node is called only if a poll says that it is ready now, since an edge may be an old one.
  bool level = false;

  [[nodiscard]] std::span<watch> all() const noexcept { return {watches.get(), count}; }
  // Whether one of its descriptors is ready now; EBADF where one is not open. Asks the kernel.
  [[nodiscard]] bool ready_now(int& error) const noexcept;

  // With so many watches, for nothing yet. Null without memory.
  [[nodiscard]] static ticket* make(flow& of, std::size_t count, instant deadline) noexcept;
};

// The flow that a waiter is of, or is.
[[nodiscard]] inline flow& flow_of(waiter& one) noexcept {
  switch (one.at) {
    case waiter::place::watch:
      return *static_cast<watch&>(one).of->of;
    case waiter::place::timer:
      return *static_cast<ticket&>(one).of;
    default:
      return static_cast<flow&>(one);
  }
}

// The list of deadlines, of flows and tickets. A deadline of a flow has 32 bits; one that is further off has a ticket.
struct deadline_entry {
  using link = core::lock_waiter;
  [[nodiscard]] static std::uint64_t units(const core::lock_waiter& one, std::uint64_t now) noexcept {
    const auto& entry = static_cast<const waiter&>(one);
    if (entry.at == waiter::place::timer) return core::wheel_units(static_cast<const ticket&>(entry).deadline);
    const auto ahead = static_cast<std::int32_t>(entry.due() - static_cast<std::uint32_t>(now));
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(now) + ahead);
  }
};
using deadlines = core::wheel_of<deadline_entry>;

}  // namespace flux::event

#endif
