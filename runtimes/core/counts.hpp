// What a server counts of itself, always: flows a source, failures a node and error. The metrics endpoint prints it.
#ifndef FLUX_CORE_COUNTS_HPP
#define FLUX_CORE_COUNTS_HPP

#include <cstdint>
#include <memory>
#include <vector>

#include "core/facts.hpp"
#include "core/futex.hpp"
#include "core/source.hpp"

namespace flux::core {

struct node_failure {
  std::uint32_t node;
  std::int32_t error;
  std::uint64_t count;
};

// Thread safety: every member may be called from any thread.
class counts {
 public:
  explicit counts(const program_facts& facts);

  [[nodiscard]] source_counts& source(std::size_t index) noexcept { return sources_[index]; }
  [[nodiscard]] const source_counts& source(std::size_t index) const noexcept { return sources_[index]; }
  [[nodiscard]] std::size_t sources() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t in_flight() const noexcept;
  // Flows that were destroyed before their end, or are still in flight.
  [[nodiscard]] std::uint64_t unfinished() const noexcept;

  // Blocks for the length of a look-up. A node that returns ever other numbers gets kErrorsANode of its own; the rest count as kOther.
  void node_failed(int node, int error) noexcept;
  [[nodiscard]] std::vector<node_failure> node_failures() const;

  static constexpr std::size_t kErrorsANode = 64;
  // Stands for every further error of a node. No errno and no constant of ours.
  static constexpr std::int32_t kOther = -2147483647 - 1;

 private:
  std::unique_ptr<source_counts[]> sources_;
  std::size_t count_;
  mutable futex_mutex mutex_;
  // Guarded by mutex_; one entry a node.
  std::vector<std::vector<node_failure>> failures_;
};

}  // namespace flux::core

#endif
