// One request at PHP: what is known of it while it is there. Does nothing itself; php.cpp does.
#ifndef WEB_SERVER_PHP_EXCHANGE_HPP
#define WEB_SERVER_PHP_EXCHANGE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <flux/socket.hpp>
#include <string>
#include <utility>

#include "fastcgi.hpp"

namespace web {

// Bytes of bodies that were gathered before PHP was asked, of all requests.
inline std::atomic<std::size_t> bytes_gathered{0};

// What a request at PHP needs next: each has a node of its own, since each waits for something else.
enum class need : std::uint8_t {
  connection,  // to PHP
  to_tell,     // PHP to read
  to_fetch,    // more of the body from the client
  to_hear,     // PHP to answer
  to_pass,     // the client to read, or PHP to go on
  to_drain,    // the client to read: it has got far behind
  to_trade,    // the client to read, or to send more of the body
  a_retry,     // another connection: the one that was kept was closed
  nothing      // it is over
};

// How the client sees where the body of a reply ends.
enum class reply_end : std::uint8_t { no_body, length, chunks, close };

struct php_exchange {
  // ---- What is asked. ----
  std::string file;        // the script, as the kernel names it
  std::string name;        // as the client names it
  std::string info;        // what the client's path says behind that
  std::string body;        // gathered before PHP is asked
  std::size_t counted = 0;  // of the body, in bytes_gathered
  std::string opening;     // the request's records but for what of the body comes later; kept for another try
  std::size_t opening_sent = 0;
  std::string later;       // records of the body behind that
  std::size_t later_sent = 0;
  bool asked_later = false;  // something of `later` is gone, so there is no other try
  bool whole = false;        // the last record of the body is in `opening` or `later`
  bool repeatable = false;   // the method may be repeated (RFC 9110, 9.2.2)

  // ---- The connection. ----
  flux::socket socket;
  bool kept = false;      // it served a request before
  bool drained = false;   // the last read took all there was
  bool mute = false;      // PHP reads no more
  bool answered = false;  // something has come
  need next = need::connection;

  // ---- What is answered. ----
  fastcgi::reader reader;
  std::string head;             // of CGI, until it is whole
  bool head_done = false;
  reply_end end = reply_end::no_body;
  std::uint64_t left = 0;       // of a body with a length
  bool over = false;            // PHP has said that it is done
  bool reusable = false;
  int status = 0;               // of the error that ends it, or 0
  std::string said;             // for the server's log
  bool said_too_much = false;

  [[nodiscard]] int fd() const noexcept { return socket.fd(); }
  [[nodiscard]] bool has_to_tell() const noexcept { return !mute && (opening_sent < opening.size() || later_sent < later.size()); }

  // Before another try: all that the first one made is forgotten.
  void start_again() noexcept {
    socket.reset();
    opening_sent = 0;
    kept = drained = mute = answered = false;
    reader = {};
    next = need::connection;
  }

  void count_body() noexcept {
    bytes_gathered.fetch_add(body.size() - counted, std::memory_order_relaxed);
    counted = body.size();
  }

  void clear() noexcept {
    bytes_gathered.fetch_sub(counted, std::memory_order_relaxed);
    php_exchange other;
    std::swap(*this, other);
  }
};

}  // namespace web

#endif
