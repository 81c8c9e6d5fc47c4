// Names flows that make no progress, and who holds what they wait for. Only reads; changes nothing of what it watches.
#ifndef FLUX_CORE_WATCHDOG_HPP
#define FLUX_CORE_WATCHDOG_HPP

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/contract.hpp"
#include "core/facts.hpp"

namespace flux::core {

struct held_in_sight {
  const void* lock;
  const char* name;
  flux::mode mode;
};

// What a worker was seen doing. Read without stopping it, so a detail may be a moment old.
struct sighting {
  // Whose it is, and a number that changes with everything it does.
  const void* worker;
  std::uint64_t step;
  std::uint16_t source;
  bool activation;
  // The node it is inside of, or that its lock is for; -1: none.
  int node;
  // Null where it waits for no lock.
  const void* wanted;
  const char* wanted_name;
  flux::mode wanted_mode;
  std::vector<held_in_sight> held;
};

// Thread safety: the main thread.
class watchdog {
 public:
  watchdog(const program_facts& facts, instant patience) noexcept : facts_(facts), patience_(patience) {}

  // One round: begin, seen for every worker, then end with the lines to report.
  void begin() { seen_.clear(); }
  void seen(sighting one) { seen_.push_back(static_cast<sighting&&>(one)); }
  [[nodiscard]] std::vector<std::string> end(instant now);

  // Often enough that a stall is named within a quarter more than the patience.
  [[nodiscard]] instant period() const noexcept { return patience_ / 4 > 1'000'000 ? patience_ / 4 : 1'000'000; }

 private:
  struct stall {
    std::uint64_t step;
    const void* wanted;
    instant since;
    // Said again when it has lasted twice as long.
    instant next_report;
    bool current;
  };

  [[nodiscard]] bool may_stall(const sighting& one) const noexcept;
  [[nodiscard]] std::string told(const sighting& one, instant lasted) const;
  [[nodiscard]] std::string place(int node) const;
  [[nodiscard]] std::string who(const sighting& one) const;

  const program_facts& facts_;
  instant patience_;
  std::vector<sighting> seen_;
  std::map<const void*, stall> stalls_;
};

}  // namespace flux::core

#endif
