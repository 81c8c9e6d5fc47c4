// Reading HTTP/1.1 requests. Knows nothing of files, replies or Flux.
#ifndef WEB_SERVER_HTTP_REQUEST_HPP
#define WEB_SERVER_HTTP_REQUEST_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "llhttp.h"
#include "recycled.hpp"

namespace web {

// Bytes of the request line's target, and of all header fields together (names and values).
inline constexpr std::size_t kMaxTarget = 8 * 1024;
inline constexpr std::size_t kMaxHeaders = 16 * 1024;
// Bytes of a body, which is read and dropped: no method this server answers gives one a meaning.
inline constexpr std::size_t kMaxBody = 1024 * 1024;

// A complete request.
struct message {
  std::uint8_t method = 0;  // llhttp_method_t
  bool keep_alive = false;
  bool http_1_0 = false;
  std::string target;  // as sent

  void clear() noexcept {
    method = 0;
    keep_alive = false;
    http_1_0 = false;
    target.clear();
  }
};

using request = recycled<message>;

// A client's bytes on their way to a request: the parser's state, and what came after the end of the last request.
class conversation {
 public:
  enum class progress {
    more,      // no request yet
    complete,  // take_request has one
    refused    // status() says why; nothing more can be read from this client
  };

  conversation() { clear(); }
  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;

  // Takes the client's next bytes. Reads up to the end of one request; the rest is kept for `resume`.
  progress feed(std::string_view bytes);

  // Goes on with what was kept.
  progress resume();

  // True if bytes are kept or part of a request has been read.
  [[nodiscard]] bool has_bytes() const noexcept { return begun_ || !kept_.empty(); }
  [[nodiscard]] bool has_kept() const noexcept { return !kept_.empty(); }

  // REQUIRES: the last progress was `complete`.
  [[nodiscard]] request take_request() noexcept;

  // An HTTP status. REQUIRES: the last progress was `refused`.
  [[nodiscard]] int status() const noexcept { return status_; }

  void clear() noexcept;

 private:
  struct callbacks;

  progress refuse(int status) noexcept;
  void begin() noexcept;

  llhttp_t parser_;
  request message_;
  std::string kept_;
  std::size_t header_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  int status_ = 0;
  std::uint8_t hosts_ = 0;
  // The first bytes of a header's name, enough to know `host`.
  std::uint8_t field_length_ = 0;
  char field_[5] = {};
  bool begun_ = false;
  bool complete_ = false;
  // The end of the headers was enough: a method that will be refused, with a body nobody wants to read.
  bool unread_body_ = false;
};

using input = recycled<conversation>;

}  // namespace web

#endif
