// Clients that do nothing: opens many connections, asks once on each, reads the whole answer, and keeps them open.
//
// `idle_clients PORT PATH COUNT` prints `ready COUNT` once every connection has had its answer and ends when its
// standard input does. It is a process of its own so that its memory and its descriptors are not the server's.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

// Reads one answer with a Content-Length. Returns whether it was whole and a 200.
bool read_answer(int connection) {
  std::string text;
  std::size_t whole = 0;  // bytes of head and body, once the head is known
  while (whole == 0 || text.size() < whole) {
    char bytes[16 * 1024];
    const ssize_t length = ::recv(connection, bytes, sizeof bytes, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return false;
    text.append(bytes, static_cast<std::size_t>(length));
    const std::size_t head = text.find("\r\n\r\n");
    if (whole != 0 || head == std::string::npos) continue;
    const char* field = ::strcasestr(text.c_str(), "\r\ncontent-length:");
    if (field == nullptr) return false;
    whole = head + 4 + static_cast<std::size_t>(std::atol(std::strchr(field + 2, ':') + 1));
  }
  return text.size() == whole && text.compare(0, 13, "HTTP/1.1 200 ") == 0;
}

int fail(const char* what, int at) {
  std::fprintf(stderr, "connection %d: %s: %s\n", at, what, std::strerror(errno));
  return 1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s PORT PATH COUNT\n", words[0]);
    return 2;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(words[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string request = std::string("GET ") + words[2] + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const int connections = std::atoi(words[3]);
  for (int at = 0; at < connections; ++at) {
    const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) return fail("socket", at);
    if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return fail("connect", at);
    if (::send(connection, request.data(), request.size(), MSG_NOSIGNAL) < 0) return fail("send", at);
    if (!read_answer(connection)) return fail("no whole answer", at);
  }
  std::printf("ready %d\n", connections);
  std::fflush(stdout);
  char end;
  while (::read(STDIN_FILENO, &end, 1) > 0 || errno == EINTR) {
  }
  return 0;
}
