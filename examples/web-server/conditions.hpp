// Conditional requests and ranges (RFC 9110, 13 and 14): what of a representation a request gets. Pure; writes nothing.
#ifndef WEB_SERVER_CONDITIONS_HPP
#define WEB_SERVER_CONDITIONS_HPP

#include <cstdint>
#include <ctime>
#include <string_view>

#include "http_head.hpp"

namespace web {

// What tells one state of a file from another.
struct validators {
  std::string_view etag;  // strong, with its quotes
  std::time_t modified = 0;
};

// The bytes from `first`, `length` of them.
struct byte_range {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

// Decides between 200, 206 (then `part` says which bytes), 304, 412 and 416 for GET and HEAD of what has `size` bytes.
// `now`: a date as old as that is too young to tell two states apart.
[[nodiscard]] int status_for(const request_head& head, const validators& have, std::uint64_t size, std::time_t now, byte_range& part) noexcept;

}  // namespace web

#endif
