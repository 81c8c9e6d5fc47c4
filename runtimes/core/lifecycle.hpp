// The life of a server, the same on every runtime: options, init, sources, ready; then stop, drain, destroy, finish, exit code.
// What it is made of (threads, loops) is behind `engine`.
#ifndef FLUX_CORE_LIFECYCLE_HPP
#define FLUX_CORE_LIFECYCLE_HPP

#include <cstdint>
#include <span>

#include "core/contract.hpp"
#include "core/facts.hpp"
#include "core/options.hpp"

namespace flux::core {

class counts;
class watchdog;
class profile;

// What a runtime is given to observe with. Lives as long as the process.
struct observers {
  core::counts& counts;
  // Null where it is switched off.
  core::profile* profile;
  // A watchdog will ask to be shown every worker.
  bool watched;
  // How long a node took is looked at so closely that one that blocks for a moment (core/brief_blocking.hpp) would be seen.
  bool closely;
};

// A runtime's part in the life of a server. Every member is called on the main thread, in the order below.
class engine {
 public:
  engine() = default;
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;
  virtual ~engine() = default;

  // Starts every source. Returns 0 or an errno. Never blocks for long.
  [[nodiscard]] virtual int start(const observers& with) noexcept = 0;

  // Shows every worker to the watchdog. From time to time between start and close.
  virtual void show(watchdog& to) noexcept = 0;

  // The stop descriptor has become readable: whoever sleeps on something else is to be told.
  virtual void stop() noexcept = 0;

  // True once no flow is in flight and no listening source will start one. Blocks until then or the deadline.
  [[nodiscard]] virtual bool drained(instant deadline) noexcept = 0;

  // The destroy descriptor has become readable: whatever is parked, or will park, releases what it holds and is destroyed.
  virtual void destroy() noexcept = 0;

  // Ends what can be ended. False: some thread is still inside a function of the program, and static objects must not be destroyed.
  [[nodiscard]] virtual bool close() noexcept = 0;
};

// Runs a server from the start of main to its end and returns the exit code. Does not return where a function of the program is still
// running at the end: then the process ends here. `facts` and `runs` live as long as the process. Blocks.
[[nodiscard]] int live(const program_facts& facts, const char* runtime, std::span<const option> own, engine& runs, int argc, char** argv);

}  // namespace flux::core

#endif
