// The head of a request: what RFC 9112 allows it to be, and nothing else. Reads no socket and knows nothing of files.
#ifndef WEB_SERVER_HTTP_HEAD_HPP
#define WEB_SERVER_HTTP_HEAD_HPP

#include <cstdint>
#include <string_view>

namespace web {

// Bytes of the target, and of everything up to the empty line that ends the head.
inline constexpr std::size_t kMaxTarget = 8 * 1024;
inline constexpr std::size_t kMaxHead = 40 * 1024;

enum class method : std::uint8_t {
  get,
  head,
  options,
  refused,  // one of RFC 9110 or 5789 that no file allows
  unknown
};

enum class framing : std::uint8_t { none, length, chunked };

enum class expectation : std::uint8_t { none, proceed, other };

// What a head says. The views lie in the bytes it was read from.
struct request_head {
  web::method method = web::method::unknown;
  web::framing framing = web::framing::none;
  web::expectation expect = web::expectation::none;
  bool http_1_0 = false;
  bool keep_alive = false;
  bool path_is_plain = false;  // it needs no decoding: it has no escape, and no name in it begins with a dot
  std::uint64_t content_length = 0;
  std::string_view line;    // without its end
  std::string_view target;  // as sent
  std::string_view path;    // of the target, still encoded; begins with a slash; empty for `*`
  std::string_view query;   // with its question mark
  std::string_view range;
  // Conditions that are not there have no data(). One in several lines reaches from its first value to its last, all between them included:
  // that is no date, and who reads a list goes on in the next line of its name.
  std::string_view if_range;
  std::string_view if_match;
  std::string_view if_none_match;
  std::string_view if_modified_since;
  std::string_view if_unmodified_since;
  std::string_view referer;
  std::string_view user_agent;
};

// Reads a head from the front of `bytes`. REQUIRES: they end with CRLF CRLF. Returns 0 and the length of the head, which ends where the first
// empty line does, or the status that refuses it.
[[nodiscard]] int parse_head(std::string_view bytes, request_head& head, std::size_t& length) noexcept;

// The same for its first line alone, with its CRLF.
[[nodiscard]] int check_line(std::string_view line) noexcept;

// What a name, a value and a list are made of, for others who read fields.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
[[nodiscard]] bool is_token_byte(char byte) noexcept;
[[nodiscard]] bool is_value_byte(char byte) noexcept;
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
// `lower` is in small letters.
[[nodiscard]] bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept;

// The next element of a comma-separated list without quotes, trimmed; `rest` is what stands behind it. Skips empty ones.
// False at the end.
[[nodiscard]] bool next_element(std::string_view& rest, std::string_view& element) noexcept;

}  // namespace web

#endif
