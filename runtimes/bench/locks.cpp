// What a lock costs that nobody else wants, and one that two threads hand to each other.
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "bench/measure.hpp"
#include "core/rw_lock.hpp"

int main() {
  using flux::mode;
  constexpr int kOperations = 2'000'000;
  flux::core::rw_lock lock{"cache", 0};
  const auto use = [&](mode how) {
    if (!lock.try_acquire(how)) return;
    static_cast<void>(lock.release(how));
  };
  flux::bench::measure("writer: acquire + release, uncontended", kOperations, [&] { use(mode::write); });
  flux::bench::measure("reader: acquire + release, uncontended", kOperations, [&] { use(mode::read); });
  std::mutex mutex;
  flux::bench::measure("std::mutex for comparison", kOperations, [&] {
    mutex.lock();
    mutex.unlock();
  });
  std::shared_mutex shared;
  flux::bench::measure("std::shared_mutex, reader, for comparison", kOperations, [&] {
    shared.lock_shared();
    shared.unlock_shared();
  });
}
