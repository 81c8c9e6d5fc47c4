// Replies: a head and a short text, or a head and a file. Knows nothing of Flux's flows.
#ifndef WEB_SERVER_HTTP_REPLY_HPP
#define WEB_SERVER_HTTP_REPLY_HPP

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "recycled.hpp"

namespace web {

// What is to be sent, and how much of it has been.
struct answer {
  std::string text;         // head, and body where that is no file
  std::size_t sent = 0;     // bytes of text
  int file = -1;            // owned
  off_t offset = 0;         // bytes of the file that were sent
  off_t size = 0;

  ~answer() { clear(); }
  void clear() noexcept;
};

using reply = recycled<answer>;

// Everything a head can say. Content-Length is always the length a GET would have.
struct head {
  int status = 200;
  off_t content_length = 0;
  std::string_view content_type;
  std::string_view location;    // may be empty
  std::time_t last_modified = 0;  // 0: unknown
  bool allow = false;           // Allow: GET, HEAD
  bool close = false;
  bool keep_alive = false;      // say so: the client speaks HTTP/1.0 and asked for it
};

// Appends the head to `text`.
void write_head(std::string& text, const head& head);

// A reply that is only a status and a page that names it. `body`: false for HEAD.
// Sets its own length and type.
[[nodiscard]] reply status_page(head head, bool body);

// `text/html; charset=utf-8` for `index.html`; application/octet-stream where the ending says nothing.
[[nodiscard]] std::string_view content_type(std::string_view path);

}  // namespace web

#endif
