#include "echo.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

using conformance::note;

namespace {

constexpr int kVisitors = 10;
std::string unix_name;
std::atomic<int> greeted = 0;
std::atomic<int> hung_up = 0;
std::atomic<int> left = 0;

int connect_to(int descriptor) {
  if (unix_name.empty()) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(listener.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, unix_name.data() + 1, unix_name.size() - 1);
  const auto length = offsetof(sockaddr_un, sun_path) + unix_name.size();
  return ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length));
}

// What there is up to the end of a line.
int read_line(int descriptor, std::string& line) {
  char buffer[256];
  const auto got = ::read(descriptor, buffer, sizeof buffer);
  if (got < 0) return errno == EAGAIN ? flux::again : errno;
  if (got == 0) return line.empty() ? 0 : EPIPE;
  line.append(buffer, static_cast<std::size_t>(got));
  return line.ends_with('\n') ? 0 : flux::again;
}

}  // namespace

void init(int argc, char** argv) {
  if (argc > 1) {
    unix_name = std::string("@") + argv[1] + std::to_string(::getpid());
    listener.open("unix:" + unix_name, 0);
  } else {
    listener.open("127.0.0.1", 0);
  }
}

int Listen(flux::socket& peer) { return listener.accept(peer); }

int Greet(const flux::socket& peer) {
  if ((::fcntl(peer.fd(), F_GETFL) & O_NONBLOCK) == 0) std::abort();
  ++greeted;
  return 0;
}

int Read(flux::socket& peer, std::string& line) { return read_line(peer.fd(), line); }

// Whatever could not be written stays in the line.
int Write(const flux::socket& peer, std::string& line) {
  while (!line.empty()) {
    const auto put = ::write(peer.fd(), line.data(), std::min<std::size_t>(line.size(), 3));
    if (put < 0) return errno == EAGAIN ? flux::again : errno;
    line.erase(0, static_cast<std::size_t>(put));
  }
  return 0;
}

int Hang(flux::socket peer, std::string line) {
  if (peer.fd() < 0 || !line.empty()) std::abort();
  ++hung_up;
  return 0;
}

void Broken(const flux::socket&, int error) { note("broken: %d", error); }

int Visit(int& number) {
  static int next = 1;
  if (next > kVisitors) return flux::again;
  number = next++;
  return 0;
}

int Connect(int number, flux::socket& to, int& round) {
  to.reset(::socket(unix_name.empty() ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (connect_to(to.fd()) != 0 && errno != EINPROGRESS) {
    note("%d: cannot connect, errno %d", number, errno);
    return errno;
  }
  // It is in the queue of the listener, accepted or not; nobody may lose it.
  if (++left == kVisitors) flux::stop();
  round = 1;
  return 0;
}

int Ask(const flux::socket& to, int number, int& round) {
  const std::string line = "visitor " + std::to_string(number) + (round == 3 ? " last" : " round " + std::to_string(round)) + "\n";
  const auto put = ::write(to.fd(), line.data(), line.size());
  if (put < 0) return errno == EAGAIN || errno == ENOTCONN ? flux::again : errno;
  if (put != static_cast<ssize_t>(line.size())) std::abort();
  ++round;
  return 0;
}

int Hear(const flux::socket& to, int, int, std::string& heard) { return read_line(to.fd(), heard); }

int Forget(const flux::socket&, int number, int, const std::string& heard) {
  note("%2d: %.*s", number, static_cast<int>(heard.size()) - 1, heard.c_str());
  return 0;
}

int Leave(flux::socket to, int number, int, std::string heard) {
  if (to.fd() < 0) std::abort();
  note("%2d: %.*s", number, static_cast<int>(heard.size()) - 1, heard.c_str());
  return 0;
}

void finish() {
  conformance::say_notes();
  conformance::say("greeted %d, hung up %d", greeted.load(), hung_up.load());
}
