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
// Every byte up to the end of the header fields, empty lines and white space too; and those of a body with what frames its chunks.
// A client that sends as fast as it is read must come to an end as well.
inline constexpr std::size_t kMaxHead = kMaxTarget + 2 * kMaxHeaders;
inline constexpr std::size_t kMaxFramedBody = 2 * kMaxBody;

// A complete request.
struct message {
  std::uint8_t method = 0;  // llhttp_method_t
  bool keep_alive = false;
  bool http_1_0 = false;
  std::string target;  // as sent
  std::string path;    // what the target names, for whoever answers

  void clear() noexcept {
    method = 0;
    keep_alive = false;
    http_1_0 = false;
    target.clear();
    path.clear();
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

  // Takes the client's next bytes. Reads up to the end of one request; the rest is kept for `resume`. REQUIRES: !has_kept().
  progress feed(std::string_view bytes);

  // Goes on with what was kept.
  progress resume();

  // True if bytes are kept or part of a request has been read.
  [[nodiscard]] bool has_bytes() const noexcept { return begun_ || has_kept(); }
  [[nodiscard]] bool has_kept() const noexcept { return kept_from_ < kept_.size(); }

  // True if the client has sent, or is sending, what nobody will read.
  [[nodiscard]] bool has_more() const noexcept { return has_kept() || unread_body_; }

  // REQUIRES: the last progress was `complete`.
  [[nodiscard]] request take_request() noexcept;

  // An HTTP status. REQUIRES: the last progress was `refused`.
  [[nodiscard]] int status() const noexcept { return status_; }

  void clear() noexcept;

 private:
  struct callbacks;

  // Reads up to the end of one request; `used` is how far it came.
  progress read(std::string_view bytes, std::size_t& used);
  progress refuse(int status) noexcept;
  void begin() noexcept;

  llhttp_t parser_;
  request message_;
  // What came after the end of the last request, from kept_from_ on.
  std::string kept_;
  std::size_t kept_from_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t framed_bytes_ = 0;
  std::size_t header_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  int status_ = 0;
  std::uint8_t hosts_ = 0;
  // The first bytes of a header's name in small letters, enough to know `host` and `expect`.
  std::uint8_t field_length_ = 0;
  char field_[7] = {};
  bool in_host_ = false;
  bool host_ended_ = false;  // white space came after it
  bool expects_ = false;
  bool begun_ = false;
  bool in_body_ = false;
  bool complete_ = false;
  // The end of the headers was enough: what will be answered whatever its body says.
  bool unread_body_ = false;
};

using input = recycled<conversation>;

}  // namespace web

#endif
