// The run queue of the pool was chosen with this: one queue under a short lock, one without locks, and one a worker with stealing.
// Each thread does what a worker does with flows that yield: it takes one, spends about as long as a small node, and puts it back at the end.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/measure.hpp"
#include "core/futex.hpp"

namespace {

constexpr std::size_t kEntries = 256;
constexpr int kBatches = 15;

struct entry {
  entry* next = nullptr;
  std::uint64_t worked = 1;
};

// What the pool has: links in the entries, a mutex of four bytes, never full.
class locked_queue {
 public:
  explicit locked_queue(std::size_t) {}
  void put(std::size_t, entry& one) noexcept {
    const flux::core::futex_guard held(guard_);
    one.next = nullptr;
    (last_ == nullptr ? first_ : last_->next) = &one;
    last_ = &one;
  }
  entry* take(std::size_t) noexcept {
    const flux::core::futex_guard held(guard_);
    entry* const one = first_;
    if (one == nullptr) return nullptr;
    first_ = one->next;
    if (first_ == nullptr) last_ = nullptr;
    return one;
  }

 private:
  flux::core::futex_mutex guard_;
  entry* first_ = nullptr;
  entry* last_ = nullptr;
};

// A ring whose places carry the number of the turn they are for (after D. Vyukov): no locks, but a bound.
class ring_queue {
 public:
  explicit ring_queue(std::size_t) {
    for (std::size_t index = 0; index < kPlaces; ++index) places_[index].turn.store(index, std::memory_order_relaxed);
  }
  void put(std::size_t, entry& one) noexcept {
    for (std::size_t at = put_.load(std::memory_order_relaxed);;) {
      place& here = places_[at % kPlaces];
      const std::size_t turn = here.turn.load(std::memory_order_acquire);
      if (turn == at && put_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
        here.what = &one;
        here.turn.store(at + 1, std::memory_order_release);
        return;
      }
      if (turn != at) at = put_.load(std::memory_order_relaxed);
    }
  }
  entry* take(std::size_t) noexcept {
    for (std::size_t at = taken_.load(std::memory_order_relaxed);;) {
      place& here = places_[at % kPlaces];
      const std::size_t turn = here.turn.load(std::memory_order_acquire);
      if (turn == at + 1 && taken_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) {
        entry* const one = here.what;
        here.turn.store(at + kPlaces, std::memory_order_release);
        return one;
      }
      if (turn <= at) return nullptr;
      if (turn != at + 1) at = taken_.load(std::memory_order_relaxed);
    }
  }

 private:
  static constexpr std::size_t kPlaces = 1024;
  struct place {
    std::atomic<std::size_t> turn;
    entry* what;
  };
  alignas(64) place places_[kPlaces];
  alignas(64) std::atomic<std::size_t> put_{0};
  alignas(64) std::atomic<std::size_t> taken_{0};
};

// A queue for each worker; who finds his own empty takes from the others.
class stealing_queues {
 public:
  explicit stealing_queues(std::size_t workers) : own_(workers) {
    for (auto& each : own_) each = std::make_unique<padded>();
  }
  void put(std::size_t worker, entry& one) noexcept { own_[worker]->queue.put(worker, one); }
  entry* take(std::size_t worker) noexcept {
    for (std::size_t each = 0; each < own_.size(); ++each) {
      if (entry* const one = own_[(worker + each) % own_.size()]->queue.take(worker)) return one;
    }
    return nullptr;
  }

 private:
  struct alignas(64) padded {
    locked_queue queue{0};
  };
  std::vector<std::unique_ptr<padded>> own_;
};

void spend(entry& one, int rounds) noexcept {
  for (int round = 0; round < rounds; ++round) one.worked = one.worked * 6364136223846793005u + 1442695040888963407u;
}

// CPU time a turn of all threads together, which does not depend on who else uses the machine.
template <typename Queue>
double batch(std::size_t workers, int turns, int rounds) {
  const auto queue = std::make_unique<Queue>(workers);
  std::vector<entry> entries(kEntries);
  for (std::size_t index = 0; index < kEntries; ++index) queue->put(index % workers, entries[index]);
  std::vector<std::int64_t> spent(workers);
  std::vector<std::thread> threads;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      for (int turn = 0; turn < turns;) {
        entry* const one = queue->take(worker);
        if (one == nullptr) continue;
        spend(*one, rounds);
        queue->put(worker, *one);
        ++turn;
      }
      timespec time{};
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
      spent[worker] = std::int64_t{time.tv_sec} * flux::core::kSecond + time.tv_nsec;
    });
  }
  for (std::thread& each : threads) each.join();
  std::int64_t total = 0;
  for (const std::int64_t each : spent) total += each;
  return static_cast<double>(total) / (static_cast<double>(turns) * static_cast<double>(workers));
}

template <typename Queue>
void measure(const char* name) {
  // About nothing, and about 4 µs: a small request.
  for (const int rounds : {0, 3'000}) {
    const int turns = rounds == 0 ? 100'000 : 2'000;
    for (const std::size_t workers : {1u, 2u, 8u}) {
      std::vector<double> batches;
      for (int each = 0; each < kBatches; ++each) batches.push_back(batch<Queue>(workers, turns, rounds));
      const std::string line = std::string(name) + ", " + std::to_string(workers) + " workers, " + (rounds == 0 ? "empty" : "working");
      flux::bench::print(line.c_str(), batches);
    }
  }
}

}  // namespace

int main() {
  measure<locked_queue>("one queue, a lock");
  measure<ring_queue>("one ring, no lock");
  measure<stealing_queues>("a queue a worker, stealing");
}
