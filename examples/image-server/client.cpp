// The nodes of image-server.flux that talk to a client.
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

#include "image_server.h"

flux::tcp_listener listener;

namespace {

bool would_block() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK; }

enum class received { some, nothing, end };

// Reads what there is. Never blocks.
received receive(photo::client& client, web::input& input) {
  // A server that stops must be sure that nothing has arrived.
  if (client.drained && !flux::stopping()) {
    client.drained = false;
    return received::nothing;
  }
  char bytes[4 * 1024];
  ssize_t length;
  do {
    length = ::recv(client.fd(), bytes, sizeof bytes, 0);
  } while (length < 0 && errno == EINTR);
  if (length < 0 && would_block()) return received::nothing;
  if (length <= 0) {
    client.close = true;
    return received::end;
  }
  const auto count = static_cast<std::size_t>(length);
  client.drained = count < sizeof bytes;
  if (!input) input = web::input::make();
  input->add({bytes, count});
  return received::some;
}

// Sends what is left of an answer, as much as the client takes. Returns what send returns.
ssize_t send_some(const photo::client& client, const web::answer& answer) noexcept {
  const std::size_t of_text = std::min(answer.sent, answer.text.size());
  const std::string_view text = std::string_view(answer.text).substr(of_text);
  const std::string_view body = answer.body.substr(answer.sent - of_text);
  iovec parts[2] = {{const_cast<char*>(text.data()), text.size()}, {const_cast<char*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = text.empty() ? parts + 1 : parts;
  message.msg_iovlen = text.empty() || body.empty() ? 1 : 2;
  return ::sendmsg(client.fd(), &message, MSG_NOSIGNAL);
}

}  // namespace

int Listen(photo::client& client, web::input&) { return listener.accept(client.socket); }

int AwaitRequest(photo::client& client, web::input& input) {
  for (;;) {
    // A connection that waits for its next request keeps no more than its descriptor.
    if (input && input->is_empty()) input.reset();
    if (input && input->has_request()) return 0;
    switch (receive(client, input)) {
      case received::some: break;
      case received::end: return 0;
      case received::nothing:
        client.close = flux::stopping();
        return client.close ? 0 : flux::again;
    }
  }
}

int ReadHead(photo::client& client, web::input& input, photo::request& request) {
  if (!request) request = photo::request::make();
  for (;;) {
    const int result = input->next_head(request->http);
    if (result != flux::again) return result;
    switch (receive(client, input)) {
      case received::some: break;
      case received::end: return ECONNRESET;
      case received::nothing: return flux::again;
    }
  }
}

int ReadOrder(photo::client&, web::input&, photo::request& request) { return photo::read_order(*request); }

int Write(photo::client& client, web::input&, photo::request& request) {
  if (!request->reply) {
    const web::request_head& head = request->http->head;
    client.close = client.close || !head.keep_alive || flux::stopping();
    request->reply = photo::answer(*request, {.close = client.close, .keep_alive = head.http_1_0 && !client.close});
  }
  web::answer& answer = *request->reply;
  while (!answer.is_sent()) {
    const ssize_t length = send_some(client, answer);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && would_block()) return flux::again;
    if (length <= 0) {
      client.close = true;
      break;
    }
    answer.sent += static_cast<std::size_t>(length);
  }
  return 0;
}

int Linger(photo::client& client, web::input&) {
  ::shutdown(client.fd(), SHUT_WR);
  char dropped_bytes[16 * 1024];
  constexpr ssize_t kMost = 64 * 1024 * 1024;
  for (ssize_t dropped = 0; dropped < kMost;) {
    const ssize_t length = ::recv(client.fd(), dropped_bytes, sizeof dropped_bytes, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return would_block() ? flux::again : 0;
    if (length == 0) return 0;
    dropped += length;
  }
  return 0;  // a client that sends for ever has had its answer
}

int Close(photo::client, web::input) { return 0; }
