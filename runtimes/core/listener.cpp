// flux::tcp_listener: addresses, options of sockets, one socket or one a loop, accepting.
#include <netdb.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "core/brief_blocking.hpp"
#include "core/descriptors.hpp"
#include "core/this_loop.hpp"
#include "flux/again.hpp"
#include "flux/tcp_listener.hpp"

namespace flux {
namespace {

constexpr std::string_view kUnix = "unix:";

constinit std::atomic<bool> brief_blocking_allowed{false};
constinit thread_local bool waits_in_accept = false;
constinit thread_local std::uint32_t loop_number = 0;

bool somebody_there(int fd) noexcept {
  pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&polled, 1, 0) != 0;
}

[[noreturn]] void fail(const std::string& address, int error) {
  throw std::system_error(error, std::generic_category(), "cannot listen on " + address);
}

std::string spelled(std::string_view host, int port) {
  const bool bare_ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  std::string text = bare_ipv6 ? "[" + std::string(host) + "]" : std::string(host.empty() ? "*" : host);
  return text + ":" + std::to_string(port);
}

// Who else may listen on the address.
enum class sharing : bool { nobody, our_loops };

// A socket that is bound to it. Returns 0 or an errno, leaving `bound` empty.
int bind_to(socket& bound, const sockaddr* address, socklen_t length, int family, sharing with) {
  socket made(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) return errno;
  const int on = 1;
  // A server that starts again must not wait for connections of the last one to leave TIME_WAIT.
  if (family != AF_UNIX) ::setsockopt(made.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (with == sharing::our_loops) ::setsockopt(made.fd(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (family == AF_INET6) {
    const int only = 0;
    ::setsockopt(made.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  }
  if (::bind(made.fd(), address, length) != 0) return errno;
  bound = static_cast<socket&&>(made);
  return 0;
}

// Binds and listens. Returns 0 or an errno, leaving `listening` empty.
int listen_on(socket& listening, const sockaddr* address, socklen_t length, int family, sharing with, const listen_options& options) {
  socket made;
  if (const int error = bind_to(made, address, length, family, with); error != 0) return error;
  const int on = 1;
  if (family != AF_UNIX) {
    if (options.no_delay) ::setsockopt(made.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int seconds = 30;
    if (options.defer_accept) ::setsockopt(made.fd(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
    if (options.brief_blocking) {
      // Accepted connections inherit both; they mean nothing to one that is non-blocking.
      const timeval moment{.tv_sec = 0, .tv_usec = core::kBriefly / 1000};
      ::setsockopt(made.fd(), SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
      ::setsockopt(made.fd(), SOL_SOCKET, SO_SNDTIMEO, &moment, sizeof moment);
    }
  }
  if (::listen(made.fd(), options.backlog) != 0) return errno;
  // Whatever it becomes later, a node that accepts need not be polled for.
  descriptors::accepted(made.fd());
  listening = static_cast<socket&&>(made);
  return 0;
}

int bound_port(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return 0;
}

// True if a socket file is there and no server behind it: what a server that was killed leaves.
bool left_over(const sockaddr* address, socklen_t length, const char* path) {
  struct stat status{};
  if (::lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const socket probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  return probe && ::connect(probe.fd(), address, length) != 0 && errno == ECONNREFUSED;
}

}  // namespace

void core::end_brief_blocking(int fd) noexcept {
  // Only what was accepted is known as something that need not be polled for, and still blocks.
  if (!brief_blocking_allowed.load(std::memory_order_relaxed) || descriptors::is_blocking(fd)) return;
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags >= 0 && (flags & O_NONBLOCK) == 0) ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

void core::may_wait_in_accept(bool may) noexcept { waits_in_accept = may; }

std::uint32_t core::this_loop() noexcept { return loop_number; }

void core::set_this_loop(std::uint32_t number) noexcept { loop_number = number; }

void core::allow_brief_blocking() noexcept { brief_blocking_allowed.store(true, std::memory_order_relaxed); }

void tcp_listener::open(std::string_view host, int port, const listen_options& options) {
  if (listening_) throw std::runtime_error("cannot listen on " + spelled(host, port) + ": this listener is open already");
  if (host.starts_with(kUnix)) {
    open_unix(host.substr(kUnix.size()), options);
  } else {
    open_internet(host, port, options);
  }
  backlog_ = options.backlog;
  brief_blocking_ = options.brief_blocking && !host.starts_with(kUnix);
}

void tcp_listener::open_unix(std::string_view path, const listen_options& options) {
  const std::string address = std::string(kUnix) + std::string(path);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.find('\0') != std::string_view::npos) fail(address, EINVAL);
  if (path.size() >= sizeof name.sun_path) fail(address, ENAMETOOLONG);
  std::memcpy(name.sun_path, path.data(), path.size());
  const bool abstract = path.starts_with('@');
  if (abstract) name.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (abstract ? 0 : 1));
  const auto* generic = reinterpret_cast<const sockaddr*>(&name);

  int error = listen_on(listening_, generic, length, AF_UNIX, sharing::nobody, options);
  if (error == EADDRINUSE && !abstract && left_over(generic, length, name.sun_path)) {
    ::unlink(name.sun_path);
    error = listen_on(listening_, generic, length, AF_UNIX, sharing::nobody, options);
  }
  if (error != 0) fail(address, error);
  if (!abstract) unix_path_ = ::strdup(name.sun_path);
  port_ = 0;
}

void tcp_listener::open_internet(std::string_view host, int port, const listen_options& options) {
  const std::string address = spelled(host, port);
  if (port < 0 || port > 65535) throw std::runtime_error("cannot listen on " + address + ": a port is a number from 0 to 65535");
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const bool any = host.empty() || host == "*";
  const std::string name(host);
  const std::string service = std::to_string(port);

  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  // Every address: one IPv6 socket serves IPv4 too; where the kernel has no IPv6 the IPv4 one follows.
  int error = 0;
  for (const int family : {any ? AF_INET6 : AF_UNSPEC, AF_INET}) {
    hints.ai_family = family;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(any ? nullptr : name.c_str(), service.c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
    if (failed == EAI_SYSTEM) fail(address, errno);
    if (failed != 0 && !any) throw std::runtime_error("cannot listen on " + address + ": " + ::gai_strerror(failed));
    for (const addrinfo* each = failed == 0 ? found : nullptr; each != nullptr; each = each->ai_next) {
      error = open_each(each->ai_addr, each->ai_addrlen, each->ai_family, port, options);
      if (error == 0) {
        port_ = bound_port(listening_.fd());
        return;
      }
    }
    if (!any || error != EAFNOSUPPORT) break;
  }
  fail(address, error == 0 ? EADDRNOTAVAIL : error);
}

// One socket, or one a loop. Returns 0 or an errno, with nothing open.
int tcp_listener::open_each(const void* address, std::uint32_t length, int family, int port, const listen_options& options) {
  const auto* generic = static_cast<const sockaddr*>(address);
  if (wanted_ <= 1) return listen_on(listening_, generic, length, family, sharing::nobody, options);
  // Sockets that share a port would share it with those of any other server that does, too: somebody who is there already is told by a
  // socket that does not share. A port of the kernel's choice is nobody else's.
  socket probe;
  if (const int error = port == 0 ? 0 : bind_to(probe, generic, length, family, sharing::nobody); error != 0) return error;
  probe.reset();
  if (const int error = listen_on(listening_, generic, length, family, sharing::our_loops, options); error != 0) return error;
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  int error = ::getsockname(listening_.fd(), reinterpret_cast<sockaddr*>(&bound), &size) == 0 ? 0 : errno;
  std::unique_ptr<socket[]> others(new socket[wanted_ - 1]);
  for (std::uint32_t index = 0; index + 1 < wanted_ && error == 0; ++index) {
    error = listen_on(others[index], reinterpret_cast<const sockaddr*>(&bound), size, family, sharing::our_loops, options);
  }
  if (error != 0) {
    listening_.reset();
    return error;
  }
  others_ = others.release();
  return 0;
}

const socket& tcp_listener::own() const noexcept {
  const std::uint32_t loop = core::this_loop();
  return loop < 2 || loop > wanted_ ? listening_ : others_[loop - 2];
}

void tcp_listener::close_own() noexcept {
  if (others_ != nullptr) const_cast<socket&>(own()).reset();
}

int tcp_listener::accept(socket& client) noexcept {
  const int from = this->fd();
  const bool brief = brief_blocking_ && brief_blocking_allowed.load(std::memory_order_relaxed);
  const int blocking = brief ? 0 : SOCK_NONBLOCK;
  if (brief && waits_in_accept && !blocks_.exchange(true, std::memory_order_relaxed)) ::fcntl(from, F_SETFL, 0);
  // From then on whoever may not wait has to ask.
  if (brief && !waits_in_accept && blocks_.load(std::memory_order_relaxed) && !somebody_there(from)) return again;
  for (;;) {
    const int fd = ::accept4(from, nullptr, nullptr, blocking | SOCK_CLOEXEC);
    if (fd >= 0) {
      descriptors::accepted(fd);
      client.reset(fd);
      return 0;
    }
    switch (errno) {
      case EAGAIN:
        return again;
      // Errors of one connection that was given up before it was accepted; the next may be sound (accept(2)).
      case EINTR:
      case ECONNABORTED:
      case EPROTO:
      case ENETDOWN:
      case ENOPROTOOPT:
      case EHOSTDOWN:
      case ENONET:
      case EHOSTUNREACH:
      case ENETUNREACH:
        continue;
      default:
        return errno;
    }
  }
}

void tcp_listener::close() noexcept {
  if (unix_path_ != nullptr) {
    ::unlink(unix_path_);
    std::free(unix_path_);
    unix_path_ = nullptr;
  }
  listening_.reset();
  delete[] others_;
  others_ = nullptr;
  blocks_.store(false, std::memory_order_relaxed);
}

}  // namespace flux
