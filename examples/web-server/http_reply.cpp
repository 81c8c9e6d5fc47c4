// Replies: how a head is written (RFC 9110). The lines of a page are there already; what is added is the status and the date.
#include "http_reply.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <ctime>

#include "http_date.hpp"

namespace web {
namespace {

// A body as short as this is sent from the same memory as its head: one buffer is cheaper for the kernel than two.
constexpr std::size_t kCopied = 4 * 1024;

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Internal Server Error";
  }
}

constexpr std::size_t kDate = 29;  // bytes of a date

// A date, written once a second by each thread.
struct date_text {
  std::time_t second;
  char text[kDate];

  void copy_to(char* place, std::time_t time) {
    if (time != second) [[unlikely]] {
      std::string date;
      append_date(date, time);
      date.copy(text, kDate);
      second = time;
    }
    std::memcpy(place, text, kDate);
  }
};

constinit thread_local date_text date{};

// Where the date stands in the head of a 200.
constexpr std::string_view kWholeBegin = "HTTP/1.1 200 OK\r\nServer: flux\r\nDate: ";

// The status line, Server and Date.
void begin_head(answer& answer, int status, std::string_view reason) {
  answer.status = status;
  answer.text += "HTTP/1.1 ";
  append_number(answer.text, static_cast<std::uint64_t>(status));
  answer.text += ' ';
  answer.text += reason;
  answer.text += "\r\nServer: flux\r\nDate: ";
  answer.text.resize(answer.text.size() + kDate);
  date.copy_to(answer.text.data() + answer.text.size() - kDate, now());
  answer.text += "\r\n";
}

void end_head(answer& answer, connection connection) {
  if (connection.close) {
    answer.text += "Connection: close\r\n\r\n";
  } else if (connection.keep_alive) {
    answer.text += "Connection: keep-alive\r\n\r\n";
  } else {
    answer.text += "\r\n";
  }
  answer.head_size = answer.text.size();
}

void append_length(std::string& text, std::uint64_t length) {
  text += "Content-Length: ";
  append_number(text, length);
  text += "\r\n";
}

void add_body(answer& answer, const page& page, byte_range part) {
  if (page->file >= 0) {
    answer.source = page;
    answer.offset = static_cast<off_t>(part.first);
    answer.end = static_cast<off_t>(part.first + part.length);
    return;
  }
  const std::string_view body = page->body().substr(part.first, part.length);
  if (body.size() <= kCopied) {
    answer.text += body;
  } else {
    answer.source = page;
    answer.body = body;
  }
}

// All of a page.
void add_whole(answer& answer, const page& page, connection connection, std::time_t time, bool body) {
  answer.status = 200;
  const bool copied = body && page->whole.size() - page->head_size <= kCopied;
  if (!connection.close && !connection.keep_alive) [[likely]] {
    answer.text.assign(page->whole.data(), copied ? page->whole.size() : page->head_size);
    answer.head_size = page->head_size;
  } else {
    answer.text.assign(page->whole.data(), page->head_size - 2);
    end_head(answer, connection);
    if (copied) answer.text += page->body();
  }
  date.copy_to(answer.text.data() + kWholeBegin.size(), time);
  if (body && (!copied || page->file >= 0)) add_body(answer, page, {0, static_cast<std::uint64_t>(page->size)});
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
    {"csv", "text/csv; charset=utf-8"},
    {"xml", "application/xml"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"ico", "image/x-icon"},
    {"pdf", "application/pdf"},
    {"wasm", "application/wasm"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"webm", "video/webm"},
    {"zip", "application/zip"},
    {"gz", "application/gzip"},
});

}  // namespace

void append_number(std::string& text, std::uint64_t number) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text.append(digits.data(), end);
}

reply status_reply(int status, connection connection, std::string_view further, bool body) {
  reply made = reply::make();
  std::string& text = made->text;
  begin_head(*made, status, reason(status));
  text += further;
  if (status == 204) {
    end_head(*made, connection);
    return made;
  }
  std::string page = "<!doctype html><title>";
  std::string name;
  append_number(name, static_cast<std::uint64_t>(status));
  name += ' ';
  name += reason(status);
  page += name + "</title><h1>" + name + "</h1>\n";
  text += "Content-Type: text/html; charset=utf-8\r\n";
  append_length(text, page.size());
  end_head(*made, connection);
  if (body) text += page;
  return made;
}

void begin_cgi_reply(answer& made, const cgi_head& head, connection connection, std::string_view framing) {
  // Without a text of its own, and not one that is known here, there is only the number.
  const std::string_view known = reason(head.status);
  const bool is_known = head.status == 500 || known != reason(500);
  begin_head(made, head.status, !head.reason.empty() ? std::string_view(head.reason) : is_known ? known : std::string_view());
  made.text += head.fields;
  made.text += framing;
  end_head(made, connection);
}

void write_head(contents& made) {
  made.whole = kWholeBegin;
  made.whole.append(kDate, ' ');
  made.whole += "\r\n";
  made.whole += made.type;
  append_length(made.whole, static_cast<std::uint64_t>(made.size));
  made.whole += made.about;
  made.whole += "\r\n";
  made.head_size = made.whole.size();
}

reply page_reply(const page& page, const request_head& head, connection connection, std::int64_t time) {
  byte_range part{0, static_cast<std::uint64_t>(page->size)};
  // Most requests have no condition and want all of it.
  const bool plain = head.range.empty() && head.if_none_match.data() == nullptr && head.if_modified_since.data() == nullptr &&
                     head.if_match.data() == nullptr && head.if_unmodified_since.data() == nullptr;
  const std::time_t second = time / 1000;
  const int status = plain ? 200 : status_for(head, {page->etag, page->modified}, part.length, second, part);
  const bool body = head.method != method::head;

  if (status == 200) {
    reply made = reply::make();
    add_whole(*made, page, connection, second, body);
    return made;
  }

  if (status == 412) return status_reply(status, connection, {}, body);
  if (status == 416) {
    std::string line = "Content-Range: bytes */";
    append_number(line, static_cast<std::uint64_t>(page->size));
    return status_reply(status, connection, line + "\r\n", body);
  }

  reply made = reply::make();
  std::string& text = made->text;
  begin_head(*made, status, reason(status));
  if (status == 206) {
    text += page->type;
    text += "Content-Range: bytes ";
    append_number(text, part.first);
    text += '-';
    append_number(text, part.first + part.length - 1);
    text += '/';
    append_number(text, static_cast<std::uint64_t>(page->size));
    text += "\r\n";
    append_length(text, part.length);
  }
  text += page->about;
  end_head(*made, connection);
  if (status != 304 && body) add_body(*made, page, part);
  return made;
}

std::string_view content_type(std::string_view path) {
  const std::size_t dot = path.find_last_of("./");
  if (dot != std::string_view::npos && path[dot] == '.') {
    const std::string_view name = path.substr(dot + 1);
    for (const ending& known : kTypes) {
      if (equals_ignoring_case(name, known.name)) return known.type;
    }
  }
  return "application/octet-stream";
}

}  // namespace web
