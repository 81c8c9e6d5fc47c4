// The head of a request. Strict: what two servers could read in two ways is refused, for one of them may stand before the other.
#include "http_head.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace web {
namespace {

constexpr std::uint8_t kToken = 1;
constexpr std::uint8_t kValue = 2;   // VCHAR, obs-text, space and tab
constexpr std::uint8_t kTarget = 4;  // VCHAR but for `#`
constexpr std::uint8_t kHost = 8;    // unreserved and sub-delims (RFC 3986, 3.2.2)
constexpr std::uint8_t kDigit = 16;
constexpr std::uint8_t kHex = 32;

constexpr std::array<std::uint8_t, 256> classes() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const char c = static_cast<char>(byte);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    const auto is_one_of = [c](std::string_view set) { return set.find(c) != std::string_view::npos; };
    std::uint8_t of = 0;
    if (letter || digit || is_one_of("!#$%&'*+-.^_`|~")) of |= kToken;
    if (byte >= 0x20 ? byte != 0x7f : c == '\t') of |= kValue;
    if (byte > 0x20 && byte < 0x7f && c != '#') of |= kTarget;
    if (letter || digit || is_one_of("-._~!$&'()*+,;=")) of |= kHost;
    if (digit) of |= kDigit;
    if (digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) of |= kHex;
    table[byte] = of;
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> kClasses = classes();

bool is(char byte, std::uint8_t of) noexcept { return (kClasses[static_cast<unsigned char>(byte)] & of) != 0; }

std::size_t span_of(std::string_view text, std::uint8_t of) noexcept {
  std::size_t length = 0;
  while (length < text.size() && is(text[length], of)) ++length;
  return length;
}

// The first byte from `at` on that is no part of a value: a control character other than a tab. Looks at eight bytes at a time, since
// nearly all of a head is values. REQUIRES: there is one before `end`.
const char* value_end(const char* at, const char* end) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  for (; end - at >= 8; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    const std::uint64_t below_space = (word - kOnes * 0x20) & ~word;
    const std::uint64_t not_delete = word ^ (kOnes * 0x7f);
    const std::uint64_t is_delete = (not_delete - kOnes) & ~not_delete;
    // Tabs are below space too, and borrows may report a byte that is innocent, never the other way round: then each is looked at.
    if (((below_space | is_delete) & kHighs) == 0) continue;
    for (const char* each = at; each != at + 8; ++each) {
      if (!is(*each, kValue)) return each;
    }
  }
  while (is(*at, kValue)) ++at;
  return at;
}

// host [":" port] (RFC 9110, 7.2). Empty where the client's URI has no host.
bool is_host(std::string_view text) noexcept {
  std::size_t end = 0;
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    std::array<char, 48> address{};
    if (bracket == std::string_view::npos || bracket - 1 >= address.size()) return false;
    text.copy(address.data(), bracket - 1, 1);
    in6_addr parsed;
    if (::inet_pton(AF_INET6, address.data(), &parsed) != 1) return false;
    end = bracket + 1;
  } else {
    end = span_of(text, kHost);
    while (end < text.size() && text[end] == '%') {
      if (end + 2 >= text.size() || !is(text[end + 1], kHex) || !is(text[end + 2], kHex)) return false;
      end += 3;
      end += span_of(text.substr(end), kHost);
    }
  }
  if (end == text.size()) return true;
  return text[end] == ':' && span_of(text.substr(end + 1), kDigit) == text.size() - end - 1;
}

method method_of(std::string_view name) noexcept {
  if (name == "GET") return method::get;
  if (name == "HEAD") return method::head;
  if (name == "OPTIONS") return method::options;
  for (const std::string_view known : {"POST", "PUT", "DELETE", "CONNECT", "TRACE", "PATCH"}) {
    if (name == known) return method::refused;
  }
  return method::unknown;
}

