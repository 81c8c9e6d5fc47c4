// Which of several things that could happen next happens next. The only source of choice in a run: the same schedule gives the
// same run.
#ifndef FLUX_TEST_SCHEDULE_HPP
#define FLUX_TEST_SCHEDULE_HPP

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace flux::test {

enum class order : std::uint8_t {
  fifo,    // the one that has been ready longest
  lifo,    // the newest
  random,  // any, by a seed
  replay,  // as written; fifo after the end
};

// One choice made: `chosen` of `count`.
struct choice {
  std::uint16_t chosen;
  std::uint16_t count;
};

// Where choices are recorded; lies in memory shared with the explorer, so that they outlive a crash.
struct choice_log {
  static constexpr std::size_t kCapacity = 1u << 16;
  std::uint32_t size;
  choice entries[kCapacity];
};

class schedule {
 public:
  schedule(order how, std::uint64_t seed, std::vector<std::uint16_t> replay) noexcept;

  // Records every choice from now on.
  void log_to(choice_log* log) noexcept { log_ = log; }

  // Index of the one chosen among `count` things that are ready, oldest first. REQUIRES: count > 0.
  [[nodiscard]] std::size_t choose(std::size_t count) noexcept;

  // True about once in `often`, in a random schedule; never in any other.
  [[nodiscard]] bool sometimes(std::size_t often) noexcept;

 private:
  order how_;
  std::mt19937_64 random_;
  std::vector<std::uint16_t> replay_;
  std::size_t made_ = 0;
  choice_log* log_ = nullptr;
};

}  // namespace flux::test

#endif
