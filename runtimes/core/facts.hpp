// What of a program does not depend on the runtime, so that what the runtimes share need not be a template.
#ifndef FLUX_CORE_FACTS_HPP
#define FLUX_CORE_FACTS_HPP

#include <cstdint>
#include <span>

#include "core/contract.hpp"

namespace flux::core {

struct program_facts {
  const char* name;
  const char* file;
  std::span<const source_description> sources;
  std::span<const node_description> nodes;
  std::span<const constraint_description> constraints;
  std::span<const path_unit_description> path_units;
  int (*node_of_state)(std::uint16_t state) noexcept;
  int (*init)(int argc, char** argv);
  void (*finish)();
};

template <typename Worker>
[[nodiscard]] program_facts facts_of(const program<Worker>& of) noexcept {
  return {.name = of.name,
          .file = of.file,
          .sources = of.sources,
          .nodes = of.nodes,
          .constraints = of.constraints,
          .path_units = of.path_units,
          .node_of_state = of.node_of_state,
          .init = of.init,
          .finish = of.finish};
}

}  // namespace flux::core

#endif