// Splits the target into path and query. Returns 0 or a status.
int split_target(request_head& head) noexcept {
  std::string_view rest = head.target;
  if (rest == "*") return head.method == method::options ? 0 : 400;
  if (!rest.starts_with('/')) {
    const std::size_t scheme = rest.find("://");
    // What CONNECT names is no path, and it is refused whatever it names.
    if (scheme == std::string_view::npos) return head.method == method::refused && is_host(rest) ? 0 : 400;
    const std::string_view name = rest.substr(0, scheme);
    rest.remove_prefix(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.empty() || authority.starts_with(':') || !is_host(authority)) return 400;
    if (!equals_ignoring_case(name, "http")) return is_token(name) ? 421 : 400;
    rest.remove_prefix(authority.size());
  }
  const std::size_t question = rest.find('?');
  head.path = rest.substr(0, question);
  if (head.path.empty()) head.path = "/";
  if (question != std::string_view::npos) head.query = rest.substr(question);
  return 0;
}

// method SP target SP HTTP/1.x CRLF, from `at` on, which is then behind it. REQUIRES: a CRLF comes before `end`.
int parse_line(const char*& at, const char* end, request_head& head) noexcept {
  const char* const begin = at;
  while (is(*at, kToken)) ++at;
  if (at == begin || *at != ' ') return 400;
  head.method = method_of({begin, at});

  const char* const target = ++at;
  while (is(*at, kTarget)) ++at;
  if (at == target) return 400;
  head.target = {target, at};
  if (head.target.size() > kMaxTarget) return 414;
  // Without a version it is HTTP/0.9.
  if (*at == '\r') return *target == '/' && at[1] == '\n' ? 505 : 400;

  const std::string_view version(at, std::min<std::size_t>(11, static_cast<std::size_t>(end - at)));
  if (version.size() < 11 || !version.starts_with(" HTTP/") || !is(version[6], kDigit) || version[7] != '.' || !is(version[8], kDigit) || !version.ends_with("\r\n")) return 400;
  if (version[6] != '1') return 505;
  head.http_1_0 = version[8] == '0';
  head.keep_alive = !head.http_1_0;
  head.line = {begin, at + 9};
  at += 11;
  return split_target(head);
}

// What was seen of fields that may come once.
struct seen {
  bool host = false;
  bool content_length = false;
  bool transfer_encoding = false;
  bool other_coding = false;
  bool chunked = false;       // it was named, and is the last that was
  bool chunked_early = false;  // it was named, and not last
  bool range = false;
  bool close = false;
};

int parse_content_length(std::string_view value, seen& seen, request_head& head) noexcept {
  // Two are refused also where they are the same (RFC 9112, 6.3).
  if (seen.content_length || value.empty()) return 400;
  seen.content_length = true;
  std::uint64_t length = 0;
  for (const char digit : value) {
    if (!is(digit, kDigit)) return 400;
    // So much is too much for every limit; the digits behind it are only looked at.
    if (length < std::uint64_t{1} << 56) length = length * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  head.content_length = length;
  return 0;
}

// Several lines are one list.
void parse_transfer_encoding(std::string_view value, seen& seen) noexcept {
  seen.transfer_encoding = true;
  std::string_view element;
  while (next_element(value, element)) {
    seen.chunked_early = seen.chunked_early || seen.chunked;
    seen.chunked = equals_ignoring_case(element, "chunked");
    seen.other_coding = seen.other_coding || !seen.chunked;
  }
}

void parse_connection(std::string_view value, seen& seen, request_head& head) noexcept {
  std::string_view element;
  while (next_element(value, element)) {
    if (equals_ignoring_case(element, "close")) seen.close = true;
    if (equals_ignoring_case(element, "keep-alive")) head.keep_alive = true;
  }
}

void take_condition(std::string_view value, std::string_view& condition) noexcept {
  const char* const begin = condition.data() == nullptr ? value.data() : condition.data();
  condition = std::string_view(begin, static_cast<std::size_t>(value.data() + value.size() - begin));
}

// Most fields are of no interest, and the length of their names says so.
int take_field(std::string_view name, std::string_view value, seen& seen, request_head& head) noexcept {
  switch (name.size()) {
    case 4:
      if (!equals_ignoring_case(name, "host")) return 0;
      if (seen.host || !is_host(value)) return 400;
      seen.host = true;
      return 0;
    case 5:
      if (!equals_ignoring_case(name, "range")) return 0;
      // Two are no range at all.
      head.range = seen.range ? std::string_view() : value;
      seen.range = true;
      return 0;
    case 6:
      if (equals_ignoring_case(name, "expect")) {
        const bool known = equals_ignoring_case(value, "100-continue") && head.expect != expectation::other;
        head.expect = known ? expectation::proceed : expectation::other;
      }
      return 0;
    case 7:
      if (equals_ignoring_case(name, "referer")) head.referer = value;
      return 0;
    case 8:
      if (equals_ignoring_case(name, "if-range")) take_condition(value, head.if_range);
      if (equals_ignoring_case(name, "if-match")) take_condition(value, head.if_match);
      return 0;
    case 10:
      if (equals_ignoring_case(name, "connection")) parse_connection(value, seen, head);
      if (equals_ignoring_case(name, "user-agent")) head.user_agent = value;
      return 0;
    case 13:
      if (equals_ignoring_case(name, "if-none-match")) take_condition(value, head.if_none_match);
      return 0;
    case 14: return equals_ignoring_case(name, "content-length") ? parse_content_length(value, seen, head) : 0;
    case 17:
      if (equals_ignoring_case(name, "if-modified-since")) take_condition(value, head.if_modified_since);
      if (equals_ignoring_case(name, "transfer-encoding")) parse_transfer_encoding(value, seen);
      return 0;
    case 19:
      if (equals_ignoring_case(name, "if-unmodified-since")) take_condition(value, head.if_unmodified_since);
      return 0;
    default: return 0;
  }
}

}  // namespace

