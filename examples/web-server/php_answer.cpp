// PHP's answer: FastCGI around CGI, made HTTP. A program may be wrong, or be made to say what somebody else wants, so nothing of it is believed.
#include "php_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "cgi_reply.hpp"

namespace web {
namespace {

// Bytes of a request's complaints that are logged.
constexpr std::size_t kMostSaid = 4 * 1024;

void complain(php_exchange& php, std::string_view text) {
  const std::size_t room = kMostSaid - std::min(kMostSaid, php.said.size());
  php.said += text.substr(0, room);
  php.said_too_much = php.said_too_much || text.size() > room;
}

// Where the body ends, and the line that says so.
std::string framing_of(php_exchange& php, const cgi_head& cgi, const request_head& head) {
  const bool none = cgi.status == 204 || cgi.status == 304;
  std::string line;
  if (cgi.length && !none) {
    line = "Content-Length: ";
    append_number(line, *cgi.length);
    line += "\r\n";
  }
  if (none || head.method == method::head) {
    php.end = reply_end::no_body;
  } else if (cgi.length) {
    php.end = reply_end::length;
    php.left = *cgi.length;
  } else if (head.http_1_0) {
    php.end = reply_end::close;
  } else {
    php.end = reply_end::chunks;
    line = "Transfer-Encoding: chunked\r\n";
  }
  return line;
}

void take_body(php_exchange& php, std::string_view text, answer& out) {
  switch (php.end) {
    case reply_end::no_body: return;
    case reply_end::length: {
      // What is more than it promised is nobody's.
      const std::string_view part = text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(php.left, text.size())));
      php.left -= part.size();
      out.text += part;
      return;
    }
    case reply_end::chunks: {
      if (text.empty()) return;
      std::array<char, 16> digits;
      const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), text.size(), 16);
      out.text.append(digits.data(), end).append("\r\n").append(text).append("\r\n");
      return;
    }
    case reply_end::close: out.text += text;
  }
}

void take_output(php_exchange& php, std::string_view text, answer& out, const request_head& head, client& client) {
  if (php.head_done) return take_body(php, text, out);
  const std::size_t before = php.head.size();
  php.head += text.substr(0, kMaxCgiHead + 1);
  const std::size_t end = cgi_head_end(php.head, before > 0 ? before - 1 : 0);
  if (end == std::string::npos || end > kMaxCgiHead) {
    if (php.head.size() > kMaxCgiHead) fail(php, 502, "the head of PHP's answer is too long");
    return;
  }
  cgi_head cgi;
  if (!parse_cgi_head(std::string_view(php.head).substr(0, end), cgi)) return fail(php, 502, "the head of PHP's answer is none");
  const std::string framing = framing_of(php, cgi, head);
  php.head_done = true;
  client.close = !head.keep_alive || flux::stopping() || php.end == reply_end::close;
  begin_cgi_reply(out, cgi, {.close = client.close, .keep_alive = head.http_1_0 && !client.close}, framing);
  std::string().swap(php.head);
  take_body(php, text.substr(end - before), out);
}

void take_end(php_exchange& php, answer& out) {
  using outcome = fastcgi::reader::outcome;
  switch (php.reader.how_it_ended()) {
    case outcome::complete: break;
    case outcome::overloaded: return fail(php, 503, "PHP is overloaded");
    case outcome::no_multiplexing:
    case outcome::unknown_role:
    case outcome::unknown: return fail(php, 502, "PHP does not take this request");
  }
  if (!php.head_done) return fail(php, 502, "PHP ended without an answer");
  if (php.end == reply_end::length && php.left > 0) return fail(php, 502, "PHP's answer is shorter than its Content-Length");
  if (php.end == reply_end::chunks) out.text += "0\r\n\r\n";
  php.over = true;
}

}  // namespace

void take_answer(php_exchange& php, std::string_view bytes, answer& out, const request_head& head, client& client) {
  using event = fastcgi::reader::event;
  std::string_view text;
  while (php.status == 0) {
    switch (php.reader.next(bytes, text)) {
      case event::more: return;
      case event::output: take_output(php, text, out, head, client); break;
      case event::error: complain(php, text); break;
      case event::garbage: return fail(php, 502, "what PHP sent is not FastCGI");
      case event::end:
        take_end(php, out);
        // What is behind the end, but for its padding, belongs to no request.
        php.reusable = php.reader.next(bytes, text) == event::more && php.reader.is_between_requests();
        return;
    }
  }
}

void fail(php_exchange& php, int status, std::string_view reason) {
  if (php.status != 0) return;
  php.status = status;
  if (!php.said.empty() && !php.said.ends_with('\n')) php.said += '\n';
  php.said += reason;
}

void forget_sent(answer& out) {
  const std::size_t of_head = std::min(out.sent, out.head_size);
  out.from_file += out.sent - of_head;
  out.head_size -= of_head;
  out.text.erase(0, out.sent);
  out.sent = 0;
}

void log_php(const php_exchange& php, std::string_view line) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  const auto add = [&](std::string_view bytes) {
    for (const char byte : bytes) {
      const auto code = static_cast<unsigned char>(byte);
      if (code >= 0x20 && code < 0x7f && byte != '\\') {
        text += byte;
      } else {
        text.append("\\x").append(1, kDigits[code / 16]).append(1, kDigits[code % 16]);
      }
    }
  };
  for (std::string_view rest = php.said; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    std::string_view said = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (said.ends_with('\r')) said.remove_suffix(1);
    if (said.empty()) continue;
    text += "web-server: php: ";
    add(said);
    text += " (";
    add(line.substr(0, 200));
    text += ")\n";
  }
  if (php.said_too_much) text += "web-server: php: … and more\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace web
