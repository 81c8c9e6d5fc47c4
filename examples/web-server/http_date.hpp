// Points in time as HTTP writes them (RFC 9110, 5.6.7). Knows nothing of replies.
#ifndef WEB_SERVER_HTTP_DATE_HPP
#define WEB_SERVER_HTTP_DATE_HPP

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace web {

// Appends `Sun, 06 Nov 1994 08:49:37 GMT`.
void append_date(std::string& text, std::time_t when);

// Reads the three forms a recipient must know: that one, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
// Nothing for what is no date. `now` tells the century of a year of two digits.
[[nodiscard]] std::optional<std::time_t> parse_date(std::string_view text, std::time_t now) noexcept;

// Milliseconds since 1970, a few late at most and without a system call. Somebody may set the clock.
[[nodiscard]] std::int64_t milliseconds() noexcept;
// The same in seconds.
[[nodiscard]] inline std::time_t now() noexcept { return milliseconds() / 1000; }

}  // namespace web

#endif
