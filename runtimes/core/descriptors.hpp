// What is known of each descriptor number: how often it was closed, and whether reading from it can block.
// Every executable has its own close, dup2, dup3 and close_range (descriptors.cpp), which keep this current.
//
// A registration with epoll is remembered as (number, generation). It counts, and so does an event that was fetched in a batch,
// only while generation(number) is still the same: a number that was closed and used again is another descriptor.
// What libc closes inside itself (fclose) is not seen; so `accepted` counts as a new generation too.
#ifndef FLUX_CORE_DESCRIPTORS_HPP
#define FLUX_CORE_DESCRIPTORS_HPP

#include <cstdint>

namespace flux::descriptors {

// Which of the descriptors that had this number it is. From any thread; never blocks. REQUIRES: fd >= 0.
[[nodiscard]] std::uint32_t generation(int fd) noexcept;

// The number is about to be closed or replaced: every registration of it is void. Async-signal-safe; never blocks.
void closing(int fd) noexcept;

// The kernel has just given us this number, non-blocking or blocking for no more than a moment (core/brief_blocking.hpp): a node may be
// called before it is polled. Whatever was known of it is void. Never blocks.
void accepted(int fd) noexcept;

// False if it has O_NONBLOCK: then a node may be called before it is polled. Asks the kernel once a generation. Never blocks.
// False for a number that is not open.
[[nodiscard]] bool is_blocking(int fd) noexcept;

}  // namespace flux::descriptors

#endif
