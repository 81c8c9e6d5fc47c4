// The order of RFC 9110, 13.2.2. A condition that cannot be understood is none.
#include "conditions.hpp"

#include <algorithm>
#include <optional>

#include "http_date.hpp"

namespace web {
namespace {

bool is_there(std::string_view condition) noexcept { return condition.data() != nullptr; }

// The value of the next line with this name; `lines` begins with a line. Several lines are one list (RFC 9110, 5.2).
std::string_view next_line_of(std::string_view name, std::string_view lines) noexcept {
  for (;;) {
    const std::size_t colon = std::min(lines.find(':'), lines.size());
    if (equals_ignoring_case(lines.substr(0, colon), name)) return lines.substr(std::min(colon + 1, lines.size()));
    const std::size_t end = lines.find("\r\n");
    if (end == std::string_view::npos) return {};
    lines.remove_prefix(end + 2);
  }
}

// True if the list of entity-tags has `etag`, or is `*`. Commas may stand inside the quotes.
bool lists(std::string_view name, std::string_view list, std::string_view etag, bool weakly) noexcept {
  if (list == "*") return true;
  while (!list.empty()) {
    list = list.substr(std::min(list.find_first_not_of(" \t,"), list.size()));
    if (list.starts_with("\r\n")) {
      list = next_line_of(name, list.substr(2));
      continue;
    }
    const bool weak = list.starts_with("W/");
    if (weak) list.remove_prefix(2);
    if (!list.starts_with('"')) return false;
    const std::size_t end = list.find('"', 1);
    if (end == std::string_view::npos) return false;
    if ((weakly || !weak) && list.substr(0, end + 1) == etag) return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

// 13.1.5: a date counts only if it is a strong validator, so older than a second.
bool unchanged_since(std::string_view if_range, const validators& have, std::time_t now) noexcept {
  if (if_range.starts_with('"')) return if_range == have.etag;
  const std::optional<std::time_t> date = parse_date(if_range, now);
  return date && *date == have.modified && *date < now;
}

std::optional<std::uint64_t> number(std::string_view digits) noexcept {
  if (digits.empty()) return {};
  std::uint64_t value = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return {};
    // No file is as long as that; the digits behind it are only looked at.
    if (value < std::uint64_t{1} << 56) value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return value;
}

// One range is answered with it. Several are answered with all of the file, as 14.2 allows: a server that answers many small ranges of one
// request does much work for little, and their clients (readers of PDF) can ask again for one.
int status_of_range(std::string_view range, std::uint64_t size, byte_range& part) noexcept {
  const std::size_t equals = range.find('=');
  if (equals == std::string_view::npos || !equals_ignoring_case(range.substr(0, equals), "bytes")) return 200;
  const std::string_view one = trimmed(range.substr(equals + 1));
  const std::size_t dash = one.find('-');
  if (dash == std::string_view::npos) return 200;
  const std::optional<std::uint64_t> first = number(one.substr(0, dash));
  const std::optional<std::uint64_t> last = number(one.substr(dash + 1));
  if (dash == 0) {  // the last bytes
    if (!last) return 200;
    if (*last == 0 || size == 0) return 416;
    part.length = std::min(*last, size);
    part.first = size - part.length;
    return 206;
  }
  if (!first || (!last && dash + 1 != one.size()) || (last && *last < *first)) return 200;
  if (*first >= size) return 416;
  part.first = *first;
  part.length = (last && *last < size ? *last + 1 : size) - *first;
  return 206;
}

}  // namespace

int status_for(const request_head& head, const validators& have, std::uint64_t size, std::time_t now, byte_range& part) noexcept {
  if (is_there(head.if_match)) {
    if (!lists("if-match", head.if_match, have.etag, false)) return 412;
  } else if (is_there(head.if_unmodified_since)) {
    const std::optional<std::time_t> date = parse_date(head.if_unmodified_since, now);
    if (date && have.modified > *date) return 412;
  }
  if (is_there(head.if_none_match)) {
    if (lists("if-none-match", head.if_none_match, have.etag, true)) return 304;
  } else if (is_there(head.if_modified_since)) {
    const std::optional<std::time_t> date = parse_date(head.if_modified_since, now);
    if (date && have.modified <= *date) return 304;
  }
  if (head.range.empty() || head.method != method::get) return 200;
  if (is_there(head.if_range) && !unchanged_since(head.if_range, have, now)) return 200;
  return status_of_range(head.range, size, part);
}

}  // namespace web
