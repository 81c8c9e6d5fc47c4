// The nodes of {{name}}.flux: plain functions, one thing after the other. What runs beside what is not their business.
#include "{{name}}.h"

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
    throw std::runtime_error("usage: {{name}} [--port N]");
  }
  listener.open("127.0.0.1", port);
  std::printf("{{name}}: http://127.0.0.1:%d/\n", listener.port());
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
    if (request.find("\r\n\r\n") != std::string::npos) return request.rfind("GET ", 0) == 0 ? 0 : EBADMSG;
    if (request.size() > 16 * 1024) return EMSGSIZE;
  }
}

bool IsFront(const std::string& request) { return request.rfind("GET / ", 0) == 0; }
bool IsStatistics(const std::string& request) { return request.rfind("GET /visits ", 0) == 0; }

namespace {

// A plain int: `atomic` in {{name}}.flux says who may touch it when.
int visits_so_far = 0;

// `fields` are whole lines of the head, each with its end.
std::string reply_with(const char* status, const std::string& text, const std::string& fields = "") {
  return std::string("HTTP/1.1 ") + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(text.size()) +
         "\r\n" + fields + "Connection: close\r\n\r\n" + text;
}

}  // namespace

int CountVisit(flux::socket&, const std::string&, int& visitor) {
  visitor = ++visits_so_far;
  return 0;
}

int ReadVisits(flux::socket&, const std::string&, int& visits) {
  visits = visits_so_far;
  return 0;
}

int Greet(flux::socket&, int visitor, std::string& reply) {
  reply = reply_with("200 OK", "hello, you are visitor " + std::to_string(visitor) + "\n");
  return 0;
}

int Report(flux::socket&, int visits, std::string& reply) {
  reply = reply_with("200 OK", std::to_string(visits) + " visits so far\n");
  return 0;
}

int NotFound(flux::socket&, const std::string&, std::string& reply) {
  reply = reply_with("404 Not Found", "there is nothing here\n");
  return 0;
}

int Explain(flux::socket&, int error, std::string& reply) {
  if (error == ETIMEDOUT) {
    reply = reply_with("408 Request Timeout", "that took too long\n");
  } else if (error == EBADMSG) {
    reply = reply_with("405 Method Not Allowed", "only GET is understood\n", "Allow: GET\r\n");
  } else if (error == EMSGSIZE) {
    reply = reply_with("431 Request Header Fields Too Large", "that is too much\n");
  } else {
    // The client has gone: nobody is left to answer.
    return error;
  }
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
