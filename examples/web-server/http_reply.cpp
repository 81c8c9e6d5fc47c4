// Replies: how a head is written (RFC 9110). The lines of a page are there already; what is added is the status and the date.
#include "http_reply.hpp"

#include <array>
#include <charconv>
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
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Internal Server Error";
  }
}

// The Server and Date lines, written once a second by each thread.
struct dated_lines {
  static constexpr std::string_view kBegin = "\r\nServer: flux\r\nDate: ";
  static constexpr std::size_t kDate = 29;  // bytes of a date

  std::time_t second;
  char text[kBegin.size() + kDate + 2];

  std::string_view now() {
    const std::time_t time = web::now();
    if (time != second) {
      std::string lines(kBegin);
      append_date(lines, time);
      lines += "\r\n";
      lines.copy(text, sizeof text);
      second = time;
    }
    return {text, sizeof text};
  }
};

constinit thread_local dated_lines dated{};

// The status line, Server and Date.
void begin_head(answer& answer, int status) {
  answer.status = status;
  if (status == 200) {
    answer.text += "HTTP/1.1 200 OK";
  } else {
    answer.text += "HTTP/1.1 ";
    append_number(answer.text, static_cast<std::uint64_t>(status));
    answer.text += ' ';
    answer.text += reason(status);
  }
  answer.text += dated.now();
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
  const std::string_view body = std::string_view(page->body).substr(part.first, part.length);
  if (body.size() <= kCopied) {
    answer.text += body;
  } else {
    answer.source = page;
    answer.body = body;
  }
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

void answer::clear() noexcept {
  status = 0;
  text.clear();
  body = {};
  source.reset();
  offset = 0;
  end = 0;
  head_size = 0;
  sent = 0;
  from_file = 0;
  copies = false;
  broken = false;
  client.clear();
}

reply status_reply(int status, connection connection, std::string_view further, bool body) {
  reply made = reply::make();
  std::string& text = made->text;
  begin_head(*made, status);
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

reply page_reply(const page& page, const request_head& head, connection connection) {
  byte_range part{0, static_cast<std::uint64_t>(page->size)};
  // Most requests have no condition and want all of it.
  const bool plain = head.range.empty() && head.if_none_match.data() == nullptr && head.if_modified_since.data() == nullptr &&
                     head.if_match.data() == nullptr && head.if_unmodified_since.data() == nullptr;
  const int status = plain ? 200 : status_for(head, {page->etag, page->modified}, part.length, now(), part);
  const bool body = head.method != method::head;

  if (status == 412) return status_reply(status, connection, {}, body);
  if (status == 416) {
    std::string line = "Content-Range: bytes */";
    append_number(line, static_cast<std::uint64_t>(page->size));
    return status_reply(status, connection, line + "\r\n", body);
  }

  reply made = reply::make();
  std::string& text = made->text;
  begin_head(*made, status);
  if (status == 200) {
    text += page->whole;
  } else {
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
  }
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
