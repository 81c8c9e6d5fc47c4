// The loop of the test runtime: what is ready, what time it is, who waits for what.
#ifndef FLUX_TEST_SCHEDULER_HPP
#define FLUX_TEST_SCHEDULER_HPP

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "control.hpp"
#include "core/source.hpp"
#include "options.hpp"
#include "readiness.hpp"
#include "schedule.hpp"

namespace flux::test {

class scheduler {
 public:
  scheduler(const program<worker>& program, const options& options, choice_log* log);
  ~scheduler();
  scheduler(const scheduler&) = delete;
  scheduler& operator=(const scheduler&) = delete;

  // From the start of the sources to the end of the last flow. Blocks. Returns how many flows a drain had to destroy.
  std::size_t serve();

  // What `worker` is made of; see contract.hpp for each.
  parked wait(control& c, std::span<const interest> interests, instant deadline) noexcept;
  parked acquire(control& c, lock& l, mode m, instant deadline) noexcept;
  void release(control& c, held_lock<lock> held) noexcept;
  parked offload(control& c, void (*call)(flux::flow&) noexcept, instant deadline) noexcept;
  parked yield(control& c) noexcept;
  parked leave_source(control& c) noexcept;
  control* fresh(std::uint16_t source) noexcept;
  void spawn(control& activation, control& started) noexcept;
  void end(control& c, ending how) noexcept;
  [[nodiscard]] std::size_t flows() const noexcept { return flows_; }
  void count_failure() noexcept { ++failures_; }
  void count_path() noexcept { ++paths_; }
  [[nodiscard]] instant now() const noexcept { return now_; }
  // A node took this long. Timers that were due meanwhile have fired at their time, but nothing else ran.
  void spend(instant time);

  // How many numbers a unit of paths has.
  [[nodiscard]] std::uint64_t path_count(int unit) const noexcept;
  // REQUIRES: `c` is inside step, or is being destroyed.
  void check_running(const control& c, const char* what) const noexcept;
  [[nodiscard]] const char* node_name(int node) const noexcept;

 private:
  struct source_state {
    control* activation = nullptr;
    std::uint32_t in_flight = 0;
    bool at_limit = false;
    core::backoff pause;
    std::int64_t ticks = 0;
    std::uint64_t dropped = 0;
  };

  // scheduler.cpp
  void run_one();
  void step(control& c) noexcept;
  void run_call(control& c) noexcept;
  void find_ready();
  bool advance();
  void fire_due();
  void fire_first();
  void fire(const timer& due);
  void block_for_real();
  parked park(control& c, standing how, const char* doing) noexcept;
  void make_ready(control& c) noexcept;
  void wake(control& c, std::int32_t answer) noexcept;
  void set_timer(control& c, timer::purpose what, instant at) noexcept;
  void cancel_timers(control& c) noexcept;
  void retire(control& c) noexcept;
  [[nodiscard]] int node_of(const control& c) const noexcept;
  [[nodiscard]] bool named(const control& c, const std::string& node) const noexcept;

  // acquisitions.cpp
  void wake_granted(const std::vector<control*>& granted) noexcept;
  void leave_queue(control& c) noexcept;

  // sources.cpp
  control* make(std::uint16_t source, bool activation) noexcept;
  void start_sources();
  void activate(std::uint16_t source) noexcept;
  void activation_ended(std::uint16_t source, ending how, std::int32_t error) noexcept;
  void tick(std::uint16_t source) noexcept;
  void begin_stop();
  void destroy_parked();
  void destroy(control& c) noexcept;

  // report.cpp
  void check_deadlock() const;
  [[noreturn]] void stuck() const;
  [[nodiscard]] std::string describe(const control& c) const;
  void check_end() const;
  void report() const;

  const program<worker>& program_;
  const options& options_;
  flux::test::schedule schedule_;
  flux::test::readiness readiness_;
  worker worker_;

  instant now_ = 1'000'000'000;
  instant start_ = 0;
  std::uint64_t serial_ = 0;
  control* running_ = nullptr;

  std::map<std::uint64_t, std::unique_ptr<control>> alive_;
  std::vector<control*> ready_;  // standing ready, or offered and allowed to be taken; oldest first
  std::set<timer> timers_;
  std::unordered_set<const lock*> locks_in_use_;  // held or waited for
  std::vector<source_state> sources_;
  std::vector<std::unique_ptr<control>> graves_;  // the latest that ended: their pages stay closed for a while

  bool stopping_ = false;
  std::uint32_t allocations_ = 0;
  std::size_t flows_ = 0;  // in flight, all sources
  std::size_t destroyed_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t ended_failed_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t paths_ = 0;
  std::uint64_t steps_ = 0;
  int budget_ = 0;
};

// What is said when a record is touched that should not be; kept apart so that no string is made while parking.
[[nodiscard]] std::string closed_because(const char* doing, std::uint64_t serial, const char* node);

}  // namespace flux::test

#endif
