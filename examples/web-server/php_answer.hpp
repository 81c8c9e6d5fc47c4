// What PHP says, on its way to a client. Reads no socket.
#ifndef WEB_SERVER_PHP_ANSWER_HPP
#define WEB_SERVER_PHP_ANSWER_HPP

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include "http_reply.hpp"
#include "php_exchange.hpp"
#include "web_server.h"

namespace web {

// Takes what has come from PHP and appends to `out` what of it the client gets: a head, then content. Ends the exchange where PHP does, or
// where it breaks a rule.
void take_answer(php_exchange& php, std::string_view bytes, answer& out, const request_head& head, client& client);

// Ends the exchange with an error: `status` where there was no head yet. `reason` is for the server's log. Only the first one counts.
void fail(php_exchange& php, int status, std::string_view reason);

// Forgets what of an answer has been sent, and remembers how much that was.
void forget_sent(answer& out);

// Writes what PHP complained of, in the course of the request with this first line. Blocks as writing does.
void log_php(const php_exchange& php, std::string_view line);

}  // namespace web

#endif
