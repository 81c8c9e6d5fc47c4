// What a run of the test runtime is told: `--flux-test-…` arguments and the script.
#ifndef FLUX_TEST_OPTIONS_HPP
#define FLUX_TEST_OPTIONS_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "core/contract.hpp"
#include "schedule.hpp"

namespace flux::test {

// Waits of the node are seen as ready no sooner than this after they began (the peer is slow).
struct slow_readiness {
  std::string node;
  instant after;
};

// The node's waits end this often in each flow without anything being ready.
struct spurious_wakes {
  std::string node;
  int times;
};

// No helper takes a call of the node sooner than this.
struct slow_helper {
  std::string node;
  instant after;
};

// What happens around the program: lines of the script file.
struct script {
  instant stop_at = never;
  std::uint32_t fail_allocation_first = 0;  // counted from 1; 0: none
  std::uint32_t fail_allocation_last = 0;
  std::vector<slow_readiness> slow;
  std::vector<spurious_wakes> spurious;
  std::vector<slow_helper> helpers;
};

enum class readiness_model : std::uint8_t { level, edge };
enum class exploration : std::uint8_t { none, all, seeds };

struct options {
  // True: every operation that may park does, even where it could go on at once.
  bool park_always = true;
  flux::test::order order = order::fifo;
  std::uint64_t seed = 0;
  std::vector<std::uint16_t> replay;
  readiness_model readiness = readiness_model::level;
  exploration explore = exploration::none;
  std::uint64_t explore_first = 0;
  std::uint64_t explore_last = 0;
  instant drain = 10'000'000'000;
  bool report = false;
  flux::test::script script;
};

// Takes every `--flux-…` argument out of argv. Returns -1: go on; else the exit code. Blocks on reading the script.
[[nodiscard]] int take_options(int& argc, char** argv, const char* program, options& result);

}  // namespace flux::test

#endif
