// How many cores this process may use.
#ifndef FLUX_CORE_CORES_HPP
#define FLUX_CORE_CORES_HPP

#include <sched.h>

#include <algorithm>
#include <cstddef>

namespace flux::core {

// At least 1, also where that cannot be found out. What a container or taskset leaves, not what the machine has.
[[nodiscard]] inline std::size_t cores_allowed() noexcept {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<std::size_t>(std::max(CPU_COUNT(&cores), 1));
}

}  // namespace flux::core

#endif
