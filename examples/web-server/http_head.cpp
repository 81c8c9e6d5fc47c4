// The head of a request. Strict: what two servers could read in two ways is refused, for one of them may stand before the other.
#include "http_head.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

namespace web {
namespace {

constexpr std::uint8_t kToken = 1;
constexpr std::uint8_t kValue = 2;   // VCHAR, obs-text, space and tab
constexpr std::uint8_t kTarget = 4;  // VCHAR but for `#`
constexpr std::uint8_t kHost = 8;    // unreserved and sub-delims (RFC 3986, 3.2.2)
constexpr std::uint8_t kDigit = 16;
constexpr std::uint8_t kHex = 32;
constexpr std::uint8_t kPlain = 64;  // of a path, wherever it stands: kTarget but for `%`, `?` and `.`

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
    if ((of & kTarget) != 0 && !is_one_of("%?.")) of |= kPlain;
    if (digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) of |= kHex;
    table[byte] = of;
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> kClasses = classes();

bool is(char byte, std::uint8_t of) noexcept { return (kClasses[static_cast<unsigned char>(byte)] & of) != 0; }

// The end of the bytes of one class that begin at `at`. Looks for no end of the text, since every part of a head has a byte behind it that is
// of none of the classes of that part. REQUIRES: so it is.
const char* span_end(const char* at, std::uint8_t of) noexcept {
  while (is(*at, of)) ++at;
  return at;
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
    const std::uint64_t found = (below_space | is_delete) & kHighs;
    if (found == 0) continue;
    // Borrows may report a byte that is innocent, but only behind one that is not: the first is right. Tabs are below space too.
    if constexpr (std::endian::native == std::endian::little) at += std::countr_zero(found) / 8;
    if (*at != '\t') break;
    at -= 7;
  }
  while (is(*at, kValue)) ++at;
  return at;
}

// The end of a name and port that begin at `at`, or nothing where none ends.
const char* named_host_end(const char* at) noexcept {
  at = span_end(at, kHost);
  while (*at == '%') {
    if (!is(at[1], kHex) || !is(at[2], kHex)) return nullptr;
    at = span_end(at + 3, kHost);
  }
  return *at == ':' ? span_end(at + 1, kDigit) : at;
}

// host [":" port] (RFC 9110, 7.2). Empty where the client's URI has no host. REQUIRES: a space, a tab, a slash, `?` or CR comes behind it.
bool is_host(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    std::array<char, 48> address{};
    if (bracket == std::string_view::npos || bracket - 1 >= address.size()) return false;
    text.copy(address.data(), bracket - 1, 1);
    in6_addr parsed;
    if (::inet_pton(AF_INET6, address.data(), &parsed) != 1) return false;
    at += bracket + 1;
    if (*at == ':') at = span_end(at + 1, kDigit);
    return at == end;
  }
  return named_host_end(at) == end;
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

// SP HTTP/1.x CRLF, from `at` on, which is then behind it. Returns 0 or a status.
int parse_version(const char*& at, const char* end, request_head& head) noexcept {
  const std::string_view version(at, std::min<std::size_t>(11, static_cast<std::size_t>(end - at)));
  if (version != " HTTP/1.1\r\n") [[unlikely]] {
    if (version.size() < 11 || !version.starts_with(" HTTP/") || !is(version[6], kDigit) || version[7] != '.' || !is(version[8], kDigit) || !version.ends_with("\r\n")) return 400;
    if (version[6] != '1') return 505;
    head.http_1_0 = version[8] == '0';
  }
  head.keep_alive = !head.http_1_0;
  at += 11;
  return 0;
}

// method SP target SP HTTP/1.x CRLF, from `at` on, which is then behind it. REQUIRES: a CRLF comes before `end`.
int parse_line(const char*& at, const char* end, request_head& head) noexcept {
  const char* const begin = at;
  if (end - at > 4 && std::memcmp(at, "GET ", 4) == 0) [[likely]] {
    head.method = method::get;
    at += 3;
  } else {
    at = span_end(at, kToken);
    if (at == begin || *at != ' ') return 400;
    head.method = method_of({begin, at});
  }

  const char* const target = ++at;
  while (is(*at, kPlain) || (*at == '.' && at[-1] != '/')) ++at;
  const char* const plain_end = at;
  at = span_end(at, kTarget);
  if (at == target) return 400;
  head.target = {target, at};
  if (head.target.size() > kMaxTarget) return 414;
  // Without a version it is HTTP/0.9.
  if (*at == '\r') return *target == '/' && at[1] == '\n' ? 505 : 400;
  if (const int refused = parse_version(at, end, head); refused != 0) return refused;
  head.line = {begin, at - 2};

  const char* const target_end = target + head.target.size();
  if (*target != '/' || (plain_end != target_end && *plain_end != '?')) return split_target(head);
  head.path = {target, plain_end};
  head.query = {plain_end, target_end};
  head.path_is_plain = true;
  return 0;
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

template <typename Word>
bool same_but_case(const char* text, const char* lower) noexcept {
  Word left;
  Word right;
  std::memcpy(&left, text, sizeof left);
  std::memcpy(&right, lower, sizeof right);
  return (left | static_cast<Word>(0x2020202020202020)) == right;
}

// True if a token is `lower`, in whatever case. One bit tells a small letter from a large one, and no other byte of a token becomes a letter
// or a hyphen by that bit. REQUIRES: `lower` is made of small letters and hyphens, at least four; the token is as long.
template <std::size_t Size>
bool is_name(std::string_view token, const char (&lower)[Size]) noexcept {
  constexpr std::size_t length = Size - 1;
  using word = std::conditional_t<length >= 8, std::uint64_t, std::uint32_t>;
  std::size_t at = 0;
  for (; at + sizeof(word) <= length; at += sizeof(word)) {
    if (!same_but_case<word>(token.data() + at, lower + at)) return false;
  }
  return at == length || same_but_case<word>(token.data() + length - sizeof(word), lower + length - sizeof(word));
}

// Most fields are of no interest, and the length of their names says so.
int take_field(std::string_view name, std::string_view value, seen& seen, request_head& head) noexcept {
  switch (name.size()) {
    case 4:
      if (!is_name(name, "host")) return 0;
      if (seen.host || !is_host(value)) return 400;
      seen.host = true;
      return 0;
    case 5:
      if (!is_name(name, "range")) return 0;
      // Two are no range at all.
      head.range = seen.range ? std::string_view() : value;
      seen.range = true;
      return 0;
    case 6:
      if (is_name(name, "expect")) {
        const bool known = equals_ignoring_case(value, "100-continue") && head.expect != expectation::other;
        head.expect = known ? expectation::proceed : expectation::other;
      }
      return 0;
    case 7:
      if (is_name(name, "referer")) head.referer = value;
      return 0;
    case 8:
      if (is_name(name, "if-range")) take_condition(value, head.if_range);
      if (is_name(name, "if-match")) take_condition(value, head.if_match);
      return 0;
    case 10:
      if (is_name(name, "connection")) parse_connection(value, seen, head);
      if (is_name(name, "user-agent")) head.user_agent = value;
      return 0;
    case 13:
      if (is_name(name, "if-none-match")) take_condition(value, head.if_none_match);
      return 0;
    case 14: return is_name(name, "content-length") ? parse_content_length(value, seen, head) : 0;
    case 17:
      if (is_name(name, "if-modified-since")) take_condition(value, head.if_modified_since);
      if (is_name(name, "transfer-encoding")) parse_transfer_encoding(value, seen);
      return 0;
    case 19:
      if (is_name(name, "if-unmodified-since")) take_condition(value, head.if_unmodified_since);
      return 0;
    default: return 0;
  }
}

}  // namespace

bool is_token_byte(char byte) noexcept { return is(byte, kToken); }
bool is_value_byte(char byte) noexcept { return is(byte, kValue); }
bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) { return is(byte, kToken); });
}

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

