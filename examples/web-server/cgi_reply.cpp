// The head of a CGI reply. Strict: what a program, or who talks through it, cannot have meant as one field is not passed on as two.
#include "cgi_reply.hpp"

#include <algorithm>
#include <array>

#include "http_head.hpp"

namespace web {
namespace {

// About the connection to this server (RFC 9110, 7.6.1), or said by this server itself.
constexpr std::array<std::string_view, 11> kDropped = {"connection",        "keep-alive", "proxy-connection", "te",     "trailer", "transfer-encoding",
                                                       "upgrade",           "date",       "server",           "status", "content-length"};

// The next line, without its end. `rest` is what stands behind it.
std::string_view next_line(std::string_view& rest) noexcept {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// False where it is no field.
bool split(std::string_view line, std::string_view& name, std::string_view& value) noexcept {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  name = line.substr(0, colon);
  value = trimmed(line.substr(colon + 1));
  return is_token(name) && std::all_of(value.begin(), value.end(), is_value_byte);
}

bool same_name(std::string_view left, std::string_view right) noexcept {
  const auto lower = [](char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](char one, char other) { return lower(one) == lower(other); });
}

bool is_named_in(std::string_view list, std::string_view name) noexcept {
  for (std::string_view element; next_element(list, element);) {
    if (same_name(element, name)) return true;
  }
  return false;
}

// `404 Not Found`. 1xx is no answer.
bool take_status(std::string_view value, cgi_head& head) {
  if (value.size() < 3 || (value.size() > 3 && value[3] != ' ')) return false;
  int status = 0;
  for (const char digit : value.substr(0, 3)) {
    if (digit < '0' || digit > '9') return false;
    status = status * 10 + (digit - '0');
  }
  if (status < 200 || status > 599) return false;
  head.status = status;
  head.reason = trimmed(value.substr(3));
  return true;
}

bool take_length(std::string_view value, cgi_head& head) noexcept {
  if (head.length || value.empty() || value.size() > 18) return false;
  std::uint64_t length = 0;
  for (const char digit : value) {
    if (digit < '0' || digit > '9') return false;
    length = length * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  head.length = length;
  return true;
}

}  // namespace

std::size_t cgi_head_end(std::string_view bytes, std::size_t from) noexcept {
  for (std::size_t at = bytes.find('\n', from); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    const std::string_view before = bytes.substr(0, at);
    if (before.empty() || before == "\r" || before.ends_with('\n') || before.ends_with("\n\r")) return at + 1;
  }
  return std::string_view::npos;
}

bool parse_cgi_head(std::string_view bytes, cgi_head& head) {
  head = {};
  std::string named;  // in Connection: about the connection too
  std::size_t fields = 0;
  bool has_status = false;
  bool moved = false;
  std::string_view name;
  std::string_view value;
  for (std::string_view rest = bytes;;) {
    const std::string_view line = next_line(rest);
    if (line.empty()) break;
    if (!split(line, name, value)) return false;
    ++fields;
    if (equals_ignoring_case(name, "status")) {
      if (has_status || !take_status(value, head)) return false;
      has_status = true;
    } else if (equals_ignoring_case(name, "content-length")) {
      if (!take_length(value, head)) return false;
    } else if (equals_ignoring_case(name, "connection")) {
      named.append(value).append(",");
    } else if (equals_ignoring_case(name, "location")) {
      if (moved) return false;
      moved = true;
    }
  }
  if (fields == 0) return false;
  // A program that says where to go need not say that this is a redirection (RFC 3875, 6.2.3).
  if (moved && !has_status) head.status = 302;

  for (std::string_view rest = bytes;;) {
    const std::string_view line = next_line(rest);
    if (line.empty()) break;
    static_cast<void>(split(line, name, value));
    const bool dropped = std::any_of(kDropped.begin(), kDropped.end(), [&](std::string_view known) { return equals_ignoring_case(name, known); });
    if (dropped || is_named_in(named, name)) continue;
    head.fields.append(name).append(": ").append(value).append("\r\n");
  }
  return true;
}

}  // namespace web
