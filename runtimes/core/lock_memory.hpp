// Memory that lock tables grow into and give back: to the system, not to a free list of the process.
#ifndef FLUX_CORE_LOCK_MEMORY_HPP
#define FLUX_CORE_LOCK_MEMORY_HPP

#include <cstddef>

namespace flux::core {

// Thread safety: every member may be called from any thread.
struct lock_memory {
  // Zeroed memory; null if there is none. `bytes` is a power of two; of kPage bytes or more it is aligned to its size.
  // Blocks only as malloc and mmap do.
  [[nodiscard]] static void* get(std::size_t bytes) noexcept;

  // REQUIRES: `memory` came from get(bytes).
  static void put(void* memory, std::size_t bytes) noexcept;

  static constexpr std::size_t kPage = 4096;
};

}  // namespace flux::core

#endif
