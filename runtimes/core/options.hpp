// The `--flux-…` arguments of a generated server.
#ifndef FLUX_CORE_OPTIONS_HPP
#define FLUX_CORE_OPTIONS_HPP

#include <cstdint>
#include <span>

#include "core/contract.hpp"

namespace flux::core {

// One option. A runtime has its own beside the common ones.
struct option {
  enum class kind : std::uint8_t { count, bytes, duration, port, text };

  const char* name;   // with the dashes
  const char* value;  // what the help calls it: "N"
  const char* help;   // one line
  kind what;
  // Where it goes: std::int64_t for a number (a duration in nanoseconds), const char* for text.
  void* target;
};

// What every runtime has.
struct common_options {
  std::int64_t drain = 10'000'000'000;
  std::int64_t metrics_port = -1;  // -1: none
  const char* profile = nullptr;
  std::int64_t watchdog = 0;  // 0: off
};

// Takes every `--flux-…` up to a `--` out of argv, so that `init` does not see it. Never blocks.
// Returns -1: go on; else the exit code: 0 after --flux-help, 1 after one line on what is wrong.
[[nodiscard]] int take_options(int& argc, char** argv, const char* program, common_options& common, std::span<const option> own) noexcept;

}  // namespace flux::core

#endif
