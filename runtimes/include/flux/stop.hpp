// How a node asks the server to stop, and learns that it is stopping.
#ifndef FLUX_STOP_HPP
#define FLUX_STOP_HPP

namespace flux {

// Begins the drain, as SIGTERM does: sources end, flows in flight go on to their end. From any thread and from a signal handler;
// a second call does nothing. Never blocks.
void stop() noexcept;

// True once the drain began. A node that serves a connection asks it before it waits for the next request. Never blocks.
[[nodiscard]] bool stopping() noexcept;

}  // namespace flux

#endif
