// What every runtime keeps of a source: how many flows it has, when to call it again after a failure, when a timer ticks.
// How it is called, and by whom, is the runtime's.
#ifndef FLUX_CORE_SOURCE_HPP
#define FLUX_CORE_SOURCE_HPP

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "core/clock.hpp"
#include "core/contract.hpp"
#include "core/report.hpp"

namespace flux::core {

// Counts of one source. A counter is changed with one atomic addition and read at any time.
//
// Thread safety: any thread.
struct alignas(64) source_counts {
  // seq_cst: an admission that waits sleeps on an event_count.
  std::atomic<std::uint64_t> started{0};
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> failed{0};
  // Taken away at the end of the drain, without having ended.
  std::atomic<std::uint64_t> destroyed{0};
  // Ticks of a timer that found their predecessors in flight.
  std::atomic<std::uint64_t> dropped{0};
  // Activations that failed: no flow came of them.
  std::atomic<std::uint64_t> activations_failed{0};

  [[nodiscard]] std::uint64_t in_flight() const noexcept {
    // Ends are read first: a flow that ends in between is counted twice as running rather than as less than nothing.
    const std::uint64_t ended = done.load(std::memory_order_seq_cst) + failed.load(std::memory_order_seq_cst) +
                                destroyed.load(std::memory_order_seq_cst);
    return started.load(std::memory_order_seq_cst) - ended;
  }
};

// Something ran out that flows give back when they end. ENOBUFS is what sockets say for ENOMEM.
[[nodiscard]] constexpr bool is_exhaustion(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

// When a source that failed is called again: at once the first time, then after 1 ms, doubling to 1 s while it keeps failing. Where
// descriptors or memory ran out it always pauses, since calling again cannot help and no edge will say when it would.
//
// Thread safety: the thread that drives the source.
class backoff {
 public:
  void worked() noexcept {
    failures_ = 0;
    delay_ = 0;
  }

  // How long to wait before the next call. Never blocks.
  [[nodiscard]] instant failed(int error) noexcept {
    const bool first = failures_++ == 0;
    if (first && !is_exhaustion(error)) return 0;
    delay_ = delay_ == 0 ? kMillisecond : delay_ * 2;
    if (delay_ > kSecond) delay_ = kSecond;
    return delay_;
  }

 private:
  std::uint32_t failures_ = 0;
  instant delay_ = 0;
};

// Ticks at start + n × period, n from 1, whatever happens in between.
//
// Thread safety: the thread that drives the timer.
class ticks {
 public:
  ticks(instant start, instant period) noexcept : next_(start + period), period_(period) {}

  [[nodiscard]] instant next() const noexcept { return next_; }

  // How many ticks are due at `now`; the next one then lies after it. Never blocks.
  [[nodiscard]] std::uint64_t take_due(instant now) noexcept {
    if (now < next_) return 0;
    const instant due = (now - next_) / period_ + 1;
    next_ += due * period_;
    return static_cast<std::uint64_t>(due);
  }

 private:
  instant next_;
  instant period_;
};

}  // namespace flux::core

#endif
