// What the random programs of this folder's test are made with: counters that nothing but constraints protects, and work that would
// show a flow where it must not be. Knows nothing of a runtime, nor of how a program is planned.
#ifndef FLUX_LOCKING_LOAD_HPP
#define FLUX_LOCKING_LOAD_HPP

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <thread>

#include "flux/flux.hpp"

// The test runtime has it: time that passes without anybody waiting for it.
extern "C" [[gnu::weak]] void flux_test_spend(long milliseconds);

namespace locking {

// Values that a key or a session can have.
constexpr int kValues = 4;

inline std::atomic<int> wrong = 0;

inline void complain(const char* constraint, const char* of) {
  if (wrong.fetch_add(1) < 5) std::fprintf(stderr, "constraint %s: %s\n", constraint, of);
}

// One constraint: what it protects is plain memory, for each of its values.
struct guarded {
  const char* name;
  std::array<long, kValues> counter{};
  std::array<std::atomic<long>, kValues> expected{};

  void check() const {
    for (int value = 0; value < kValues; ++value) {
      if (counter[static_cast<std::size_t>(value)] != expected[static_cast<std::size_t>(value)]) complain(name, "an increment was lost");
    }
  }
};

// A pool: how many are inside.
struct units {
  const char* name;
  int most;
  std::atomic<int> inside{0};
};

// A node's part in one constraint while it runs. All of its values are one visit for who has the whole class.
class visit {
 public:
  static visit writes(guarded& of, int value) { return visit(&of, nullptr, value, value + 1, true); }
  static visit reads(guarded& of, int value) { return visit(&of, nullptr, value, value + 1, false); }
  static visit writes_all(guarded& of) { return visit(&of, nullptr, 0, kValues, true); }
  static visit takes(units& of) { return visit(nullptr, &of, 0, 0, false); }

  void begin() {
    if (pool_ != nullptr) {
      if (++pool_->inside > pool_->most) complain(pool_->name, "more are inside than it has units");
      return;
    }
    for (int value = first_; value < end_; ++value) seen_[at(value)] = of_->counter[at(value)];
  }

  void end() {
    if (pool_ != nullptr) {
      --pool_->inside;
      return;
    }
    for (int value = first_; value < end_; ++value) {
      if (!writes_) {
        if (of_->counter[at(value)] != seen_[at(value)]) complain(of_->name, "somebody wrote beside a reader");
        continue;
      }
      // Whoever came in between is overwritten.
      of_->counter[at(value)] = seen_[at(value)] + 1;
      ++of_->expected[at(value)];
    }
  }

  // Two keys of a node may have one value: then they are one visit, a writer's if either is. False: they are two.
  bool takes_in(const visit& other) {
    if (of_ == nullptr || of_ != other.of_ || first_ != other.first_ || end_ != other.end_) return false;
    writes_ |= other.writes_;
    return true;
  }

 private:
  visit(guarded* of, units* pool, int first, int end, bool writes) : of_(of), pool_(pool), first_(first), end_(end), writes_(writes) {}
  static std::size_t at(int value) { return static_cast<std::size_t>(value); }

  guarded* of_;
  units* pool_;
  int first_;
  int end_;
  bool writes_;
  std::array<long, kValues> seen_{};
};

// The same for the same flow and node on every run.
inline unsigned mixed(int number, int node) {
  unsigned value = static_cast<unsigned>(number) * 2'654'435'761u + static_cast<unsigned>(node) * 40'503u;
  value ^= value >> 15;
  return value * 2'246'822'519u >> 8;
}

// Runs a node: one in sixteen takes long, one in forty fails.
inline int work(int number, int node, std::initializer_list<visit> given) {
  std::array<visit*, 16> here{};
  std::size_t count = 0;
  for (const visit& each : given) {
    auto& one = const_cast<visit&>(each);
    bool known = false;
    for (std::size_t index = 0; index < count; ++index) known |= here[index]->takes_in(one);
    if (!known) here[count++] = &one;
  }
  for (std::size_t index = 0; index < count; ++index) here[index]->begin();
  const unsigned chance = mixed(number, node);
  if (chance % 16 == 0) {
    if (flux_test_spend != nullptr) {
      flux_test_spend(1);
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  for (std::size_t index = count; index != 0; --index) here[index - 1]->end();
  return chance % 40 == 7 ? EDOM : 0;
}

// A pipe that never becomes readable.
struct silence {
  [[nodiscard]] int fd() const { return ends[0]; }
  int ends[2] = {-1, -1};
};

}  // namespace locking

#endif
