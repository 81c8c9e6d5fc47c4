// Waiting for events of an epoll set, and asking about descriptors without waiting. Knows no flows.
#ifndef FLUX_CORE_EPOLL_HPP
#define FLUX_CORE_EPOLL_HPP

#include <sys/epoll.h>

#include <cstddef>
#include <span>

#include "core/contract.hpp"

namespace flux::core {

// Waits `timeout` nanoseconds at most (negative: for ever), as exactly as the kernel can. Returns the number of events; 0 after a signal.
[[nodiscard]] std::size_t wait_for_events(int epoll, std::span<epoll_event> events, instant timeout) noexcept;

// Whether one of them is ready now; EBADF in `error` where one is not open. Asks the kernel. Never blocks.
[[nodiscard]] bool any_ready(std::span<const interest> interests, int& error) noexcept;

}  // namespace flux::core

#endif
