// Addresses that a listener understands, what it says of those it cannot have, and what it accepts.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "core/brief_blocking.hpp"
#include "core/clock.hpp"
#include "core/descriptors.hpp"
#include "core/this_loop.hpp"
#include "flux/flux.hpp"

using flux::tcp_listener;

namespace {

flux::socket connected_to(int port) {
  flux::socket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(::connect(made.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return made;
}

flux::socket connected_to(const std::string& path) {
  flux::socket made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(made.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) made.reset();
  return made;
}

void until_readable(int fd) {
  pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
  REQUIRE(::poll(&polled, 1, 5000) == 1);
}

std::string failure(const char* host, int port) {
  tcp_listener listener;
  try {
    listener.open(host, port);
  } catch (const std::exception& thrown) {
    return thrown.what();
  }
  return "";
}

std::string temporary(const char* name) {
  static const std::string folder = [] {
    char made[] = "/tmp/flux-listener-XXXXXX";
    return std::string(::mkdtemp(made));
  }();
  return folder + "/" + name;
}

}  // namespace

TEST_CASE("a connection is accepted non-blocking, and there is flux::again without one") {
  tcp_listener listener;
  CHECK(listener.fd() == -1);
  listener.open("127.0.0.1", 0);
  CHECK(listener.port() > 0);
  flux::socket client;
  CHECK(listener.accept(client) == flux::again);
  const flux::socket other_end = connected_to(listener.port());
  until_readable(listener.fd());
  CHECK(listener.accept(client) == 0);
  REQUIRE(client);
  CHECK((::fcntl(client.fd(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK((::fcntl(client.fd(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK_FALSE(flux::descriptors::is_blocking(client.fd()));
  int no_delay = 0;
  socklen_t length = sizeof no_delay;
  ::getsockopt(client.fd(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &length);
  CHECK(no_delay != 0);
  CHECK(listener.accept(client) == flux::again);
}

TEST_CASE("a connection may block for a moment where both the program and the runtime allow it") {
  tcp_listener eager;
  tcp_listener patient;
  eager.open("127.0.0.1", 0);
  patient.open("127.0.0.1", 0, {.brief_blocking = true});
  const auto accepted = [](tcp_listener& listener) {
    const flux::socket other_end = connected_to(listener.port());
    until_readable(listener.fd());
    flux::socket client;
    REQUIRE(listener.accept(client) == 0);
    CHECK_FALSE(flux::descriptors::is_blocking(client.fd()));
    return (::fcntl(client.fd(), F_GETFL) & O_NONBLOCK) == 0;
  };
  CHECK_FALSE(accepted(patient));
  flux::core::allow_brief_blocking();
  CHECK_FALSE(accepted(eager));
  CHECK(accepted(patient));

  // Neither direction blocks for longer.
  const flux::socket silent = connected_to(patient.port());
  until_readable(patient.fd());
  flux::socket client;
  REQUIRE(patient.accept(client) == 0);
  char bytes[64 * 1024] = {};
  flux::instant since = flux::core::now();
  CHECK(::recv(client.fd(), bytes, sizeof bytes, 0) == -1);
  CHECK(errno == EAGAIN);
  CHECK(flux::core::now() - since >= flux::core::kBriefly * 9 / 10);
  ssize_t sent = 0;
  while (sent >= 0) {
    since = flux::core::now();
    sent = ::send(client.fd(), bytes, sizeof bytes, MSG_NOSIGNAL);
  }
  CHECK(errno == EAGAIN);
  CHECK(flux::core::now() - since >= flux::core::kBriefly * 9 / 10);
}

TEST_CASE("an address in use is named") {
  tcp_listener first;
  first.open("127.0.0.1", 0);
  const std::string port = std::to_string(first.port());
  CHECK(failure("127.0.0.1", first.port()) == "cannot listen on 127.0.0.1:" + port + ": Address already in use");
}

TEST_CASE("addresses that are wrong are named") {
  CHECK(failure("127.0.0.1", 70'000) == "cannot listen on 127.0.0.1:70000: a port is a number from 0 to 65535");
  CHECK(failure("192.0.2.1", 80) == "cannot listen on 192.0.2.1:80: Cannot assign requested address");
  CHECK(failure("not an address", 80).starts_with("cannot listen on not an address:80: "));
  CHECK(failure("unix:", 0) == "cannot listen on unix:: Invalid argument");
  CHECK(failure("unix:/does/not/exist", 0) == "cannot listen on unix:/does/not/exist: No such file or directory");
  CHECK(failure(("unix:/" + std::string(200, 'x')).c_str(), 0).ends_with(": File name too long"));
}

TEST_CASE("IPv6, with and without brackets, where the kernel has it") {
  const flux::socket probe(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 loopback{};
  loopback.sin6_family = AF_INET6;
  loopback.sin6_addr = in6addr_loopback;
  if (!probe || ::bind(probe.fd(), reinterpret_cast<const sockaddr*>(&loopback), sizeof loopback) != 0) {
    CHECK(failure("::1", 80).starts_with("cannot listen on [::1]:80: "));
    return;
  }
  for (const char* host : {"::1", "[::1]"}) {
    tcp_listener listener;
    listener.open(host, 0);
    CHECK(listener.port() > 0);
  }
}

TEST_CASE("a name and every address") {
  tcp_listener named;
  named.open("localhost", 0);
  CHECK(named.port() > 0);
  for (const char* host : {"", "*"}) {
    tcp_listener every;
    every.open(host, 0);
    const flux::socket client = connected_to(every.port());
    until_readable(every.fd());
    flux::socket served;
    CHECK(every.accept(served) == 0);
  }
}

TEST_CASE("a Unix address: its file goes with it, and a left-over is replaced") {
  const std::string path = temporary("server");
  struct stat status{};
  {
    tcp_listener listener;
    listener.open("unix:" + path, 0);
    CHECK(listener.port() == 0);
    const flux::socket client = connected_to(path);
    REQUIRE(client);
    flux::socket served;
    CHECK(listener.accept(served) == 0);
    CHECK(failure(("unix:" + path).c_str(), 0) == "cannot listen on unix:" + path + ": Address already in use");
  }
  CHECK(::lstat(path.c_str(), &status) != 0);

  // What a server that was killed leaves: a file nobody listens on.
  {
    const flux::socket dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(dead.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  tcp_listener next;
  next.open("unix:" + path, 0);
  CHECK(connected_to(path));

  // A file that is no socket is not ours to remove.
  const std::string plain = temporary("plain");
  ::close(::open(plain.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  CHECK(failure(("unix:" + plain).c_str(), 0).ends_with("Address already in use"));
  CHECK(::lstat(plain.c_str(), &status) == 0);
  ::unlink(plain.c_str());
}

TEST_CASE("out of descriptors is an errno, and the connection stays") {
  tcp_listener listener;
  listener.open("127.0.0.1", 0);
  const flux::socket client = connected_to(listener.port());
  until_readable(listener.fd());
  std::vector<flux::socket> filling;
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit small{.rlim_cur = 64, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &small);
  for (;;) {
    flux::socket each(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!each) break;
    filling.push_back(std::move(each));
  }
  flux::socket served;
  CHECK(listener.accept(served) == EMFILE);
  CHECK_FALSE(served);
  filling.pop_back();
  CHECK(listener.accept(served) == 0);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_CASE("a closed listener refuses, and can be opened again") {
  tcp_listener listener;
  listener.open("127.0.0.1", 0);
  CHECK_THROWS_WITH(listener.open("127.0.0.1", 0), "cannot listen on 127.0.0.1:0: this listener is open already");
  listener.close();
  CHECK(listener.fd() == -1);
  flux::socket client;
  CHECK(listener.accept(client) == EBADF);
  listener.open("127.0.0.1", 0);
  CHECK(listener.fd() >= 0);
}

TEST_CASE("a socket owns one descriptor") {
  const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto is_open = [&] { return ::fcntl(fd, F_GETFD) >= 0; };
  {
    flux::socket first(fd);
    flux::socket second(std::move(first));
    CHECK(second.fd() == fd);
    CHECK_FALSE(first);
    first = std::move(second);
    CHECK(first.fd() == fd);
    auto& same = first;
    first = std::move(same);
    CHECK(first.fd() == fd);
    CHECK(first.release() == fd);
    CHECK(is_open());
    first.reset(fd);
    first.reset(fd);
    CHECK(is_open());
  }
  CHECK_FALSE(is_open());
}

TEST_CASE("where every loop has a socket, each accepts what the kernel gave it, and one that is closed gets no more") {
  tcp_listener listener;
  listener.set_loops(3);
  listener.open("127.0.0.1", 0);
  CHECK(listener.loops() == 3);
  int fds[3];
  for (std::uint32_t loop = 1; loop <= 3; ++loop) {
    flux::core::set_this_loop(loop);
    fds[loop - 1] = listener.fd();
  }
  CHECK(fds[0] != fds[1]);
  CHECK(fds[1] != fds[2]);
  // Somebody else is told that the port is taken, though it is shared.
  tcp_listener other;
  other.set_loops(3);
  CHECK_THROWS_AS(other.open("127.0.0.1", listener.port()), std::system_error);
  CHECK(other.fd() == -1);

  flux::core::set_this_loop(2);
  listener.close_own();
  CHECK(listener.fd() == -1);
  std::vector<flux::socket> clients;
  for (int count = 0; count < 40; ++count) clients.push_back(connected_to(listener.port()));
  int accepted = 0;
  for (const std::uint32_t loop : {1U, 3U}) {
    flux::core::set_this_loop(loop);
    flux::socket client;
    while (listener.accept(client) == 0) ++accepted;
  }
  CHECK(accepted == 40);
  flux::core::set_this_loop(0);
  listener.close();
  CHECK(listener.fd() == -1);

  // A path has one.
  tcp_listener local;
  local.set_loops(3);
  local.open("unix:@flux-listener-test-of-loops", 0);
  CHECK(local.loops() == 1);
}