bool is_token_byte(char byte) noexcept { return is(byte, kToken); }
bool is_value_byte(char byte) noexcept { return is(byte, kValue); }
bool is_token(std::string_view text) noexcept { return !text.empty() && span_of(text, kToken) == text.size(); }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    if ((byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte) != lower[i]) return false;
  }
  return true;
}

bool next_element(std::string_view& rest, std::string_view& element) noexcept {
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    element = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (!element.empty()) return true;
  }
  return false;
}

int check_line(std::string_view line) noexcept {
  request_head head;
  const char* at = line.data();
  return parse_line(at, at + line.size(), head);
}

int parse_head(std::string_view bytes, request_head& head) noexcept {
  head = {};
  seen seen;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  if (const int refused = parse_line(at, end, head); refused != 0) return refused;

  while (*at != '\r' || at[1] != '\n') {
    // White space at the beginning would fold the line into the one before (obs-fold), or hide it; before the colon it would hide a name.
    const char* const name = at;
    while (is(*at, kToken)) ++at;
    if (at == name || *at != ':') return 400;
    const std::string_view field(name, at);
    ++at;
    while (*at == ' ' || *at == '\t') ++at;
    const char* const value = at;
    at = value_end(at, end);
    const char* back = at;
    while (back != value && (back[-1] == ' ' || back[-1] == '\t')) --back;
    // A bare CR or LF is refused like every other control character.
    if (at[0] != '\r' || at[1] != '\n') return 400;
    at += 2;
    if (const int refused = take_field(field, {value, back}, seen, head); refused != 0) return refused;
  }

  if (!head.http_1_0 && !seen.host) return 400;
  // Both, or chunks from a client of HTTP/1.0: who forwarded it may have seen another end (RFC 9112, 6.1).
  if (seen.transfer_encoding && (seen.content_length || head.http_1_0)) return 400;
  if (seen.transfer_encoding) {
    // Without `chunked` at the end nobody knows where the body ends (6.3); with another before it, it is a coding that this server does not
    // have (6.1).
    if (!seen.chunked || seen.chunked_early) return 400;
    if (seen.other_coding) return 501;
    head.framing = framing::chunked;
  }
  if (head.content_length > 0) head.framing = framing::length;
  if (seen.close) head.keep_alive = false;
  if (head.http_1_0) head.expect = expectation::none;
  return 0;
}

}  // namespace web
