// The nodes of web-server.flux that talk to a client.
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "receive.hpp"
#include "web_server.h"

flux::tcp_listener listener;

namespace web {
namespace {

// False where a read waits a moment for more (listen_options::brief_blocking): the same for all connections of a runtime.
std::atomic<bool> reads_at_once{true};

}  // namespace

bool would_block() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK; }

received receive(client& client, input& input, int flags) {
  // A server that stops must be sure that nothing has arrived.
  if (client.drained && !flux::stopping()) {
    client.drained = false;
    return received::nothing;
  }
  char bytes[16 * 1024];
  ssize_t length;
  do {
    length = ::recv(client.fd(), bytes, sizeof bytes, flags);
  } while (length < 0 && errno == EINTR);
  if (length < 0 && would_block()) return received::nothing;
  if (length <= 0) {
    client.close = true;
    return received::end;
  }
  const auto count = static_cast<std::size_t>(length);
  client.drained = count < sizeof bytes && reads_at_once.load(std::memory_order_relaxed);
  if (!input) input = web::input::make();
  input->add({bytes, count});
  return received::some;
}

int invite_body(client& client, const input& input) {
  if (input->has_bytes()) return 0;  // it did not wait
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const ssize_t length = ::send(client.fd(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  if (length == static_cast<ssize_t>(kContinue.size())) return 0;
  return length < 0 && (would_block() || errno == EINTR) ? flux::again : EPIPE;
}

}  // namespace web

using web::receive;
using web::received;
using web::would_block;

namespace {

// Bytes of a reply that are sent before other flows have their turn.
constexpr std::size_t kSlice = 1024 * 1024;

}  // namespace

int Listen(web::client& client, web::input&) {
  const int result = listener.accept(client.socket);
  if (result == 0) [[likely]] {
    static const bool at_once = (::fcntl(client.fd(), F_GETFL) & O_NONBLOCK) != 0;
    if (!at_once) web::reads_at_once.store(false, std::memory_order_relaxed);
  }
  return result;
}

int AwaitRequest(web::client& client, web::input& input) {
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

int ReadHead(web::client& client, web::input& input, web::request& request) {
  for (;;) {
    const int result = input->next_head(request);
    if (result != flux::again) return result;
    switch (receive(client, input)) {
      case received::some: break;
      case received::end: return ECONNRESET;
      case received::nothing: return flux::again;
    }
  }
}

int Encourage(web::client& client, web::input& input, web::request& request) {
  if (IsFetching(request)) return web::invite_body(client, input);
  input->leave_body();
  return 0;
}

int InviteBody(web::client& client, web::input& input, web::request&, web::reply&) { return web::invite_body(client, input); }

int ReadBody(web::client& client, web::input& input, web::request&) {
  for (;;) {
    const int result = input->next_body();
    if (result != flux::again) return result;
    switch (receive(client, input)) {
      case received::some: break;
      case received::end: return ECONNRESET;
      case received::nothing: return flux::again;
    }
  }
}

namespace {

// Sends what is in memory. Returns what send returns.
ssize_t send_memory(const web::client& client, const web::answer& answer) noexcept {
  const int more = answer.offset < answer.end ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL;
  const std::size_t of_text = std::min(answer.sent, answer.text.size());
  const std::string_view text = std::string_view(answer.text).substr(of_text);
  if (answer.body.empty()) return ::send(client.fd(), text.data(), text.size(), more);
  const std::string_view body = answer.body.substr(answer.sent - of_text);
  iovec parts[2] = {{const_cast<char*>(text.data()), text.size()}, {const_cast<char*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = text.empty() ? parts + 1 : parts;
  message.msg_iovlen = text.empty() ? 1 : 2;
  return ::sendmsg(client.fd(), &message, more);
}

// Sends from the file, at most `most` bytes. Returns what send returns; 0 where the file has become shorter than the head promised.
ssize_t send_file(const web::client& client, web::answer& answer, std::size_t most) noexcept {
  const std::size_t left = std::min(most, static_cast<std::size_t>(answer.end - answer.offset));
  ssize_t length;
  if (!answer.copies) {
    length = ::sendfile(client.fd(), answer.source->file, &answer.offset, left);
    // Not every file system and not every sandbox has it.
    if (length < 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP || errno == EOVERFLOW)) answer.copies = true;
  }
  if (answer.copies) {
    char bytes[32 * 1024];
    length = ::pread(answer.source->file, bytes, std::min(left, sizeof bytes), answer.offset);
    if (length > 0) length = ::send(client.fd(), bytes, static_cast<std::size_t>(length), MSG_NOSIGNAL);
    if (length > 0) answer.offset += length;
  }
  if (length > 0) answer.from_file += static_cast<std::uint64_t>(length);
  return length;
}

}  // namespace

int Send(web::client& client, web::input&, web::request&, web::reply& reply) {
  web::answer& answer = *reply;
  for (std::size_t slice = 0; slice < kSlice && !answer.is_sent();) {
    const bool memory = answer.sent < answer.in_memory();
    const ssize_t length = memory ? send_memory(client, answer) : send_file(client, answer, kSlice - slice);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && would_block()) return flux::again;
    if (length <= 0) {
      client.close = true;
      answer.broken = true;
      return 0;
    }
    if (memory) answer.sent += static_cast<std::size_t>(length);
    slice += static_cast<std::size_t>(length);
  }
  return 0;
}

int Finish(web::client&, web::input&, web::request, web::reply) { return 0; }

int Linger(web::client& client, web::input&) {
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

int Close(web::client, web::input) { return 0; }
