// With -DFLUX_CHECK_RANKS every acquisition is checked against the canonical order: the compiler's plan is tested by what runs.
#ifndef FLUX_CORE_RANK_CHECK_HPP
#define FLUX_CORE_RANK_CHECK_HPP

#include "core/contract.hpp"
#include "core/facts.hpp"
#include "core/rw_lock.hpp"

namespace flux::core {

#ifdef FLUX_CHECK_RANKS
inline constexpr bool kChecksRanks = true;
#else
inline constexpr bool kChecksRanks = false;
#endif

// Aborts, naming both flows and their places, if `f` holds anything that does not rank below `wanted`: another flow may acquire the two
// the other way round. Of equal rank are the locks of one table: their keys must ascend. Never blocks, but as < of a key does.
void check_rank(const program_facts& facts, const flow& f, held_view<rw_lock> held, const rw_lock& wanted) noexcept;

}  // namespace flux::core

#endif
