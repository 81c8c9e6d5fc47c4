// How a server is told to stop, and how that reaches whoever sleeps. Says nothing of what a runtime then does.
//
//   running -> stopping    flux::stop(), SIGTERM or SIGINT: the stop descriptor becomes readable for ever
//   stopping -> destroying the time to drain is over: the destroy descriptor becomes readable for ever
//
// Both are in the poll of everything that waits, so nobody has to be found to be woken.
#ifndef FLUX_CORE_SHUTDOWN_HPP
#define FLUX_CORE_SHUTDOWN_HPP

#include <cstdint>

namespace flux::core {

// Makes the descriptors. Returns 0 or an errno. Before init, on the main thread.
[[nodiscard]] int prepare_shutdown() noexcept;

// From here on SIGTERM and SIGINT begin the stop, a second one ends the process at once with exit code 1, and SIGUSR1 asks for the
// profile where there is one. `unfinished` is called in a handler: how many flows there are. Main thread, before init: a signal during
// init stops the server once init has returned.
void catch_signals(bool profile, std::int64_t (*unfinished)() noexcept) noexcept;

// Readable once the server stops. Never closed.
[[nodiscard]] int stop_descriptor() noexcept;
// Readable once what is parked is to be destroyed. Never closed.
[[nodiscard]] int destroy_descriptor() noexcept;
// Readable when the main thread should look at what was requested; it is emptied by clear_request.
[[nodiscard]] int request_descriptor() noexcept;

[[nodiscard]] bool destroying() noexcept;
void begin_destroying() noexcept;

// True if SIGUSR1 came since the last call. Main thread.
[[nodiscard]] bool clear_request() noexcept;

}  // namespace flux::core

#endif
