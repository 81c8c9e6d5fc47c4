// The nodes of web-server.flux that talk to PHP. What PHP says is taken apart in php_answer.cpp.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "answering.hpp"
#include "php.hpp"
#include "php_answer.hpp"
#include "receive.hpp"
#include "web_server.h"

namespace web {
namespace {

// Bytes of an answer that wait for their client before PHP has to, so that PHP is done with most pages at once; and once clients hold much.
constexpr std::size_t kMostWaiting = 256 * 1024;
constexpr std::size_t kMostUnderPressure = 32 * 1024;
constexpr std::size_t kPressure = 64 * 1024 * 1024;

// Bytes of a body that are taken at a time.
constexpr std::size_t kPart = 32 * 1024;

// Of one flow while one of its nodes runs.
struct talk {
  client& from;
  input& in;
  answer& out;
  php_exchange& php;
  const request_head& head;
  bool moved = false;  // something was done

  [[nodiscard]] std::size_t waiting() const noexcept { return out.text.size() - out.sent; }
  [[nodiscard]] bool has_room() const noexcept {
    return waiting() < (bytes_waiting.load(std::memory_order_relaxed) < kPressure ? kMostWaiting : kMostUnderPressure);
  }
  // Some of the body is still at the client, and PHP would take it.
  [[nodiscard]] bool lacks_body() const noexcept { return !php.mute && !php.whole; }
  [[nodiscard]] bool is_over() const noexcept { return php.over || php.status != 0 || out.broken || php.next == need::a_retry; }
};

// Sends from `sent` on. Returns false where PHP takes no more now.
bool tell(talk& talk, const std::string& records, std::size_t& sent) {
  while (sent < records.size()) {
    const ssize_t length = ::send(talk.php.fd(), records.data() + sent, records.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && would_block()) return false;
    if (length < 0) {
      // It may have answered before it closed.
      talk.php.mute = true;
      talk.php.drained = false;
      return true;
    }
    sent += static_cast<std::size_t>(length);
    talk.moved = true;
  }
  return true;
}

void tell(talk& talk) {
  php_exchange& php = talk.php;
  if (!php.mute && tell(talk, php.opening, php.opening_sent) && !php.mute && tell(talk, php.later, php.later_sent)) {
    php.later.clear();
    php.later_sent = 0;
  }
}

// Reads on in the body. `beyond`: also while PHP does not take what there is.
void fetch(talk& talk, bool beyond) {
  php_exchange& php = talk.php;
  while (talk.lacks_body() && (beyond || !php.has_to_tell())) {
    std::string part;
    const int result = talk.in->next_body(part, kPart);
    if (!part.empty()) {
      php.asked_later = true;
      talk.moved = true;
      fastcgi::append_input(php.later, part);
    }
    if (result == 0) {
      php.whole = true;
      talk.moved = true;
      fastcgi::append_input_end(php.later);
    } else if (result != flux::again) {
      return fail(php, 400, "the body of the request is broken");
    } else if (!talk.in->has_bytes()) {
      const received got = receive(talk.from, talk.in, MSG_DONTWAIT);
      if (got == received::end) {
        talk.out.broken = true;
        return;
      }
      if (got == received::nothing) return;
      continue;
    }
    tell(talk);
  }
}

void hear(talk& talk) {
  php_exchange& php = talk.php;
  char bytes[32 * 1024];
  while (!talk.is_over() && talk.has_room() && !php.drained) {
    const ssize_t length = ::recv(php.fd(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && would_block()) {
      php.drained = true;
      return;
    }
    talk.moved = true;
    if (length <= 0) {
      // PHP may close what it keeps at any time, also while a request is on its way to it.
      const bool untouched = !php.asked_later && (php.repeatable || php.opening_sent == 0);
      if (php.kept && !php.answered && untouched) {
        php.next = need::a_retry;
      } else {
        fail(php, 502, length == 0 ? "PHP closed the connection before it had answered" : "the connection to PHP broke before it had answered");
      }
      return;
    }
    php.answered = true;
    php.drained = static_cast<std::size_t>(length) < sizeof bytes;
    take_answer(php, {bytes, static_cast<std::size_t>(length)}, talk.out, talk.head, talk.from);
  }
}

// Gives the client what there is of the answer.
void pass(talk& talk) {
  answer& out = talk.out;
  while (talk.waiting() > 0) {
    const ssize_t length = ::send(talk.from.fd(), out.text.data() + out.sent, talk.waiting(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && would_block()) break;
    if (length <= 0) {
      out.broken = true;
      return;
    }
    out.sent += static_cast<std::size_t>(length);
    talk.moved = true;
  }
  forget_sent(out);
}

need next_need(const talk& talk) noexcept {
  if (talk.php.next == need::a_retry) return need::a_retry;
  if (talk.is_over()) return need::nothing;
  // A client that does not read may wait until its body is taken.
  if (talk.waiting() > 0 && talk.lacks_body()) return need::to_trade;
  if (!talk.has_room()) return need::to_drain;
  if (talk.php.has_to_tell()) return need::to_tell;
  if (talk.lacks_body()) return need::to_fetch;
  return talk.waiting() > 0 ? need::to_pass : need::to_hear;
}

// Does all that can be done. Returns flux::again if that was nothing, and `here` waits for what is needed next.
int go_on(client& client, input& input, request& request, reply& reply, need here) {
  talk talk{.from = client, .in = input, .out = *reply, .php = *reply->php, .head = request->head};
  tell(talk);
  if (here != need::to_drain && here != need::to_trade) hear(talk);
  if (!talk.is_over()) fetch(talk, here == need::to_trade);
  if (!talk.is_over()) pass(talk);
  if (talk.php.mute && !talk.is_over()) hear(talk);
  talk.php.next = next_need(talk);
  if (talk.moved || talk.php.next != here) return 0;
  talk.php.drained = false;
  return flux::again;
}

}  // namespace

int begin_to_reach(php_exchange& exchange, int result) {
  if (result == 0 || result == EINPROGRESS) {
    exchange.next = result == 0 ? need::to_tell : need::connection;
    exchange.drained = true;
    return 0;
  }
  // A Unix socket whose backlog is full says EAGAIN.
  const bool busy = result == EAGAIN || result == EMFILE || result == ENFILE || result == ENOMEM || result == ENOBUFS;
  fail(exchange, busy ? 503 : 502, "cannot reach PHP at " + backends.address() + ": " + std::generic_category().message(result));
  exchange.next = need::nothing;
  return 0;
}

}  // namespace web

int Tell(web::client& client, web::input& input, web::request& request, web::reply& reply) { return web::go_on(client, input, request, reply, web::need::to_tell); }
int Fetch(web::client& client, web::input& input, web::request& request, web::reply& reply) { return web::go_on(client, input, request, reply, web::need::to_fetch); }
int Hear(web::client& client, web::input& input, web::request& request, web::reply& reply) { return web::go_on(client, input, request, reply, web::need::to_hear); }
int Pass(web::client& client, web::input& input, web::request& request, web::reply& reply) { return web::go_on(client, input, request, reply, web::need::to_pass); }
int Drain(web::client& client, web::input& input, web::request& request, web::reply& reply) { return web::go_on(client, input, request, reply, web::need::to_drain); }
int Trade(web::client& client, web::input& input, web::request& request, web::reply& reply) { return web::go_on(client, input, request, reply, web::need::to_trade); }

int LeaveBackend(web::client&, web::input&, web::request&, web::reply& reply) {
  web::php_exchange& exchange = *reply->php;
  const bool reusable = exchange.reusable && exchange.whole && !exchange.has_to_tell() && !exchange.mute;
  if (reusable && !flux::stopping()) web::backends.keep(std::move(exchange.socket));
  exchange.socket.reset();
  return 0;
}

int LogPhp(web::client&, web::input&, web::request& request, web::reply& reply) {
  web::log_php(*reply->php, request->head.line);
  return 0;
}

int ConcludePhp(web::client& client, web::input& input, web::request& request, web::reply& reply) {
  const auto exchange = std::move(reply->php);
  reply->count_waiting();
  if (!input->body_ended()) {
    input->leave_body();
    client.close = true;
  }
  if (exchange->status != 0 && !exchange->head_done) {
    std::string asked = std::move(reply->client);
    reply = web::status_reply(exchange->status, web::connection_after(request, input, client), {}, request->head.method != web::method::head);
    reply->client = std::move(asked);
  } else if (exchange->status != 0 || reply->broken) {
    // As nginx logs a client that left before its answer began.
    if (!exchange->head_done) reply->status = 499;
    // The client has no other way to see that this is not all.
    client.close = true;
  }
  return 0;
}

int GiveUpPhp(web::client& client, web::input& input, web::request& request, web::reply& reply, int error) {
  web::php_exchange& exchange = *reply->php;
  const bool fetching = exchange.next == web::need::to_fetch;
  if (error == ETIMEDOUT) {
    if (fetching || exchange.next == web::need::to_drain || exchange.next == web::need::to_trade) {
      exchange.status = 408;
    } else {
      web::fail(exchange, 504, "PHP took too long");
    }
  } else {
    web::fail(exchange, 500, std::generic_category().message(error));
  }
  exchange.socket.reset();
  if (exchange.head_done) reply->broken = true;
  client.close = true;
  if (!input->body_ended()) input->leave_body();
  if (exchange.head_done) return 0;
  std::string asked = std::move(reply->client);
  auto kept = std::move(reply->php);
  reply = web::status_reply(kept->status, {.close = true}, {}, request->head.method != web::method::head);
  reply->client = std::move(asked);
  reply->php = std::move(kept);  // what it said has not been logged
  return 0;
}

int DropIdle() {
  web::backends.drop_idle();
  return 0;
}
