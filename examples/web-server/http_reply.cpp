// Replies: how a head is written (RFC 9110).
#include "http_reply.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace web {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 301: return "Moved Permanently";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Internal Server Error";
  }
}

void append_number(std::string& text, long long number) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text.append(digits.data(), end);
}

// `Sun, 06 Nov 1994 08:49:37 GMT`. gmtime_r would take a lock that every thread shares.
void append_date(std::string& text, std::time_t when) {
  using namespace std::chrono;
  const sys_seconds time{seconds(when)};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  const auto two = [](auto number) {
    const auto value = static_cast<unsigned>(number);
    return std::array{static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
  };
  const auto append = [&text](const std::array<char, 2>& digits) { text.append(digits.data(), digits.size()); };
  text += std::string_view("SunMonTueWedThuFriSat").substr(3 * weekday(day).c_encoding(), 3);
  text += ", ";
  append(two(unsigned(date.day())));
  text += ' ';
  text += std::string_view("JanFebMarAprMayJunJulAugSepOctNovDec").substr(3 * (unsigned(date.month()) - 1), 3);
  text += ' ';
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  append(two(year / 100));
  append(two(year % 100));
  text += ' ';
  append(two(clock.hours().count()));
  text += ':';
  append(two(clock.minutes().count()));
  text += ':';
  append(two(clock.seconds().count()));
  text += " GMT";
}

struct ending {
  std::string_view name;
  std::string_view type;
};

constexpr std::array kTypes = std::to_array<ending>({
    {"html", "text/html; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/plain; charset=utf-8"},
    {"flux", "text/plain; charset=utf-8"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"ico", "image/x-icon"},
    {"pdf", "application/pdf"},
    {"wasm", "application/wasm"},
    {"woff2", "font/woff2"},
    {"xml", "application/xml"},
});

}  // namespace

void answer::clear() noexcept {
  text.clear();
  sent = 0;
  if (file >= 0) ::close(std::exchange(file, -1));
  offset = 0;
  size = 0;
}

void write_head(std::string& text, const head& head) {
  text += "HTTP/1.1 ";
  append_number(text, head.status);
  text += ' ';
  text += reason(head.status);
  text += "\r\nServer: flux\r\nDate: ";
  append_date(text, std::time(nullptr));
  text += "\r\nContent-Length: ";
  append_number(text, head.content_length);
  text += "\r\nContent-Type: ";
  text += head.content_type;
  if (head.last_modified != 0) {
    text += "\r\nLast-Modified: ";
    append_date(text, head.last_modified);
  }
  if (!head.location.empty()) {
    text += "\r\nLocation: ";
    text += head.location;
  }
  if (head.allow) text += "\r\nAllow: GET, HEAD";
  if (head.close) {
    text += "\r\nConnection: close";
  } else if (head.keep_alive) {
    text += "\r\nConnection: keep-alive";
  }
  text += "\r\n\r\n";
}

reply status_page(head head, bool body) {
  constexpr std::string_view kBegin = "<!doctype html><title>";
  constexpr std::string_view kBetween = "</title><h1>";
  constexpr std::string_view kEnd = "</h1>\n";
  const std::string_view name = reason(head.status);
  // Every status has three digits.
  head.content_length = static_cast<off_t>(kBegin.size() + kBetween.size() + kEnd.size() + 2 * (4 + name.size()));
  head.content_type = "text/html; charset=utf-8";
  head.allow = head.status == 405;
  reply made = reply::make();
  std::string& text = made->text;
  write_head(text, head);
  if (!body) return made;
  const auto append_name = [&] {
    append_number(text, head.status);
    text += ' ';
    text += name;
  };
  text += kBegin;
  append_name();
  text += kBetween;
  append_name();
  text += kEnd;
  return made;
}

std::string_view content_type(std::string_view path) {
  const std::size_t dot = path.find_last_of("./");
  if (dot != std::string_view::npos && path[dot] == '.') {
    const std::string_view name = path.substr(dot + 1);
    for (const ending& known : kTypes) {
      if (known.name == name) return known.type;
    }
  }
  return "application/octet-stream";
}

}  // namespace web
