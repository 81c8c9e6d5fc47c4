// A listening socket that every runtime knows how to wait for, to close and, where it has several loops, to open once a loop.
#ifndef FLUX_TCP_LISTENER_HPP
#define FLUX_TCP_LISTENER_HPP

#include <atomic>
#include <cstdint>
#include <string_view>

#include "flux/socket.hpp"

namespace flux {

struct listen_options {
  // Connections the kernel keeps until they are accepted; it lowers this to net.core.somaxconn.
  int backlog = 4096;
  // A connection is accepted only when its first bytes are there (TCP_DEFER_ACCEPT): for protocols in which the client speaks first.
  bool defer_accept = false;
  // Small writes are sent at once (TCP_NODELAY). Accepted connections have it from the start, without a call for each.
  bool no_delay = true;
  // Where every flow has a thread of its own, a call on a connection, or an accept, may block for a moment (20 ms) before it answers
  // EAGAIN. A client that sends its next request meanwhile then costs one system call, not three: no read in vain, no poll. Other
  // runtimes ignore it, and so do Unix addresses. For nodes that return flux::again once a read gave less than it asked for: one that
  // reads on until EAGAIN would wait for that moment in each request. As from any call that blocks, EINTR may come.
  bool brief_blocking = false;
};

// Listens on a TCP or a Unix address. A global of the program: `open` it in `init`, name it in the `wait` of the source that accepts.
//
// Thread safety: open and close from one thread while nothing else is called; accept, fd and port from any.
//
// Invariant: a descriptor it owns or accepted is non-blocking, but for the moment of `brief_blocking`, and close-on-exec.
class tcp_listener {
 public:
  constexpr tcp_listener() noexcept = default;
  tcp_listener(const tcp_listener&) = delete;
  tcp_listener& operator=(const tcp_listener&) = delete;
  ~tcp_listener() { close(); }

  // `host`: a name or address of IPv4 or IPv6 ("127.0.0.1", "::1", "[::1]"); "" or "*" for every address; "unix:PATH" (then `port` is
  // not used; PATH is removed by close, and a left-over of a server that is gone is replaced); "unix:@NAME" for an abstract name.
  // `port` 0 takes a free one. Throws std::system_error, or std::runtime_error for a name that is not found; each names the address.
  // Blocks while a name is looked up.
  void open(std::string_view host, int port, const listen_options& options = {});

  // 0: `client` owns a new connection. flux::again: there is none now. Else an errno; `client` is then unchanged. Never blocks, but
  // for the moment of `brief_blocking`.
  [[nodiscard]] int accept(socket& client) noexcept;

  // The listening descriptor, or -1; where every loop has one, that of the calling loop.
  [[nodiscard]] int fd() const noexcept { return others_ == nullptr ? listening_.fd() : own().fd(); }

  // The port it listens on; 0 on a Unix address.
  [[nodiscard]] int port() const noexcept { return port_; }

  [[nodiscard]] int backlog() const noexcept { return backlog_; }

  // New connections are refused from now on. Called by the runtime when the drain has emptied the backlog.
  void close() noexcept;

  // For a runtime with several loops, before `open`: on an Internet address each of them shall have a socket of its own (SO_REUSEPORT), so
  // that the kernel gives each its connections.
  void set_loops(std::uint32_t count) noexcept { wanted_ = count; }
  // How many have: 1 where all share one.
  [[nodiscard]] std::uint32_t loops() const noexcept { return others_ == nullptr ? 1 : wanted_; }
  // Connections that would be the calling loop's are other loops' from now on. Where all share one it does nothing.
  void close_own() noexcept;

 private:
  void open_unix(std::string_view path, const listen_options& options);
  void open_internet(std::string_view host, int port, const listen_options& options);
  [[nodiscard]] int open_each(const void* address, std::uint32_t length, int family, int port, const listen_options& options);
  [[nodiscard]] const socket& own() const noexcept;

  socket listening_;
  // Of the loops from the second on; owned. Null where all share one.
  socket* others_ = nullptr;
  std::uint32_t wanted_ = 1;
  int port_ = 0;
  int backlog_ = 0;
  bool brief_blocking_ = false;
  // The listening descriptor has become one that blocks for the moment.
  std::atomic<bool> blocks_{false};
  // Where a Unix address has a file; owned.
  char* unix_path_ = nullptr;
};

}  // namespace flux

#endif
