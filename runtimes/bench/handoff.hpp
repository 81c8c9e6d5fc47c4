// What it costs to hand a lock over to one that waits for it, in CPU time of the whole process, not on the wall clock: on a runtime, and
// beside it by plain threads with the locks of the standard library.
//
// As many flows as there are stand in a ring that has one lock more, each holding one. Each acquires the lock before it and then releases its
// own, for which the next waits. So there is one place to step into, one can step at a time, and every step hands a lock over.
//
// Included by a file that says what it runs on: namespace flux::measured is that runtime.
#ifndef FLUX_BENCH_HANDOFF_HPP
#define FLUX_BENCH_HANDOFF_HPP

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "bench/measure.hpp"
#include "core/contract.hpp"
#include "flux/stop.hpp"

namespace flux::bench {

// CPU time for each lock that was waited for, by batch. Whoever walks first in the ring counts for all.
class handoffs {
 public:
  explicit handoffs(std::size_t walkers) : waits_(walkers) {}

  // Walker `who` did not get its lock at once.
  void waited(std::size_t who) noexcept {
    std::atomic<std::uint64_t>& mine = waits_[who].number;
    mine.store(mine.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  // REQUIRES: one walker calls it, after every step. True: it was the last.
  bool stepped() {
    if (++steps_ % kBatch != 0) return false;
    const instant cpu = cpu_time(CLOCK_PROCESS_CPUTIME_ID);
    std::uint64_t waits = 0;
    for (const counter& each : waits_) waits += each.number.load(std::memory_order_relaxed);
    // The first batch warms up.
    if (steps_ > kBatch) batches_.push_back(static_cast<double>(cpu - cpu_) / static_cast<double>(waits - counted_));
    cpu_ = cpu;
    counted_ = waits;
    return batches_.size() == kBatches;
  }
  [[nodiscard]] const std::vector<double>& batches() const noexcept { return batches_; }

 private:
  static constexpr std::size_t kBatches = 15;
  static constexpr std::uint64_t kBatch = 2000;

  struct alignas(64) counter {
    std::atomic<std::uint64_t> number{0};
  };

  std::vector<counter> waits_;
  std::uint64_t steps_ = 0;
  std::uint64_t counted_ = 0;
  instant cpu_ = 0;
  std::vector<double> batches_;
};

// The same by threads, with a lock of the standard library. Returns the median.
template <typename Mutex>
double measure_threads(const char* name, std::size_t walkers) {
  handoffs counted(walkers);
  const std::unique_ptr<Mutex[]> ring(new Mutex[walkers + 1]);
  std::atomic<std::size_t> standing{0};
  std::atomic<bool> over{false};
  const auto walk = [&](std::size_t who) {
    std::size_t place = who;
    ring[place].lock();
    standing.fetch_add(1);
    while (standing.load() != walkers) std::this_thread::yield();
    while (!over.load(std::memory_order_relaxed)) {
      const std::size_t next = (place + 1) % (walkers + 1);
      if (!ring[next].try_lock()) {
        counted.waited(who);
        ring[next].lock();
      }
      ring[place].unlock();
      place = next;
      if (who == 0 && counted.stepped()) over.store(true);
    }
    ring[place].unlock();
  };
  std::vector<std::thread> threads;
  for (std::size_t who = 0; who < walkers; ++who) threads.emplace_back(walk, who);
  for (std::thread& each : threads) each.join();
  return print(name, counted.batches());
}

// The ring of flows.
namespace ring {

using worker = measured::worker;

constexpr std::size_t kWalkers = 8;

enum class at : std::uint16_t { feed, begin, acquired };

struct record : worker::flow {
  std::size_t who = 0;
  // The lock it holds.
  std::size_t place = 0;
};

inline worker::lock locks[kWalkers + 1] = {{"l", 0}, {"l", 0}, {"l", 0}, {"l", 0}, {"l", 0}, {"l", 0}, {"l", 0}, {"l", 0}, {"l", 0}};
inline handoffs counted{kWalkers};
inline std::size_t fed = 0;
inline std::atomic<bool> over{false};
// What the threads needed.
inline double beside = 0;

inline void release(worker& w, record& f, std::size_t place) noexcept { w.release(f, {.lock = &locks[place], .mode = mode::write}); }

// All stand in the ring before the first takes a step: none could walk alone.
inline int stand(int, char**) {
  for (std::size_t place = 0; place < kWalkers; ++place) {
    if (!locks[place].try_acquire(mode::write)) return EBUSY;
  }
  return 0;
}

inline void step_activation(worker& w, record& f) {
  auto* const started = fed == kWalkers ? nullptr : static_cast<record*>(w.fresh(f));
  if (started == nullptr) {
    f.error = ECANCELED;
    w.end(f, ending::failed);
    return;
  }
  started->who = started->place = fed++;
  started->state = static_cast<std::uint16_t>(at::begin);
  w.spawn(f, *started);
  w.end(f, ending::done);
}

inline std::size_t ahead(const record& f) { return (f.place + 1) % (kWalkers + 1); }

// Holds the lock ahead too.
inline void walk_on(worker& w, record& f) {
  release(w, f, f.place);
  f.place = ahead(f);
  if (f.who != 0 || !counted.stepped()) return;
  // First, so that the source is not asked for others when these end.
  flux::stop();
  over.store(true);
}

inline void step(worker& w, flux::flow& base) noexcept {
  auto& f = static_cast<record&>(base);
  if (f.state == static_cast<std::uint16_t>(at::feed)) return step_activation(w, f);
  if (f.state == static_cast<std::uint16_t>(at::acquired)) walk_on(w, f);
  while (!over.load(std::memory_order_relaxed)) {
    worker::lock& next = locks[ahead(f)];
    if (!next.try_acquire(mode::write)) {
      counted.waited(f.who);
      f.state = static_cast<std::uint16_t>(at::acquired);
      if (w.acquire(f, next, mode::write, never) == parked::yes) return;
    }
    walk_on(w, f);
  }
  release(w, f, f.place);
  w.end(f, ending::done);
}

inline int run(int argc, char** argv) {
  static constexpr flux::source_description kSources[] = {
      {"Feed", 1, false, static_cast<std::uint16_t>(at::feed), static_cast<std::uint16_t>(at::begin), 0, kWalkers, false, nullptr}};
  static const flux::program<worker> program{
      .name = "handoff",
      .file = "handoff.flux",
      .record_size = sizeof(record),
      .record_alignment = alignof(record),
      .construct = [](void* storage) noexcept -> flux::flow& { return *::new (storage) record; },
      .dispose = [](flux::flow& f) noexcept { static_cast<record&>(f).~record(); },
      .step = step,
      .abandon = [](worker&, flux::flow&) noexcept {},
      .held = [](const flux::flow&) noexcept { return flux::held_view<worker::lock>(); },
      .sources = kSources,
      .nodes = {},
      .constraints = {},
      .path_units = {},
      .node_of_state = [](std::uint16_t) noexcept { return -1; },
      .init = stand,
      .finish =
          [] {
            const double median = print("a flow hands a lock to one that waits, CPU", counted.batches());
            std::printf("%-52s %9.2f\n", "in proportion to threads with std::shared_mutex", median / beside);
          },
  };
  measure_threads<std::mutex>("a thread hands a std::mutex to one that waits, CPU", kWalkers);
  beside = measure_threads<std::shared_mutex>("the same with std::shared_mutex", kWalkers);
  return measured::run(program, argc, argv);
}

}  // namespace ring
}  // namespace flux::bench

#endif
