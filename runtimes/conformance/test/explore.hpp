// Runs one program under many schedules, each in a process of its own, and compares what they print.
#ifndef FLUX_TEST_EXPLORE_HPP
#define FLUX_TEST_EXPLORE_HPP

#include <functional>

#include "options.hpp"

namespace flux::test {

// One run under these options, to its exit code. Called in a child process.
using one_run = std::function<int(const options&, choice_log*)>;

// Prints what all runs printed and returns their exit code. If two differ: prints both, with the options that give them again,
// and returns 70. Blocks.
int explore(const options& given, const one_run& run);

}  // namespace flux::test

#endif
