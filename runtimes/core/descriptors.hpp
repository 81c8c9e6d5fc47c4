// What is known of each descriptor number: how often it was closed, and whether reading from it can block.
// Every executable has its own close, dup2, dup3 and close_range (descriptors.cpp), which keep this current.
//
// A registration with epoll is remembered as (number, generation). It counts, and so does an event that was fetched in a batch,
// only while generation(number) is still the same: a number that was closed and used again is another descriptor.
// What libc closes inside itself (fclose) is not seen; so `accepted` counts as a new generation too.
#ifndef FLUX_CORE_DESCRIPTORS_HPP
#define FLUX_CORE_DESCRIPTORS_HPP

#include <atomic>
#include <cstdint>

namespace flux::descriptors {
namespace detail {

// One word a number: generation in the upper bits, then the loop that has it registered, and what is known of blocking in the lower two.
// All of it changes with one atomic operation.
enum known : std::uint32_t { kUnknown = 0, kNonBlocking = 1, kBlocking = 2, kKnownMask = 3, kLoopStep = 4, kLoopMask = 0x3fc, kGenerationStep = 1024 };

inline constexpr int kChunkSize = 4096;
inline constexpr int kChunks = 2048;  // 8 million descriptors

struct chunk {
  std::atomic<std::uint32_t> words[kChunkSize];
};

// Chunks are made when a number in them is first asked about and live for ever, so that close need not lock.
extern constinit std::atomic<chunk*> chunks[kChunks];

// Null if there is no chunk for it, or the number is beyond all of them.
[[nodiscard]] inline std::atomic<std::uint32_t>* find(int fd) noexcept {
  const auto number = static_cast<std::uint32_t>(fd);
  if (number >= std::uint32_t{kChunkSize} * kChunks) [[unlikely]] return nullptr;
  chunk* const here = chunks[number / kChunkSize].load(std::memory_order_acquire);
  return here == nullptr ? nullptr : &here->words[number % kChunkSize];
}

[[nodiscard]] std::uint32_t generation_of_unknown(int fd) noexcept;
[[nodiscard]] bool ask_is_blocking(int fd) noexcept;

}  // namespace detail

// Loops that can be told apart, numbered from 1.
inline constexpr std::uint32_t kMostLoops = detail::kLoopMask / detail::kLoopStep;

// Which of the descriptors that had this number it is. From any thread; never blocks. REQUIRES: fd >= 0.
[[nodiscard]] inline std::uint32_t generation(int fd) noexcept {
  const std::atomic<std::uint32_t>* const word = detail::find(fd);
  if (word == nullptr) [[unlikely]] return detail::generation_of_unknown(fd);
  return word->load(std::memory_order_acquire) / detail::kGenerationStep;
}

// Where a runtime has several epoll sets: which of its loops has this generation registered, 0 where none has or nobody knows.
struct registration {
  std::uint32_t generation;
  std::uint32_t loop;
};

// From any thread; never blocks. REQUIRES: fd >= 0.
[[nodiscard]] inline registration registered(int fd) noexcept {
  const std::atomic<std::uint32_t>* const word = detail::find(fd);
  if (word == nullptr) [[unlikely]] return {.generation = detail::generation_of_unknown(fd), .loop = 0};
  const std::uint32_t seen = word->load(std::memory_order_acquire);
  return {.generation = seen / detail::kGenerationStep, .loop = (seen & detail::kLoopMask) / detail::kLoopStep};
}

// The loop has registered this generation: the first that says so keeps it until the number is closed. Never blocks.
void set_loop(int fd, registration now) noexcept;

// The number is about to be closed or replaced: every registration of it is void. Async-signal-safe; never blocks.
void closing(int fd) noexcept;

// The kernel has just given us this number, non-blocking or blocking for no more than a moment (core/brief_blocking.hpp): a node may be
// called before it is polled. Whatever was known of it is void. Never blocks.
void accepted(int fd) noexcept;

// False if it has O_NONBLOCK: then a node may be called before it is polled. Asks the kernel once a generation. Never blocks.
// False for a number that is not open.
[[nodiscard]] inline bool is_blocking(int fd) noexcept {
  if (const std::atomic<std::uint32_t>* const word = detail::find(fd); word != nullptr) [[likely]] {
    const std::uint32_t known = word->load(std::memory_order_acquire) & detail::kKnownMask;
    if (known != detail::kUnknown) [[likely]] return known == detail::kBlocking;
  }
  return detail::ask_is_blocking(fd);
}

}  // namespace flux::descriptors

#endif
