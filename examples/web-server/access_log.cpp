// The access log in the combined format that log readers know, and the nodes of web-server.flux that write it.
#include "access_log.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <utility>

#include "http_date.hpp"
#include "web_server.h"

namespace web {

access_log log;

void access_log::open(const char* name) {
  const bool standard = std::string_view(name) == "-";
  file_ = standard ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) : ::open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), std::string("cannot write the access log ") + name);
}

void access_log::add(std::string_view line) {
  lines_ += line;
  if (lines_.size() <= kMost) return;
  write(lines_);
  lines_.clear();
}

void access_log::write(std::string_view lines) noexcept {
  while (!lines.empty()) {
    const ssize_t length = ::write(file_, lines.data(), lines.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) {
      if (!std::exchange(failed_, true)) std::fprintf(stderr, "web-server: cannot write the access log: %s\n", std::generic_category().message(errno).c_str());
      return;
    }
    lines.remove_prefix(static_cast<std::size_t>(length));
  }
}

namespace {

// As nginx writes it: what could end the quotes or the line is `\xHH`.
void append_quoted(std::string& line, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  line += '"';
  if (text.empty()) line += '-';
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code > 0x7e || byte == '"' || byte == '\\') {
      line += "\\x";
      line += kDigits[code / 16];
      line += kDigits[code % 16];
    } else {
      line += byte;
    }
  }
  line += '"';
}

// `06/Nov/1994:08:49:37 +0000`, of `Sun, 06 Nov 1994 08:49:37 GMT`.
void append_log_date(std::string& line) {
  std::string date;
  append_date(date, now());
  line.append(date, 5, 2).append("/").append(date, 8, 3).append("/").append(date, 12, 4).append(":").append(date, 17, 8).append(" +0000");
}

}  // namespace

void append_address(std::string& line, int client) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* known = nullptr;
  if (::getpeername(client, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    if (address.ss_family == AF_INET) known = ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in&>(address).sin_addr, text.data(), text.size());
    if (address.ss_family == AF_INET6) known = ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6&>(address).sin6_addr, text.data(), text.size());
  }
  line += known != nullptr ? known : "-";
}

}  // namespace web

int AppendToLog(web::client&, web::input&, web::request& request, web::reply& reply) {
  std::string line = reply->client;
  line += " - - [";
  web::append_log_date(line);
  line += "] ";
  web::append_quoted(line, request->head.line);
  line += ' ';
  web::append_number(line, static_cast<std::uint64_t>(reply->status));
  line += ' ';
  web::append_number(line, reply->content_sent());
  line += ' ';
  web::append_quoted(line, request->head.referer);
  line += ' ';
  web::append_quoted(line, request->head.user_agent);
  line += '\n';
  web::log.add(line);
  return 0;
}

int TakeLog() {
  web::log.take();
  return 0;
}

int WriteLog() {
  web::log.write();
  return 0;
}
