// Whether an accepted connection, and its listener, may let a node's call wait for a moment: the listener's program allows it (listen_options), and the
// runtime has a thread to spare for each flow.
#ifndef FLUX_CORE_BRIEF_BLOCKING_HPP
#define FLUX_CORE_BRIEF_BLOCKING_HPP

#include "core/contract.hpp"

namespace flux::core {

// The moment. Connections that are busier than one request in so long never have to be waited for with a poll; a stop, which such a call
// does not see, is late by no more than that.
inline constexpr instant kBriefly = 20'000'000;

// From a runtime whose flows have threads of their own, before its sources start. Never taken back.
void allow_brief_blocking() noexcept;

// The same for tcp_listener::accept on the calling thread: it may block for the moment if nobody is there.
void may_wait_in_accept(bool may) noexcept;

// Makes an accepted connection that blocks for the moment non-blocking again: there is no time for it any more. Never blocks.
void end_brief_blocking(int fd) noexcept;

}  // namespace flux::core

#endif
