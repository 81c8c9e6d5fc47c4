// How a program starts on the pool.
#include "pool/runtime.hpp"

#include "core/lifecycle.hpp"
#include "core/options.hpp"
#include "pool/server.hpp"

namespace flux::pool {
namespace {

// Only what is touched is memory; the rest is address space. Sanitizers make frames several times as large.
constexpr std::int64_t kStack = core::kSanitized ? 4 << 20 : 256 << 10;
constexpr std::int64_t kQueue = 1'024;

}  // namespace

int run(const program<worker>& program, int argc, char** argv) {
  // They live as long as the process: a thread that is left inside a node at the end still refers to them.
  static settings chosen{.workers = 0, .queue = kQueue, .stack = kStack};
  static server& runs = *new server(program, chosen);
  const core::option own[] = {
      {"--flux-workers", "N", "threads that run flows (4 for every core)", core::option::kind::count, &chosen.workers},
      {"--flux-queue", "N", "new flows that may wait for a worker; then sources wait (1024)", core::option::kind::count, &chosen.queue},
      {"--flux-stack", "SIZE", "stack of a worker, from 64k (256k)", core::option::kind::bytes, &chosen.stack},
  };
  static const core::program_facts facts = core::facts_of(program);
  return core::live(facts, "pool", own, runs, argc, argv);
}

}  // namespace flux::pool
