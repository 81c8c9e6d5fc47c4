// Connections to PHP.
#include "php_backends.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>

namespace web {
namespace {

constexpr std::uint32_t kIdleSeconds = 5;

std::uint32_t seconds() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<std::uint32_t>(now.tv_sec);
}

int descriptor_of(std::uint64_t place) noexcept { return static_cast<int>(place & 0xffffffff); }
std::uint32_t since_of(std::uint64_t place) noexcept { return static_cast<std::uint32_t>(place >> 32); }

// True if nothing has come, not even the end. What comes before it is asked for belongs to no request.
bool is_quiet(int connection) noexcept {
  char byte;
  return ::recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

php_backends::~php_backends() {
  for (std::atomic<place>& each : idle_) {
    const place taken = each.exchange(kNone);
    if (taken != kNone) flux::socket(descriptor_of(taken)).reset();
  }
}

void php_backends::set_address(std::string_view address) {
  name_ = address;
  const bool named = address.starts_with("unix:");
  if (named) address.remove_prefix(5);
  if (named || address.find('/') != std::string_view::npos) {
    auto& path = reinterpret_cast<sockaddr_un&>(address_);
    if (address.empty() || address.size() >= sizeof path.sun_path) throw std::invalid_argument("--php: no path of a socket: '" + name_ + "'");
    path.sun_family = AF_UNIX;
    address.copy(path.sun_path, address.size());
    size_ = sizeof path;
    return;
  }
  const std::size_t colon = address.rfind(':');
  std::string host(address.substr(0, colon));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string port(colon == std::string_view::npos ? std::string_view() : address.substr(colon + 1));
  if (host.empty() || port.empty() || port.find_first_not_of("0123456789") != std::string::npos) {
    throw std::invalid_argument("--php takes the path of a socket or HOST:PORT, not '" + name_ + "'");
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int reason = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
  if (reason != 0) throw std::runtime_error("--php " + name_ + ": " + ::gai_strerror(reason));
  std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
  size_ = found->ai_addrlen;
  ::freeaddrinfo(found);
}

int php_backends::open(flux::socket& made) const noexcept {
  flux::socket fresh(::socket(address_.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fresh) return errno;
  if (address_.ss_family != AF_UNIX) {
    const int on = 1;
    ::setsockopt(fresh.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  const int result = opened(fresh);
  if (result == 0 || result == EINPROGRESS) made = std::move(fresh);
  return result;
}

int php_backends::opened(const flux::socket& made) const noexcept {
  int result;
  do {
    result = ::connect(made.fd(), reinterpret_cast<const sockaddr*>(&address_), size_);
  } while (result != 0 && errno == EINTR);
  if (result == 0 || errno == EISCONN) return 0;
  return errno == EALREADY ? EINPROGRESS : errno;
}

flux::socket php_backends::take() noexcept {
  for (std::atomic<place>& each : idle_) {
    if (each.load(std::memory_order_relaxed) == kNone) continue;
    const place taken = each.exchange(kNone, std::memory_order_acquire);
    if (taken == kNone) continue;
    flux::socket connection(descriptor_of(taken));
    if (is_quiet(connection.fd())) return connection;
  }
  return {};
}

void php_backends::keep(flux::socket idle) noexcept {
  const place kept = place{seconds()} << 32 | static_cast<std::uint32_t>(idle.fd());
  for (std::atomic<place>& each : idle_) {
    place none = kNone;
    if (each.compare_exchange_strong(none, kept, std::memory_order_release, std::memory_order_relaxed)) {
      static_cast<void>(idle.release());
      return;
    }
  }
}

void php_backends::drop_idle() noexcept {
  const std::uint32_t now = seconds();
  for (std::atomic<place>& each : idle_) {
    place waiting = each.load(std::memory_order_relaxed);
    if (waiting == kNone || now - since_of(waiting) < kIdleSeconds) continue;
    if (each.compare_exchange_strong(waiting, kNone, std::memory_order_acquire, std::memory_order_relaxed)) flux::socket(descriptor_of(waiting)).reset();
  }
}

}  // namespace web
