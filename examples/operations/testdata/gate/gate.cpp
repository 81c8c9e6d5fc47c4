// The nodes of gate.flux.
#include "gate.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

flux::tcp_listener listener;

void init(int, char**) {
  listener.open("127.0.0.1", 0, {});
  std::printf("serving a gate on http://127.0.0.1:%d/\n", listener.port());
  std::fflush(stdout);
}

int Listen(flux::socket& client) { return listener.accept(client); }

int Read(flux::socket& client) {
  char bytes[4096];
  const ssize_t length = ::recv(client.fd(), bytes, sizeof bytes, 0);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return flux::again;
  return length > 0 ? 0 : ECONNRESET;
}

int Hold(flux::socket&) {
  ::usleep(10'000);
  return 0;
}

int Reply(flux::socket client) {
  constexpr std::string_view kAnswer = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  return ::send(client.fd(), kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL) < 0 ? errno : 0;
}
