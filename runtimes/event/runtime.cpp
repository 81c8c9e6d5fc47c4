// How a program starts on event loops.
#include "event/runtime.hpp"

#include "core/lifecycle.hpp"
#include "core/options.hpp"
#include "event/server.hpp"

namespace flux::event {
namespace {

// Only what is touched is memory; the rest is address space. Sanitizers make frames several times as large.
constexpr std::int64_t kStack = core::kSanitized ? 4 << 20 : 256 << 10;
constexpr std::int64_t kHelpers = 512;
constexpr std::int64_t kQueue = 1'024;
constexpr std::int64_t kOffence = 20 * core::kMillisecond;

// Between the options and the start there is `init`, which opens listeners; how many loops there are must be known there.
const program<worker>* started = nullptr;
server* running = nullptr;

int init(int argc, char** argv) {
  running->prepare_listeners();
  return started->init == nullptr ? 0 : started->init(argc, argv);
}

}  // namespace

int run(const program<worker>& program, int argc, char** argv) {
  // They live as long as the process: a thread that is left inside a node at the end still refers to them.
  static settings chosen{.loops = 0, .helpers = kHelpers, .queue = kQueue, .stack = kStack, .offence = kOffence};
  static server& runs = *new server(program, chosen);
  const core::option own[] = {
      {"--flux-loops", "N", "event loops, a thread each, up to 255 (one for every core)", core::option::kind::count, &chosen.loops},
      {"--flux-helpers", "N", "threads that call nodes which may block, at most (512)", core::option::kind::count, &chosen.helpers},
      {"--flux-queue", "N", "new flows that may wait for a loop; then sources wait (1024)", core::option::kind::count, &chosen.queue},
      {"--flux-stack", "SIZE", "stack of a thread, from 64k (256k)", core::option::kind::bytes, &chosen.stack},
      {"--flux-offence", "DURATION", "a node that holds its loop for so long is named; 0: none is (20ms)", core::option::kind::duration, &chosen.offence},
  };
  started = &program;
  running = &runs;
  static core::program_facts facts = core::facts_of(program);
  facts.init = &init;
  return core::live(facts, "event", own, runs, argc, argv);
}

}  // namespace flux::event
