// From main to the exit code.
#include "core/lifecycle.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "core/brief_blocking.hpp"
#include "core/clock.hpp"
#include "core/counts.hpp"
#include "core/metrics.hpp"
#include "core/profile.hpp"
#include "core/report.hpp"
#include "core/shutdown.hpp"
#include "core/watchdog.hpp"
#include "flux/stop.hpp"

namespace flux::core {
namespace {

const counts* counted = nullptr;

std::int64_t unfinished() noexcept { return counted == nullptr ? 0 : static_cast<std::int64_t>(counted->unfinished()); }

int cannot(const char* what, int error) noexcept {
  report("cannot %s: %s", what, std::strerror(error));
  return 1;
}

// Where the program was started with a standard descriptor closed, the next thing it opens would get that number, and what somebody
// prints would be written to it. 0 or an errno.
int fill_standard_descriptors() noexcept {
  for (int fd = 0; fd <= STDERR_FILENO; ++fd) {
    // The lowest free number is the one that is missing.
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) return errno;
  }
  return 0;
}

// What was asked for on the command line and may be refused, before the program does anything.
bool outputs_are_ready(const common_options& options, metrics_endpoint& metrics) noexcept {
  if (options.profile != nullptr) {
    if (const int error = profile::writable(options.profile); error != 0) {
      report("cannot write %s: %s", options.profile, std::strerror(error));
      return false;
    }
  }
  if (options.metrics_port < 0) return true;
  if (const int error = metrics.open(static_cast<int>(options.metrics_port)); error != 0) {
    report("cannot serve metrics on 127.0.0.1:%d: %s", static_cast<int>(options.metrics_port), std::strerror(error));
    return false;
  }
  if (options.metrics_port == 0) report("metrics on http://127.0.0.1:%d/metrics", metrics.port());
  return true;
}

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

void finish(const program_facts& facts) noexcept {
  if (facts.finish == nullptr) return;
  try {
    facts.finish();
  } catch (const std::exception& thrown) {
    report("finish: %s", thrown.what());
  } catch (...) {
    report("finish threw something that is no std::exception");
  }
}

// Everything that looks at the server from the main thread.
struct lookout {
  const program_facts& facts;
  const common_options& options;
  engine& runs;
  core::profile* profile;
  core::watchdog watchdog{facts, options.watchdog == 0 ? kSecond : options.watchdog};
  instant next_look = options.watchdog == 0 ? never : now() + watchdog.period();

  void write_profile() const noexcept {
    if (profile == nullptr) return;
    if (const int error = profile->write(options.profile); error != 0) report("cannot write %s: %s", options.profile, std::strerror(error));
  }

  // Does what a signal asked for and what is due; returns when it wants to be called again.
  instant look() noexcept {
    if (clear_request()) write_profile();
    const instant at = now();
    if (at < next_look) return next_look;
    try {
      watchdog.begin();
      runs.show(watchdog);
      for (const std::string& line : watchdog.end(at)) report("%s", line.c_str());
    } catch (const std::bad_alloc&) {
      // The next look may have more luck.
    }
    return next_look = at + watchdog.period();
  }

  // Blocks until the server is to stop.
  void serve() noexcept {
    pollfd polled[] = {{.fd = stop_descriptor(), .events = POLLIN, .revents = 0},
                       {.fd = request_descriptor(), .events = POLLIN, .revents = 0}};
    while (!stopping()) {
      const instant next = look();
      const instant left = next == never ? never : next - now();
      ::poll(polled, 2, left == never ? -1 : static_cast<int>(left <= 0 ? 0 : left / kMillisecond + 1));
    }
  }

  // Blocks until the flows have ended or the deadline. True if they have.
  bool drain(instant deadline) noexcept {
    for (;;) {
      const instant at = now();
      const instant next = std::min({look(), at + kLook, deadline});
      if (runs.drained(next)) return true;
      if (now() >= deadline) return false;
    }
  }

  // How often a drain looks at what a signal asked for.
  static constexpr instant kLook = 100 * kMillisecond;
};

// Ends the process with a thread still inside a function of the program: no static object is destroyed under it.
[[noreturn]] void leave(int code) noexcept {
  // The thread may be inside stdout, too.
  if (::ftrylockfile(stdout) == 0) ::fflush_unlocked(stdout);
  ::_exit(code);
}

}  // namespace

int live(const program_facts& facts, const char* runtime, std::span<const option> own, engine& runs, int argc, char** argv) {
  set_report_name(facts.name);
  common_options options;
  if (const int code = take_options(argc, argv, facts.name, options, own); code >= 0) return code;
  if (const int error = fill_standard_descriptors(); error != 0) return cannot("start", error);
  if (const int error = prepare_shutdown(); error != 0) return cannot("start", error);

  // These live as long as the process: a thread that is left inside a node at the end still counts.
  static counts& count = *new counts(facts);
  static profile* const measured = options.profile == nullptr ? nullptr : new profile(facts, count, runtime);
  static metrics_endpoint& metrics = *new metrics_endpoint(facts, count);
  static const observers with{.counts = count,
                              .profile = measured,
                              .watched = options.watchdog != 0,
                              .closely = measured != nullptr || (options.watchdog != 0 && options.watchdog < 5 * kBriefly)};
  counted = &count;
  if (!outputs_are_ready(options, metrics)) return 1;
  // Before init: whoever sees a sign of life of the program may stop it, and then it ends as it should.
  catch_signals(measured != nullptr, &unfinished);
  if (!initialised(facts, argc, argv)) return 1;

  if (const int error = options.metrics_port < 0 ? 0 : metrics.start(); error != 0) return cannot("serve metrics", error);
  if (const int error = runs.start(with); error != 0) {
    cannot("start its sources", error);
    leave(1);
  }
  metrics.ready(true);
  lookout at{.facts = facts, .options = options, .runs = runs, .profile = measured};
  at.serve();

  metrics.ready(false);
  runs.stop();
  const bool drained = at.drain(now() + options.drain);
  begin_destroying();
  runs.destroy();
  // Flows inside a node have a second more; the others are destroyed in it.
  const bool ended = drained || at.drain(now() + kSecond);
  if (ended) finish(facts);
  at.write_profile();
  metrics.stop();
  // A source that was inside its function counts what it returns as a flow until it sees the stop: not looked at again once all ended.
  const std::uint64_t left = drained ? 0 : count.unfinished();
  if (left != 0) report("stopped with %llu flows that did not end", static_cast<unsigned long long>(left));
  const int code = left == 0 ? 0 : 1;
  if (!runs.close()) leave(code);
  return code;
}

}  // namespace flux::core
