// What `--flux-profile` measures: counted while the server runs, written as JSON at exit and on SIGUSR1. The simulator reads it.
#ifndef FLUX_CORE_PROFILE_HPP
#define FLUX_CORE_PROFILE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/contract.hpp"
#include "core/counts.hpp"
#include "core/facts.hpp"
#include "core/histogram.hpp"
#include "core/tally.hpp"

namespace flux::core {

// Thread safety: every member may be called from any thread, where nothing else is said.
//
// Workers share a small number of shards rather than having one each: there may be 10,000 of them, and no more run at once than there
// are cores. A histogram is made when its first value arrives; without memory the value is not counted.
class profile {
 public:
  class shard;

  profile(const program_facts& facts, const counts& counted, const char* runtime);
  ~profile();
  profile(const profile&) = delete;
  profile& operator=(const profile&) = delete;

  // For a new worker.
  [[nodiscard]] shard& next_shard() noexcept;

  // One call of a node, on the wall clock.
  void node(shard& into, int node, instant took) noexcept;
  // How long a lock was waited for, then held.
  void lock_waited(const char* name, std::uint16_t rank, mode how, instant took) noexcept;
  void lock_held(std::uint16_t rank, mode how, instant took) noexcept;
  // A path of a unit, and its time since the one before it or the start of the flow.
  void path(shard& into, int unit, std::uint64_t number, instant took) noexcept;
  // A flow starts. REQUIRES: calls for one source do not overlap.
  void arrival(std::uint16_t source, std::int64_t session, instant now) noexcept;
  // It waited so long for a thread, or in a run queue.
  void queued(std::uint16_t source, instant took) noexcept;
  void flow_ended(std::uint16_t source, instant took) noexcept;

  // Writes to a temporary name and renames it. Returns 0 or an errno. Main thread. Blocks.
  [[nodiscard]] int write(const char* path) const noexcept;
  // Whether write will be able to. Returns 0 or an errno.
  [[nodiscard]] static int writable(const char* path) noexcept;

 private:
  struct source_times {
    std::atomic<instant> last{0};
    histogram between;
    histogram waited;
    histogram took;
  };
  struct lock_times {
    explicit lock_times(const char* of) noexcept : name(of) {}
    const char* name;
    histogram waited[2];
    histogram held[2];
  };
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kLocks = 65'536;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string text_of_nodes() const;
  [[nodiscard]] std::string text_of_locks() const;
  [[nodiscard]] std::string text_of_sources() const;
  [[nodiscard]] std::string text_of_paths() const;
  [[nodiscard]] std::string text_of_sessions() const;

  const program_facts& facts_;
  const counts& counts_;
  const char* runtime_;
  instant started_;
  std::unique_ptr<shard[]> shards_;
  std::atomic<std::size_t> next_shard_{0};
  std::unique_ptr<source_times[]> sources_;
  // By rank.
  std::unique_ptr<std::atomic<lock_times*>[]> locks_;
  tally sessions_;
};

}  // namespace flux::core

#endif
