// How a program starts on threads.
#include "thread/runtime.hpp"

#include <limits.h>
#include <pthread.h>

#include "core/lifecycle.hpp"
#include "core/options.hpp"
#include "core/report.hpp"
#include "thread/server.hpp"

namespace flux::thread {
namespace {

// Below what one process may have on common systems (32,000), with room for what the program starts itself.
constexpr std::int64_t kThreads = 16'384;
// Only what is touched is memory; the rest is address space. Sanitizers make frames several times as large.
constexpr std::int64_t kStack = core::kSanitized ? 4 << 20 : 256 << 10;

}  // namespace

int run(const program<worker>& program, int argc, char** argv) {
  // They live as long as the process: a thread that is left inside a node at the end still refers to them.
  static settings chosen{.threads = kThreads, .stack = kStack};
  static server& runs = *new server(program, chosen);
  const core::option own[] = {
      {"--flux-threads", "N", "flows at once, each on its own thread; then sources wait (16384)", core::option::kind::count, &chosen.threads},
      {"--flux-stack", "SIZE", "stack of a thread, from 64k (256k)", core::option::kind::bytes, &chosen.stack},
  };
  static const core::program_facts facts = core::facts_of(program);
  return core::live(facts, "thread", own, runs, argc, argv);
}

}  // namespace flux::thread
