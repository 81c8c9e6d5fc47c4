// What the limit servers have in common: their options, the answer, the listening socket, and the end of a request.
//
// A limit server is what a person could write by hand if speed were all: it sends one answer made before the first
// client came, and of a request it looks at nothing but where it ends. It is the unit other servers are measured in,
// and no web server: it has no paths, no time limits and no errors to report to a client.
#ifndef FLUX_BENCH_LIMIT_SERVER_HPP
#define FLUX_BENCH_LIMIT_SERVER_HPP

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace limit {

struct options {
  std::uint16_t port = 0;
  std::string body;    // what every request is answered with
  bool close = false;  // after one answer the connection ends: for clients that want it so
  int threads = 4;     // of the pool
  int loops = 1;       // of the epoll one
};

[[noreturn]] inline void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

// `--port N --file PATH [--close] [--threads N] [--loops N]`. Ends the process if they make no sense.
inline options read_options(int count, char** words) {
  options chosen;
  const auto usage = [words] {
    std::fprintf(stderr, "usage: %s --port N --file PATH [--close] [--threads N] [--loops N]\n", words[0]);
    std::exit(2);
  };
  for (int at = 1; at < count; ++at) {
    const std::string_view word = words[at];
    if (word == "--close") {
      chosen.close = true;
      continue;
    }
    if (at + 1 == count) usage();
    const char* value = words[++at];
    if (word == "--port") {
      chosen.port = static_cast<std::uint16_t>(std::atoi(value));
    } else if (word == "--threads") {
      chosen.threads = std::atoi(value);
    } else if (word == "--loops") {
      chosen.loops = std::atoi(value);
    } else if (word == "--file") {
      std::ifstream file(value, std::ios::binary);
      if (!file) fail(value);
      chosen.body.assign(std::istreambuf_iterator<char>(file), {});
    } else {
      usage();
    }
  }
  if (chosen.port == 0 || chosen.body.empty() || chosen.threads < 1 || chosen.loops < 1) usage();
  return chosen;
}

// Head and body of the one answer. It carries the fields that every real server sends, so that as many bytes travel.
inline std::string make_answer(const options& chosen) {
  return "HTTP/1.1 200 OK\r\nServer: limit\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: " +
         std::to_string(chosen.body.size()) + (chosen.close ? "\r\nConnection: close" : "") +
         "\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nETag: \"limit\"\r\n\r\n" + chosen.body;
}

// A listening socket on 127.0.0.1, with `type` SOCK_NONBLOCK or 0. Accepted sockets inherit TCP_NODELAY.
inline int listen_on(const options& chosen, int type) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | type, 0);
  if (listener < 0) fail("socket");
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // The kernel shares connections out among the sockets of several loops.
  if (chosen.loops > 1) ::setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  ::setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // The kernel keeps a connection to itself until its first bytes are there: accept and the first read both succeed.
  const int seconds = 5;
  ::setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(chosen.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(listener, 4096) != 0) fail("listen");
  return listener;
}

// Finds where requests end: at an empty line. Bodies of requests are not known here.
class request_ends {
 public:
  // How many requests end in `bytes`, which follow those of the call before.
  unsigned count(const char* bytes, std::size_t size) noexcept {
    unsigned ends = 0;
    const char* const end = bytes + size;
    while (bytes < end) {
      const auto* line_end = static_cast<const char*>(std::memchr(bytes, '\n', static_cast<std::size_t>(end - bytes)));
      if (line_end == nullptr) {
        line_is_empty_ = line_is_empty_ && end - bytes == 1 && *bytes == '\r';
        break;
      }
      const std::ptrdiff_t length = line_end - bytes;
      if (line_is_empty_ && (length == 0 || (length == 1 && *bytes == '\r'))) ++ends;
      line_is_empty_ = true;
      bytes = line_end + 1;
    }
    return ends;
  }

 private:
  // Of the line that the next bytes continue nothing has come but perhaps its '\r'.
  bool line_is_empty_ = true;
};

}  // namespace limit

#endif
