#include "schedule.hpp"

#include <utility>

namespace flux::test {

schedule::schedule(order how, std::uint64_t seed, std::vector<std::uint16_t> replay) noexcept
    : how_(how), random_(seed), replay_(std::move(replay)) {}

std::size_t schedule::choose(std::size_t count) noexcept {
  if (count == 1) return 0;
  std::size_t chosen = 0;
  switch (how_) {
    case order::fifo:
      break;
    case order::lifo:
      chosen = count - 1;
      break;
    case order::random:
      chosen = static_cast<std::size_t>(random_() % count);
      break;
    case order::replay:
      if (made_ < replay_.size() && replay_[made_] < count) chosen = replay_[made_];
      break;
  }
  ++made_;
  if (log_ != nullptr && log_->size < choice_log::kCapacity) {
    log_->entries[log_->size] = {static_cast<std::uint16_t>(chosen), static_cast<std::uint16_t>(count)};
    ++log_->size;
  }
  return chosen;
}

bool schedule::sometimes(std::size_t often) noexcept { return how_ == order::random && random_() % often == 0; }

}  // namespace flux::test
