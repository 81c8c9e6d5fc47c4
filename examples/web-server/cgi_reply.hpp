// What a CGI program answers (RFC 3875, 6), and what of it a client may see. Knows nothing of FastCGI and reads no socket.
#ifndef WEB_SERVER_CGI_REPLY_HPP
#define WEB_SERVER_CGI_REPLY_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace web {

// Bytes of the head that a program writes.
inline constexpr std::size_t kMaxCgiHead = 64 * 1024;

struct cgi_head {
  int status = 200;
  std::string reason;                    // behind the status; may be empty
  std::optional<std::uint64_t> length;   // Content-Length
  std::string fields;                    // all lines that go to the client as they are
};

// Where the head that `bytes` begin with ends, with its empty line; npos where it does not. `from`: no end lies before it.
[[nodiscard]] std::size_t cgi_head_end(std::string_view bytes, std::size_t from) noexcept;

// Reads a head with its empty line. Drops what is about one connection and not about the reply. False if a client must not see it: no field,
// a name or a value that HTTP does not have, a status or a length that is none, or two of them.
[[nodiscard]] bool parse_cgi_head(std::string_view bytes, cgi_head& head);

}  // namespace web

#endif
