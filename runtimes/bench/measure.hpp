// One number in nanoseconds with its spread. Not a framework: no registration, no options.
#ifndef FLUX_BENCH_MEASURE_HPP
#define FLUX_BENCH_MEASURE_HPP

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "core/clock.hpp"

namespace flux::bench {

// Prints `name  median  (lowest to highest)` of `batches`, nanoseconds an operation each. Returns the median.
inline double print(const char* name, std::vector<double> batches) {
  std::sort(batches.begin(), batches.end());
  std::printf("%-52s %9.1f ns  (%.1f to %.1f)\n", name, batches[batches.size() / 2], batches.front(), batches.back());
  std::fflush(stdout);
  return batches[batches.size() / 2];
}

// Nanoseconds of CPU used by the process or thread: a machine that is busy with others changes them little.
inline instant cpu_time(clockid_t of) noexcept {
  timespec used{};
  ::clock_gettime(of, &used);
  return static_cast<instant>(used.tv_sec) * core::kSecond + used.tv_nsec;
}
inline instant thread_cpu_time() noexcept { return cpu_time(CLOCK_THREAD_CPUTIME_ID); }

// Runs `operation` so many times in each of 15 batches, after one batch that is not counted.
template <typename Operation>
void measure(const char* name, int operations, Operation operation, instant (*clock)() noexcept = core::now) {
  constexpr int kBatches = 15;
  std::vector<double> batches;
  for (int batch = 0; batch <= kBatches; ++batch) {
    const instant begin = clock();
    for (int each = 0; each < operations; ++each) operation();
    const instant took = clock() - begin;
    if (batch > 0) batches.push_back(static_cast<double>(took) / operations);
  }
  print(name, batches);
}

}  // namespace flux::bench

#endif
