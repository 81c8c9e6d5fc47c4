// Durations counted in log-linear buckets: 16 to an octave, so a value is known to within 6.25 %.
#ifndef FLUX_CORE_HISTOGRAM_HPP
#define FLUX_CORE_HISTOGRAM_HPP

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace flux::core {

inline constexpr std::size_t kHistogramBuckets = 39 * 16;

// Values up to 15 have a bucket each; then 16 buckets an octave up to 2^42 ns (73 minutes); longer ones are in the last.
[[nodiscard]] constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
  if (value < 16) return static_cast<std::size_t>(value);
  const auto octave = static_cast<std::size_t>(std::bit_width(value)) - 1;
  const std::size_t bucket = (octave - 3) * 16 + static_cast<std::size_t>((value >> (octave - 4)) & 15);
  return bucket < kHistogramBuckets ? bucket : kHistogramBuckets - 1;
}

// The least value of a bucket.
[[nodiscard]] constexpr std::uint64_t bucket_start(std::size_t bucket) noexcept {
  if (bucket < 16) return bucket;
  return (16 + std::uint64_t{bucket % 16}) << (bucket / 16 - 1);
}

struct histogram_copy {
  std::uint64_t sum = 0;
  std::array<std::uint64_t, kHistogramBuckets> counts{};

  [[nodiscard]] std::uint64_t count() const noexcept {
    std::uint64_t total = 0;
    for (const std::uint64_t each : counts) total += each;
    return total;
  }
};

// Thread safety: add and add_to from any thread. A copy made while others add is a moment's blur, never a torn count.
class histogram {
 public:
  // Two atomic additions. Never blocks.
  void add(std::int64_t value) noexcept {
    const auto positive = static_cast<std::uint64_t>(value < 0 ? 0 : value);
    sum_.fetch_add(positive, std::memory_order_relaxed);
    counts_[bucket_of(positive)].fetch_add(1, std::memory_order_relaxed);
  }

  void add_to(histogram_copy& total) const noexcept {
    total.sum += sum_.load(std::memory_order_relaxed);
    for (std::size_t index = 0; index < kHistogramBuckets; ++index) total.counts[index] += counts_[index].load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> sum_{0};
  std::array<std::atomic<std::uint64_t>, kHistogramBuckets> counts_{};
};

}  // namespace flux::core

#endif
