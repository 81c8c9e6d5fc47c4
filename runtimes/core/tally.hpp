// Counts by a number that is not known before: paths, sessions. Keeps the first so many, and how many the others were.
#ifndef FLUX_CORE_TALLY_HPP
#define FLUX_CORE_TALLY_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/futex.hpp"

namespace flux::core {

struct tallied {
  // A path unit and a path number, or a source and a session.
  std::uint32_t group;
  std::uint64_t number;
  std::uint64_t count;
  // Of whatever was added with it: nanoseconds.
  std::uint64_t sum;
};

struct tally_copy {
  std::vector<tallied> entries;
  // What found no place.
  std::uint64_t other_count = 0;
  std::uint64_t other_sum = 0;
};

// Thread safety: every member may be called from any thread; blocks for the length of a look-up.
//
// Open addressing in a table that doubles; never more than half full, at most kMost entries.
class tally {
 public:
  static constexpr std::size_t kMost = 65'536;

  void add(std::uint32_t group, std::uint64_t number, std::uint64_t amount) noexcept;
  void add_to(std::vector<tallied>& entries, tally_copy& others) const;

  // One entry a key, the most frequent first, at most kMost; the rest is added to the others.
  static void merge(tally_copy& all);

 private:
  bool grow() noexcept;
  [[nodiscard]] tallied& find(tallied* table, std::size_t slots, std::uint32_t group, std::uint64_t number) const noexcept;

  mutable futex_mutex mutex_;
  std::unique_ptr<tallied[]> table_;
  std::size_t slots_ = 0;
  std::size_t used_ = 0;
  std::uint64_t other_count_ = 0;
  std::uint64_t other_sum_ = 0;
};

}  // namespace flux::core

#endif