int parse_head(std::string_view bytes, request_head& head, std::size_t& length) noexcept {
  head = {};
  seen seen;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  if (const int refused = parse_line(at, end, head); refused != 0) return refused;

  while (*at != '\r' || at[1] != '\n') {
    // White space at the beginning would fold the line into the one before (obs-fold), or hide it; before the colon it would hide a name.
    const char* const name = at;
    at = span_end(at, kToken);
    if (at == name || *at != ':') return 400;
    const std::string_view field(name, at);
    ++at;
    while (*at == ' ' || *at == '\t') ++at;
    const char* const value = at;
    // Every request has one, so it is read once: not to find its end, and then again.
    if (field.size() == 4 && !seen.host && is_name(field, "host")) {
      const char* const host_end = named_host_end(at);
      if (host_end != nullptr && host_end[0] == '\r' && host_end[1] == '\n') {
        seen.host = true;
        at = host_end + 2;
        continue;
      }
    }
    at = value_end(at, end);
    const char* back = at;
    while (back != value && (back[-1] == ' ' || back[-1] == '\t')) --back;
    // A bare CR or LF is refused like every other control character.
    if (at[0] != '\r' || at[1] != '\n') return 400;
    at += 2;
    if (const int refused = take_field(field, {value, back}, seen, head); refused != 0) return refused;
  }

  length = static_cast<std::size_t>(at + 2 - bytes.data());

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
