// Scaling: rows first, since they come one by one, then what has become of them.
#include "scaler.hpp"

#include <algorithm>
#include <cmath>

namespace photo {
namespace {

// Where the middle of pixel `index` of `to` lies among the middles of `from` pixels: the one before it, and the share of the one behind.
struct place {
  std::uint32_t before;
  float share;
};

place place_of(std::uint32_t index, std::uint32_t from, std::uint32_t to) noexcept {
  const double middle = std::clamp((index + 0.5) * from / to - 0.5, 0.0, static_cast<double>(from - 1));
  const double before = std::floor(middle);
  return {static_cast<std::uint32_t>(before), static_cast<float>(middle - before)};
}

}  // namespace

scaler::scaler(std::uint32_t width, std::uint32_t height, pixels& made)
    : height_(height), made_(made), sum_(std::size_t{3} * width), next_sum_(std::size_t{3} * width) {
  const std::uint32_t result = made_.width();
  columns_.reserve(result);
  for (std::uint32_t x = 0; x < result; ++x) {
    const std::size_t weights = weights_.size();
    if (result >= width) {
      const auto [before, share] = place_of(x, width, result);
      weights_.push_back(1 - share);
      if (share > 0) weights_.push_back(share);
      columns_.push_back({before, static_cast<std::uint32_t>(weights_.size() - weights), weights});
      continue;
    }
    // In parts of which a pixel of the source has `result`, and one of the result `width`.
    const std::uint64_t begin = std::uint64_t{x} * width;
    const std::uint64_t end = begin + width;
    const auto first = static_cast<std::uint32_t>(begin / result);
    const auto last = static_cast<std::uint32_t>((end - 1) / result);
    for (std::uint64_t covered = first; covered <= last; ++covered) {
      const std::uint64_t share = std::min(end, (covered + 1) * result) - std::max(begin, covered * result);
      weights_.push_back(static_cast<float>(static_cast<double>(share) / width));
    }
    columns_.push_back({first, last - first + 1, weights});
  }
}

void scaler::add_row(const std::uint8_t* row) {
  if (made_.height() < height_) {
    shrink(row);
  } else {
    enlarge(row);
  }
  ++y_;
}

void scaler::shrink(const std::uint8_t* row) {
  const std::uint64_t result = made_.height();
  // In parts of which a row of the source has `result`, and one of the result `height_`.
  const std::uint64_t begin = y_ * result;
  const std::uint64_t row_end = (std::uint64_t{done_} + 1) * height_;
  const std::uint64_t here = std::min(begin + result, row_end) - begin;
  const float share = static_cast<float>(static_cast<double>(here) / height_);
  const std::size_t size = sum_.size();
  for (std::size_t i = 0; i < size; ++i) sum_[i] += share * static_cast<float>(row[i]);
  if (begin + result < row_end) return;

  const float rest = static_cast<float>(static_cast<double>(result - here) / height_);
  for (std::size_t i = 0; i < size; ++i) next_sum_[i] = rest * static_cast<float>(row[i]);
  finish_row(sum_);
  sum_.swap(next_sum_);
}

void scaler::enlarge(const std::uint8_t* row) {
  const std::size_t size = sum_.size();
  // Every row of the result that lies between the row before and this one; below the last, all.
  while (done_ < made_.height()) {
    const auto [before, share] = place_of(done_, height_, made_.height());
    if (before + (share > 0 ? 1 : 0) > y_) break;
    if (before == y_) {
      std::copy_n(row, size, next_sum_.begin());
    } else {
      for (std::size_t i = 0; i < size; ++i) next_sum_[i] = sum_[i] + share * (static_cast<float>(row[i]) - sum_[i]);
    }
    finish_row(next_sum_);
  }
  std::copy_n(row, size, sum_.begin());
}

void scaler::finish_row(const std::vector<float>& row) {
  std::uint8_t* to = made_.row(done_++);
  for (const span& column : columns_) {
    float red = 0;
    float green = 0;
    float blue = 0;
    const float* from = row.data() + std::size_t{3} * column.first;
    const float* weight = weights_.data() + column.weights;
    for (std::uint32_t i = 0; i < column.count; ++i, from += 3) {
      red += weight[i] * from[0];
      green += weight[i] * from[1];
      blue += weight[i] * from[2];
    }
    // A sum of shares may lie a little above what it is a mean of.
    const auto byte = [](float value) { return static_cast<std::uint8_t>(std::min(value + 0.5F, 255.0F)); };
    to[0] = byte(red);
    to[1] = byte(green);
    to[2] = byte(blue);
    to += 3;
  }
}

}  // namespace photo
