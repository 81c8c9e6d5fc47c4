// What a server says on stderr: one line, one write, its own name in front.
#ifndef FLUX_CORE_REPORT_HPP
#define FLUX_CORE_REPORT_HPP

#include <cstddef>
#include <cstdint>

#include "core/contract.hpp"

namespace flux::core {

// The name in front of every line; "flux" until it is set. REQUIRES: `name` lives for ever.
void set_report_name(const char* name) noexcept;

// `NAME: MESSAGE`, cut at 1,000 bytes. Blocks only as a write to stderr does.
[[gnu::format(printf, 1, 2)]] void report(const char* format, ...) noexcept;

// As report, from a signal handler: no formatting but one number (left out if negative).
void report_from_handler(const char* before, std::int64_t number, const char* after) noexcept;

// "Too many open files", "error 7" (a node's own number: only what system calls of a server answer is taken for an errno) or "flux::exception", written into `buffer` where it is not constant. Never blocks.
[[nodiscard]] const char* error_text(int error, char* buffer, std::size_t size) noexcept;

// That a source failed, and how often since it was last said. Blocks only as a write to stderr does.
void report_failed_source(const char* name, int error, std::uint64_t times) noexcept;

// "EMFILE", "again", "exception", "no_match", or the number in `buffer`. For labels. Never blocks.
[[nodiscard]] const char* error_name(int error, char* buffer, std::size_t size) noexcept;

// Lets a message through at most once a second and counts the others.
//
// Thread safety: one thread at a time.
class once_a_second {
 public:
  // 0: say nothing. Else say it; the number is how often it happened since it was last said. Never blocks.
  [[nodiscard]] std::uint64_t due(instant now) noexcept {
    ++times_;
    if (now < next_) return 0;
    next_ = now + 1'000'000'000;
    const std::uint64_t times = times_;
    times_ = 0;
    return times;
  }

 private:
  instant next_ = 0;
  std::uint64_t times_ = 0;
};

}  // namespace flux::core

#endif
