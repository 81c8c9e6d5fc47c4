// The nodes of hello.flux.
#include "hello.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

flux::tcp_listener listener;

void init(int argc, char** argv) {
  int port = 8080;
  if (argc == 3 && std::strcmp(argv[1], "--port") == 0) {
    port = std::stoi(argv[2]);
  } else if (argc != 1) {
    throw std::runtime_error("usage: hello [--port N]");
  }
  listener.open("127.0.0.1", port);
  std::printf("hello: http://127.0.0.1:%d/\n", listener.port());
  std::fflush(stdout);
}

int Listen(flux::socket& client) { return listener.accept(client); }

// Called again whenever more has come, until the empty line that ends a request. `request` keeps what came before.
int ReadRequest(flux::socket& client, std::string& request) {
  for (;;) {
    char bytes[4096];
    const ssize_t length = ::recv(client.fd(), bytes, sizeof bytes, 0);
    if (length < 0) return errno == EAGAIN ? flux::again : errno;
    if (length == 0) return ECONNRESET;
    request.append(bytes, static_cast<std::size_t>(length));
    if (request.find("\r\n\r\n") != std::string::npos) return 0;
    if (request.size() > 16 * 1024) return EMSGSIZE;
  }
}

int Greet(flux::socket&, const std::string& request, std::string& reply) {
  const std::string text = "hello, you asked for " + request.substr(0, request.find("\r\n")) + "\n";
  reply = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(text.size()) +
          "\r\nConnection: close\r\n\r\n" + text;
  return 0;
}

// Sends what the client takes now; `reply` keeps the rest. The flow ends after it, and with it `client`, which closes.
int Send(flux::socket& client, std::string& reply) {
  while (!reply.empty()) {
    const ssize_t length = ::send(client.fd(), reply.data(), reply.size(), MSG_NOSIGNAL);
    if (length < 0) return errno == EAGAIN ? flux::again : errno;
    reply.erase(0, static_cast<std::size_t>(length));
  }
  return 0;
}
