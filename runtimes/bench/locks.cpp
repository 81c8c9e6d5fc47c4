// What a lock costs in CPU time that nobody else wants: of the program, a unit of a pool, and of a session or a key out of a million.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/measure.hpp"
#include "core/lock_table.hpp"
#include "core/rw_lock.hpp"

namespace {

using flux::mode;
using flux::core::lock_table;
using flux::core::rw_lock;

constexpr int kOperations = 2'000'000;
constexpr std::uint64_t kIds = 1'000'000;

// Each of a million in turn, in no order that a cache could guess.
class ids {
 public:
  std::int64_t next() noexcept {
    // A period of 2^20; those beyond the million are left out.
    do at_ = (at_ * 1'664'525 + 1'013'904'223) & ((1U << 20) - 1);
    while (at_ >= kIds);
    return static_cast<std::int64_t>(at_) * 1'000'003;
  }

 private:
  std::uint64_t at_ = 0;
};

// What generated code does for one constraint of a session or a key.
template <typename Key>
void use(lock_table<rw_lock, Key>& table, const Key& key) {
  rw_lock* const lock = table.borrow(key).lock;
  if (lock == nullptr || !lock->try_acquire(mode::write)) std::abort();
  if (lock->release(mode::write) != nullptr) std::abort();
  table.give_back(*lock);
}

}  // namespace

int main(int argc, char**) {
  // For an instrumented run, any argument makes it short.
  const int operations = argc > 1 ? 10'000 : kOperations;
  rw_lock lock{"cache", 0};
  const auto measure = [operations](const char* name, auto operation) {
    flux::bench::measure(name, operations, operation, flux::bench::thread_cpu_time);
  };
  const auto use_lock = [&](rw_lock& of, mode how) {
    if (!of.try_acquire(how)) return;
    static_cast<void>(of.release(how));
  };
  measure("writer: acquire + release, uncontended", [&] { use_lock(lock, mode::write); });
  measure("reader: acquire + release, uncontended", [&] { use_lock(lock, mode::read); });
  rw_lock pool{"db", 1, 8};
  measure("unit of a pool: acquire + release, uncontended", [&] { use_lock(pool, mode::read); });

  ids session;
  static lock_table<rw_lock, std::int64_t> sessions{"cart", 2};
  measure("session: acquire + release, a million ids", [&] { use(sessions, session.next()); });
  measure("the same with a million more held", [&, more = std::vector<rw_lock*>()]() mutable {
    if (more.empty()) {
      for (std::uint64_t id = 0; id < kIds; ++id) more.push_back(sessions.borrow(-1 - static_cast<std::int64_t>(id)).lock);
    }
    use(sessions, session.next());
  });
  static lock_table<rw_lock, std::string> pages{"page", 3};
  std::vector<std::string> names;
  for (int name = 0; name < 1000; ++name) names.push_back("/pictures/of/summer/" + std::to_string(name) + ".jpeg");
  std::size_t at = 0;
  measure("key, a string of 28 bytes: acquire + release", [&] { use(pages, names[at++ % names.size()]); });

  // The C library locks without atomic instructions while there is one thread alone, as there never is in a server.
  std::atomic<bool> over{false};
  std::thread other([&over] { over.wait(false); });
  std::mutex mutex;
  measure("std::mutex for comparison", [&] {
    mutex.lock();
    mutex.unlock();
  });
  std::shared_mutex shared;
  measure("std::shared_mutex, reader, for comparison", [&] {
    shared.lock_shared();
    shared.unlock_shared();
  });
  over.store(true);
  over.notify_one();
  other.join();
}
