// Counting failures: rare, so a mutex and a short search.
#include "core/counts.hpp"

#include <new>

namespace flux::core {

counts::counts(const program_facts& facts)
    : sources_(std::make_unique<source_counts[]>(facts.sources.size())), count_(facts.sources.size()), failures_(facts.nodes.size()) {}

std::uint64_t counts::in_flight() const noexcept {
  std::uint64_t total = 0;
  for (std::size_t index = 0; index < count_; ++index) total += sources_[index].in_flight();
  return total;
}

std::uint64_t counts::unfinished() const noexcept {
  std::uint64_t total = in_flight();
  for (std::size_t index = 0; index < count_; ++index) total += sources_[index].destroyed.load(std::memory_order_relaxed);
  return total;
}

void counts::node_failed(int node, int error) noexcept {
  if (node < 0 || static_cast<std::size_t>(node) >= failures_.size()) return;
  const futex_guard held(mutex_);
  auto& errors = failures_[static_cast<std::size_t>(node)];
  for (node_failure& each : errors) {
    if (each.error == error || each.error == kOther) {
      ++each.count;
      return;
    }
  }
  try {
    const bool last = errors.size() + 1 == kErrorsANode;
    errors.push_back({static_cast<std::uint32_t>(node), last ? kOther : error, 1});
  } catch (const std::bad_alloc&) {
    // A count is not worth a failure.
  }
}

std::vector<node_failure> counts::node_failures() const {
  const futex_guard held(mutex_);
  std::vector<node_failure> all;
  for (const auto& errors : failures_) all.insert(all.end(), errors.begin(), errors.end());
  return all;
}

}  // namespace flux::core
