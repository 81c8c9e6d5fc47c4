// The nodes, as somebody writes them who thinks of one client: accept, read and write, on descriptors that block.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "mImpl.h"

namespace {

int listening = -1;
// Guarded by the constraint.
long replies = 0;

}  // namespace

void init(int, char**) {
  listening = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listening, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listening, 1024) != 0) throw errno;
  if (getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0) throw errno;
  std::printf("port %d\n", ntohs(address.sin_port));
  std::fflush(stdout);
}

int Listen(Listen_out* out) {
  out->socket = accept(listening, nullptr, nullptr);
  return out->socket < 0 ? errno : 0;
}

int ReadRequest(ReadRequest_in* in, ReadRequest_out* out) {
  out->socket = in->socket;
  char byte = 0;
  do {
    if (read(in->socket, &byte, 1) != 1) return ECONNRESET;
    if (byte != '\n') out->kind = byte;
  } while (byte != '\n');
  return 0;
}

int Reply(Reply_in* in, Reply_out* out) {
  out->socket = in->socket;
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%c %ld\n", in->kind, ++replies);
  return write(in->socket, text, static_cast<size_t>(size)) == size ? 0 : errno;
}

int Complete(Complete_in* in) { return close(in->socket); }

void HangUp(ReadRequest_in* in, int) { close(in->socket); }
