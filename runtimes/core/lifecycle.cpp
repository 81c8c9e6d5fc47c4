// From main to the exit code.
#include "core/lifecycle.hpp"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <memory>

#include "core/clock.hpp"
#include "core/counts.hpp"
#include "core/report.hpp"
#include "core/shutdown.hpp"
#include "flux/stop.hpp"

namespace flux::core {
namespace {

const counts* counted = nullptr;

std::int64_t unfinished() noexcept { return counted == nullptr ? 0 : static_cast<std::int64_t>(counted->in_flight()); }

// True if the program may serve.
bool initialised(const program_facts& facts, int argc, char** argv) noexcept {
  if (facts.init == nullptr) return true;
  try {
    const int answer = facts.init(argc, argv);
    if (answer == 0) return true;
    report("init failed with %d", answer);
  } catch (const std::exception& thrown) {
    report("%s", thrown.what());
  } catch (...) {
    report("init threw something that is no std::exception");
  }
  return false;
}

// Blocks until the server is to stop; meanwhile does what was asked by signal.
void serve() noexcept {
  pollfd polled[] = {{.fd = stop_descriptor(), .events = POLLIN, .revents = 0}, {.fd = request_descriptor(), .events = POLLIN, .revents = 0}};
  while (!stopping()) {
    ::poll(polled, 2, -1);
    (void)clear_request();
  }
}

// Ends the process with a thread still inside a function of the program: no static object is destroyed under it.
[[noreturn]] void leave(int code) noexcept {
  // The thread may be inside stdout, too.
  if (::ftrylockfile(stdout) == 0) ::fflush_unlocked(stdout);
  ::_exit(code);
}

}  // namespace

int live(const program_facts& facts, std::span<const option> own, engine& runs, int argc, char** argv) {
  set_report_name(facts.name);
  common_options options;
  if (const int code = take_options(argc, argv, facts.name, options, own); code >= 0) return code;
  if (const int error = prepare_shutdown(); error != 0) {
    report("cannot start: %s", std::strerror(error));
    return 1;
  }
  if (!initialised(facts, argc, argv)) return 1;

  static counts count(facts);
  counted = &count;
  const observers with{.counts = count, .profile = nullptr, .watched = options.watchdog != 0};
  catch_signals(options.profile != nullptr, &unfinished);
  if (const int error = runs.start(with); error != 0) {
    report("cannot start: %s", std::strerror(error));
    leave(1);
  }
  serve();

  runs.stop();
  std::uint64_t left = 0;
  if (!runs.drained(now() + options.drain)) {
    begin_destroying();
    left = count.in_flight();
    runs.destroy();
    (void)runs.drained(now() + kSecond);
  } else {
    begin_destroying();
    runs.destroy();
  }
  const bool inside = count.in_flight() != 0;
  if (!inside && facts.finish != nullptr) facts.finish();
  if (left != 0) report("stopped with %llu flows that did not end", static_cast<unsigned long long>(left));
  const int code = left == 0 ? 0 : 1;
  if (!runs.close()) leave(code);
  return code;
}

}  // namespace flux::core
