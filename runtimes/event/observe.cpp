// What the loops do besides when somebody looks: profile, watchdog, rank check. What is written down is core/flow_observation.hpp's business.
#include "core/rank_check.hpp"
#include "event/server.hpp"

namespace flux::event {

parked worker::acquire_observed(flow& f, lock& l, mode how, instant deadline) noexcept {
  const program<worker>& program = server_.program_;
  if constexpr (core::kChecksRanks) core::check_rank(core::facts_of(program), f, program.held(f), l);
  return server_.observations_.of(f).acquire(f, l, how, program.node_of_state, [&] { return queue_for(f, l, how, deadline); });
}

void worker::note_granted(flow& f, lock& l, mode how) noexcept { server_.observations_.of(f).granted(f, l, how, server_.program_.node_of_state); }

void worker::note_released(flow& f, held_lock<lock> released) noexcept { server_.observations_.of(f).released(released); }

void worker::note_entered(flow& f, int node) noexcept { server_.observations_.of(f).entered(node); }

void worker::note_left(flow& f, int node) noexcept { server_.observations_.of(f).left(node); }

void worker::note_parked(flow& f) noexcept { server_.observations_.of(f).parks(); }

void worker::count_path(const flow& f, int unit) noexcept { server_.observations_.of(f).path(f, unit); }

void server::show(core::watchdog& to) noexcept { observations_.show(to); }

}  // namespace flux::event
