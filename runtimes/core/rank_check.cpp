// The message of a rank that is wrong.
#include "core/rank_check.hpp"

#include <cstdio>
#include <cstdlib>

#include "core/report.hpp"

namespace flux::core {
namespace {

// "`F` (image.flux:4)"
struct place {
  place(const program_facts& facts, int node) noexcept {
    if (node < 0 || static_cast<std::size_t>(node) >= facts.nodes.size()) {
      std::snprintf(text, sizeof text, "%s", facts.file);
    } else {
      const node_description& at = facts.nodes[static_cast<std::size_t>(node)];
      std::snprintf(text, sizeof text, "`%s` (%s:%d)", at.name, facts.file, at.line);
    }
  }
  char text[160];
};

const char* source_name(const program_facts& facts, std::size_t source) noexcept {
  return source < facts.sources.size() ? facts.sources[source].name : "?";
}

}  // namespace

void check_rank(const program_facts& facts, const flow& f, held_view<rw_lock> held, const rw_lock& wanted) noexcept {
  for (const auto each : held) {
    if (ascends(*each.lock, wanted)) continue;
    const acquisition_place holding = each.lock->acquired_at.last();
    const acquisition_place other = wanted.acquired_at.last();
    char last[256] = "no flow has acquired it yet";
    if (other.known) {
      std::snprintf(last, sizeof last, "it was last acquired by a flow of `%s` at %s", source_name(facts, other.source),
                    place(facts, other.node).text);
    }
    report("locks out of order: a flow of `%s` acquires `%s` (rank %d) at %s while it holds `%s` (rank %d)%s, acquired at %s; %s",
           source_name(facts, f.source), wanted.name(), wanted.rank(), place(facts, facts.node_of_state(f.state)).text, each.lock->name(),
           each.lock->rank(), of_one_table(*each.lock, wanted) ? " of a key that is not less" : "",
           place(facts, holding.known ? holding.node : -1).text, last);
    std::abort();
  }
}

}  // namespace flux::core
