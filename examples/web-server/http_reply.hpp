// Replies: a head, and a short text or the bytes of a page. Knows nothing of Flux's flows.
#ifndef WEB_SERVER_HTTP_REPLY_HPP
#define WEB_SERVER_HTTP_REPLY_HPP

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "cgi_reply.hpp"
#include "conditions.hpp"
#include "http_head.hpp"
#include "page.hpp"
#include "php_exchange.hpp"
#include "recycled.hpp"

namespace web {

// Bytes of answers that PHP is done with and that wait for their clients.
inline std::atomic<std::size_t> bytes_waiting{0};

// What is to be sent, and how much of it has been.
struct answer {
  int status = 0;
  std::string text;            // head, and body where that is short
  std::string_view body;       // behind it; of `source`
  page source;
  off_t offset = 0;            // of the file of `source`, behind that: what is to be sent
  off_t end = 0;
  std::size_t head_size = 0;   // bytes of `text`
  std::size_t sent = 0;        // bytes of text and body
  std::uint64_t from_file = 0;  // bytes of the file that were sent
  bool copies = false;         // the kernel does not send from this file itself
  bool broken = false;         // the rest cannot be sent
  std::string client;          // its address, where the log will ask for it
  recycled<php_exchange> php;  // while PHP makes it
  std::size_t waiting = 0;     // of `text`, in bytes_waiting

  // Of PHP.
  [[nodiscard]] int fd() const noexcept { return php.fd(); }

  [[nodiscard]] std::size_t in_memory() const noexcept { return text.size() + body.size(); }
  [[nodiscard]] bool is_sent() const noexcept { return broken || (sent == in_memory() && offset == end); }
  // Bytes of content that went out.
  [[nodiscard]] std::uint64_t content_sent() const noexcept { return (sent > head_size ? sent - head_size : 0) + from_file; }

  void clear() noexcept {
    status = 0;
    text.clear();
    body = {};
    source.reset();
    offset = 0;
    end = 0;
    head_size = 0;
    sent = 0;
    from_file = 0;
    copies = false;
    broken = false;
    client.clear();
    php.reset();
    if (waiting > 0) [[unlikely]] forget_waiting();
  }

  // PHP is done with it.
  void count_waiting() noexcept {
    waiting = text.capacity();
    bytes_waiting.fetch_add(waiting, std::memory_order_relaxed);
  }

  // One long page must not cost memory for ever.
  [[gnu::noinline]] void forget_waiting() noexcept {
    bytes_waiting.fetch_sub(waiting, std::memory_order_relaxed);
    waiting = 0;
    std::string().swap(text);
  }
};

using reply = recycled<answer>;

// How a reply ends its connection, or says that it does not.
struct connection {
  bool close = false;
  bool keep_alive = false;  // to be said: the client speaks HTTP/1.0
};

// A reply that is only a status and a page that names it. `further`: more lines of its head. `body`: false for HEAD.
[[nodiscard]] reply status_reply(int status, connection connection, std::string_view further, bool body);

// What a request gets of a page: 200, 206, 304, 412 or 416. `time`: milliseconds(), not before the page was made.
[[nodiscard]] reply page_reply(const page& page, const request_head& head, connection connection, std::int64_t time);

// Appends to `made` the head of what a CGI program answers. `framing`: the line that says where the body ends, or nothing.
void begin_cgi_reply(answer& made, const cgi_head& head, connection connection, std::string_view framing);

// Writes the head of `made.whole`. REQUIRES: all other lines of a head, and the size, are there.
void write_head(contents& made);

// `text/html; charset=utf-8` for `index.html`; application/octet-stream where the ending says nothing.
[[nodiscard]] std::string_view content_type(std::string_view path);

void append_number(std::string& text, std::uint64_t number);

}  // namespace web

#endif
