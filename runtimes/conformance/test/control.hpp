// What the test runtime knows of one flow or activation, outside its record.
#ifndef FLUX_TEST_CONTROL_HPP
#define FLUX_TEST_CONTROL_HPP

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "record_memory.hpp"
#include "runtime.hpp"

namespace flux::test {

enum class standing : std::uint8_t {
  unborn,   // `fresh` made it, nothing has spawned it yet
  running,  // inside step
  ready,    // on the ready list: will be stepped
  waiting,  // for a descriptor
  queued,   // for a lock
  offered,  // for a helper
  left,     // the activation of a source that had not returned when the server stopped
  ended,
};

struct timer {
  enum class purpose : std::uint8_t { deadline, unhold, helper, tick, backoff, stop, drain };

  instant at;
  std::uint64_t serial;  // order among those of one instant
  purpose what;
  control* who;          // deadline, unhold, helper
  std::uint16_t source;  // tick, backoff

  bool operator<(const timer& other) const noexcept { return at != other.at ? at < other.at : serial < other.serial; }
};

struct control {
  control(std::size_t size, std::size_t alignment) noexcept : memory(size, alignment) {}

  record_memory memory;
  flow* record = nullptr;
  std::uint64_t serial = 0;
  std::uint16_t source = 0;
  std::uint16_t state = 0;  // when it was parked
  bool activation = false;
  flux::test::standing standing = standing::unborn;

  // What the flow finds in `error` when it goes on. A call that ran on a helper has written it itself.
  std::int32_t answer = 0;
  bool answered = false;

  std::vector<interest> interests;
  instant held_until = 0;
  int spurious_left = 0;
  int spurious_given = 0;
  bool told_of_stop = false;

  lock* awaited = nullptr;
  mode awaited_mode = mode::read;

  void (*call)(flux::flow&) noexcept = nullptr;

  std::vector<std::set<timer>::iterator> timers;
  std::vector<held_lock<lock>> held;
  int entered = -1;
  std::uint64_t skipped = 0;  // how often another was chosen while this was ready
  std::string why;            // for the report of a fault
};

}  // namespace flux::test

#endif
