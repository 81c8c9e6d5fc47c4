// A client's bytes on their way to requests. Knows nothing of replies or Flux.
#ifndef WEB_SERVER_HTTP_REQUEST_HPP
#define WEB_SERVER_HTTP_REQUEST_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "http_body.hpp"
#include "http_head.hpp"
#include "page.hpp"
#include "recycled.hpp"

namespace web {

// A request whose head is complete.
struct message {
  std::string bytes;        // of the head
  request_head head;        // views of `bytes`; of a new request, none
  std::string_view path;    // what the target names, decoded: of `head`, or of `decoded`
  std::string decoded;
  web::page page;           // what it is answered with, or nothing
  std::int64_t looked = 0;  // when the cache, and then the disk, was asked for it: milliseconds()
  int status = 0;           // of the answer, where that has been decided before it is written
  bool is_read = false;     // `head` is all that `bytes` say

  // The head stays. Most clients send the same one again and again, and of the same bytes it is the same.
  void clear() noexcept {
    page.reset();
    status = 0;
  }
};

using request = recycled<message>;

// What has arrived of requests and has not been used: heads, bodies, and what a client sends before it has its answers.
class conversation {
 public:
  conversation() = default;
  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;

  // What came from the client.
  void add(std::string_view bytes) {
    // A client whose requests never end where a read does must not make it grow for ever.
    bytes_.erase(0, std::exchange(from_, 0));
    bytes_.append(bytes);
  }

  // True if there is something of a request. Drops empty lines before it: they are none (RFC 9112, 2.2).
  [[nodiscard]] bool has_request() noexcept {
    const bool begins = has_bytes() && bytes_[from_] != '\r' && bytes_[from_] != '\n';
    return begins || drop_empty_lines();
  }

  // Takes a whole head from the front of what has arrived. Returns 0 and the request, flux::again if it is not all there, or the
  // status that refuses it.
  [[nodiscard]] int next_head(request& made);

  // Reads on in the body. Returns 0 at its end, flux::again if more of it must come, or the status that refuses it.
  [[nodiscard]] int next_body() noexcept;

  // The same, and appends to `data` what is in the body, of no more than `most` bytes of what has arrived.
  [[nodiscard]] int next_body(std::string& data, std::size_t most);

  [[nodiscard]] bool body_ended() const noexcept { return unread_body_ || body_.ended(); }

  // The body will not be read: the answer is decided, and the connection ends with it.
  void leave_body() noexcept { unread_body_ = true; }

  // True if a body has begun to arrive, so that its client does not wait to be asked for it.
  [[nodiscard]] bool leaves_body() const noexcept { return unread_body_; }

  [[nodiscard]] bool has_bytes() const noexcept { return from_ < bytes_.size(); }

  // True if nothing is lost by forgetting it.
  [[nodiscard]] bool is_empty() const noexcept { return !has_bytes() && empty_lines_ == 0 && body_.ended() && !unread_body_; }

  // True if the client has sent, or is sending, what nobody will read.
  [[nodiscard]] bool has_more() const noexcept { return has_bytes() || unread_body_ || !body_.ended(); }

  // True if what is refused now is a HEAD, whose answer has no content (RFC 9110, 9.3.2).
  [[nodiscard]] bool refuses_head() const noexcept { return body_.ended() ? first_line().starts_with("HEAD ") : body_of_head_; }

  // What there is of the line that a refused request begins with.
  [[nodiscard]] std::string_view first_line() const noexcept;

  void clear() noexcept;

 private:
  [[nodiscard]] std::string_view arrived() const noexcept { return std::string_view(bytes_).substr(from_); }
  // Returns what has_request does.
  bool drop_empty_lines() noexcept;
  void use(std::size_t length) noexcept;
  // True, and the request, if what has arrived is one whole head and nothing else, as nearly always, and its syntax is right.
  [[nodiscard]] bool takes_all(request& made);
  // Both return 0 or the status that refuses it.
  [[nodiscard]] int take_head(message& message);
  [[nodiscard]] int begin(message& message);
  int refuse(message& message, int status) noexcept;
  // The rest of a head must come. Returns flux::again, or the status that refuses it already.
  [[nodiscard]] int wait_for_more(std::string_view bytes) noexcept;

  std::string bytes_;
  std::size_t from_ = 0;     // what lies before it has been used
  std::size_t scanned_ = 0;  // no end of a head lies before it, counted from from_
  std::size_t empty_lines_ = 0;
  bool line_checked_ = false;
  body_reader body_;
  bool body_of_head_ = false;
  bool unread_body_ = false;
};

using input = recycled<conversation>;

}  // namespace web

#endif
