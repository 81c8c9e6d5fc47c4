// The nodes of {{name}}.flux: plain functions, one thing after the other. What runs beside what is not their business.
#include "{{name}}.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

flux::tcp_listener listener;

void init(int argc, char** argv) {
  int port = 7000;
  if (argc == 3 && std::strcmp(argv[1], "--port") == 0) {
    port = std::stoi(argv[2]);
  } else if (argc != 1) {
    throw std::runtime_error("usage: {{name}} [--port N]");
  }
  listener.open("127.0.0.1", port);
  std::printf("{{name}}: 127.0.0.1:%d\n", listener.port());
  std::fflush(stdout);
}

int Listen(flux::socket& client, std::string&) { return listener.accept(client); }

// Called again whenever more has come. `unread` keeps what came: it may be half a line, or several.
int ReadLine(flux::socket& client, std::string& unread, std::string& line) {
  for (;;) {
    const std::size_t end = unread.find('\n');
    if (end != std::string::npos) {
      line = unread.substr(0, end > 0 && unread[end - 1] == '\r' ? end - 1 : end);
      unread.erase(0, end + 1);
      return 0;
    }
    if (unread.size() > 64 * 1024) return EMSGSIZE;
    char bytes[4096];
    const ssize_t length = ::recv(client.fd(), bytes, sizeof bytes, 0);
    if (length < 0) return errno == EAGAIN ? flux::again : errno;
    if (length == 0) return ECONNRESET;
    unread.append(bytes, static_cast<std::size_t>(length));
  }
}

bool IsFarewell(const std::string& line) { return line == "quit"; }

namespace {

// A plain int: `atomic` in {{name}}.flux says who may touch it when.
int lines_so_far = 0;

}  // namespace

int Echo(flux::socket&, std::string&, const std::string& line, std::string& reply) {
  reply = std::to_string(++lines_so_far) + ": " + line + "\n";
  return 0;
}

int SayGoodbye(flux::socket&, std::string&, const std::string&, std::string& reply) {
  reply = "goodbye, after " + std::to_string(lines_so_far) + " lines\n";
  return 0;
}

int Explain(flux::socket&, std::string&, int error, std::string& reply) {
  if (error == ETIMEDOUT) {
    reply = "you said nothing for too long\n";
  } else if (error == EMSGSIZE) {
    reply = "that line is too long\n";
  } else {
    // The client has gone: nobody is left to answer.
    return error;
  }
  return 0;
}

// Sends what the client takes now; `reply` keeps the rest.
int Send(flux::socket& client, std::string&, std::string& reply) {
  while (!reply.empty()) {
    const ssize_t length = ::send(client.fd(), reply.data(), reply.size(), MSG_NOSIGNAL);
    if (length < 0) return errno == EAGAIN ? flux::again : errno;
    reply.erase(0, static_cast<std::size_t>(length));
  }
  return 0;
}

// `client` ends with the flow, and closes.
int HangUp(flux::socket&, std::string&) { return 0; }
