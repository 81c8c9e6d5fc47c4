#include "lines.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

flux::tcp_listener listener;

namespace {

int rest(const std::string& line) {
  std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(line.c_str() + line.find(' '))));
  return 0;
}

}  // namespace

int init(int, char**) {
  listener.open("127.0.0.1", 0);
  std::printf("port %d\n", listener.port());
  std::fflush(stdout);
  return 0;
}

int Listen(flux::socket& client, std::string&) { return listener.accept(client); }

int Read(flux::socket& client, std::string& kept, std::string& line) {
  for (;;) {
    const std::size_t end = kept.find('\n');
    if (end != std::string::npos) {
      line = kept.substr(0, end);
      kept.erase(0, end + 1);
      return 0;
    }
    char bytes[4096];
    const ssize_t got = ::recv(client.fd(), bytes, sizeof bytes, 0);
    if (got == 0) return ECONNRESET;
    if (got < 0) return errno != EAGAIN ? errno : kept.empty() && flux::stopping() ? ECANCELED : flux::again;
    kept.append(bytes, static_cast<std::size_t>(got));
  }
}

bool IsHold(const std::string& line) { return line.starts_with("hold "); }
bool IsNap(const std::string& line) { return line.starts_with("nap "); }
int Hold(flux::socket&, std::string&, std::string& line) { return rest(line); }
int Nap(flux::socket&, std::string&, std::string& line) { return rest(line); }

int Answer(flux::socket& client, std::string&, std::string& line) {
  if (line.starts_with("echo ")) line.erase(0, 5);
  if (!line.ends_with('\n')) line += '\n';
  while (!line.empty()) {
    const ssize_t sent = ::send(client.fd(), line.data(), line.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN ? flux::again : errno;
    line.erase(0, static_cast<std::size_t>(sent));
  }
  return 0;
}
