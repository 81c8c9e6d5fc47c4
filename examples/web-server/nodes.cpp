// The nodes of web-server.flux that talk to a client.
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <cerrno>

#include "web_server.h"

flux::tcp_listener listener;

int Listen(flux::socket& client, bool&, web::input&) { return listener.accept(client); }

namespace {

// The client is gone, or never spoke: the flow ends like any other, through `Close`.
int hang_up(bool& close) {
  close = true;
  return 0;
}

int after(web::conversation::progress progress, web::input& input, web::request& request) {
  using enum web::conversation::progress;
  switch (progress) {
    case more:
      return flux::again;
    case complete:
      request = input->take_request();
      if (!input->has_more()) input.reset();
      return 0;
    case refused:
      return input->status();
  }
  return EINVAL;
}

// A connection that waits for its next request keeps no more than its descriptor.
int wait_for_more(web::input& input) {
  if (input && !input->has_bytes()) input.reset();
  return flux::again;
}

}  // namespace

int ReadRequest(flux::socket& client, bool& close, web::input& input, web::request& request) {
  if (close) return 0;
  if (input && input->has_kept()) {
    const int result = after(input->resume(), input, request);
    if (result != flux::again) return result;
  }
  char bytes[16 * 1024];
  for (;;) {
    const ssize_t length = ::recv(client.fd(), bytes, sizeof bytes, 0);
    if (length < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return hang_up(close);
      const int answer = wait_for_more(input);
      return flux::stopping() && !input ? hang_up(close) : answer;
    }
    if (length == 0) return hang_up(close);
    if (!input) input = web::input::make();
    const std::size_t read = static_cast<std::size_t>(length);
    const int result = after(input->feed({bytes, read}), input, request);
    if (result != flux::again) return result;
    if (read < sizeof bytes) return wait_for_more(input);
  }
}

bool IsClosing(bool close) { return close; }

bool IsTalking(const web::input& input) { return input && input->has_more(); }

int Send(flux::socket& client, bool& close, web::input&, web::reply& reply) {
  web::answer& answer = *reply;
  for (;;) {
    ssize_t length;
    if (answer.sent < answer.text.size()) {
      const int more = answer.offset < answer.size ? MSG_MORE : 0;
      length = ::send(client.fd(), answer.text.data() + answer.sent, answer.text.size() - answer.sent, MSG_NOSIGNAL | more);
      if (length > 0) answer.sent += static_cast<std::size_t>(length);
    } else if (answer.offset < answer.size) {
      length = ::sendfile(client.fd(), answer.file, &answer.offset, static_cast<std::size_t>(answer.size - answer.offset));
      if (length == 0) return hang_up(close);  // the file has become shorter than the head promised
    } else {
      return 0;
    }
    if (length < 0 && errno != EINTR) return errno == EAGAIN || errno == EWOULDBLOCK ? flux::again : hang_up(close);
  }
}

int Close(flux::socket, bool, web::input, web::request) { return 0; }

int Forget(flux::socket&, bool&, web::input&, web::request) { return 0; }

int Explain(flux::socket&, bool& close, web::input& input, int error, web::reply& reply) {
  const bool timed_out = error == ETIMEDOUT;
  if (timed_out && !input) return error;  // nothing was asked, so there is nothing to answer
  close = true;
  web::head head;
  head.status = timed_out ? 408 : error >= 400 && error < 600 ? error : 500;
  head.close = true;
  reply = web::status_page(head, true);
  return 0;
}

int Linger(flux::socket& client, bool&, web::input&) {
  ::shutdown(client.fd(), SHUT_WR);
  char dropped_bytes[32 * 1024];
  constexpr ssize_t kMost = 64 * 1024 * 1024;
  for (ssize_t dropped = 0; dropped < kMost;) {
    const ssize_t length = ::recv(client.fd(), dropped_bytes, sizeof dropped_bytes, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? flux::again : 0;
    if (length == 0) return 0;
    dropped += length;
  }
  return 0;  // a client that sends for ever has had its answer
}
