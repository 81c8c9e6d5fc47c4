// Dates. gmtime_r and strptime would take locks that every thread shares, and look at the locale.
#include "http_date.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace web {
namespace {

constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

void append_two(std::string& text, unsigned number) {
  text += static_cast<char>('0' + number / 10 % 10);
  text += static_cast<char>('0' + number % 10);
}

// Takes a date apart from the front; `failed` stays true once something else stood there.
struct reader {
  std::string_view rest;
  bool failed = false;

  void literal(std::string_view text) noexcept {
    failed = failed || !rest.starts_with(text);
    if (!failed) rest.remove_prefix(text.size());
  }

  int number(std::size_t digits) noexcept {
    if (failed || rest.size() < digits) {
      failed = true;
      return 0;
    }
    int value = 0;
    for (const char digit : rest.substr(0, digits)) {
      if (digit < '0' || digit > '9') failed = true;
      value = value * 10 + (digit - '0');
    }
    rest.remove_prefix(digits);
    return value;
  }

  // 1 for the first of `names`, which have three letters each.
  int name(std::string_view names) noexcept {
    const std::string_view word = rest.substr(0, 3);
    for (std::size_t at = 0; word.size() == 3 && at < names.size(); at += 3) {
      if (names.substr(at, 3) != word) continue;
      rest.remove_prefix(3);
      return static_cast<int>(at / 3) + 1;
    }
    failed = true;
    return 0;
  }
};

struct parts {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

void read_clock(reader& from, parts& date) noexcept {
  date.hour = from.number(2);
  from.literal(":");
  date.minute = from.number(2);
  from.literal(":");
  date.second = from.number(2);
}

int year_of(std::time_t when) noexcept {
  using namespace std::chrono;
  return static_cast<int>(year_month_day(floor<days>(sys_seconds{seconds(when)})).year());
}

}  // namespace

void append_date(std::string& text, std::time_t when) {
  using namespace std::chrono;
  const sys_seconds time{seconds(when)};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  text += kDays.substr(3 * weekday(day).c_encoding(), 3);
  text += ", ";
  append_two(text, unsigned(date.day()));
  text += ' ';
  text += kMonths.substr(3 * (unsigned(date.month()) - 1), 3);
  text += ' ';
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  append_two(text, year / 100);
  append_two(text, year % 100);
  text += ' ';
  append_two(text, static_cast<unsigned>(clock.hours().count()));
  text += ':';
  append_two(text, static_cast<unsigned>(clock.minutes().count()));
  text += ':';
  append_two(text, static_cast<unsigned>(clock.seconds().count()));
  text += " GMT";
}

std::optional<std::time_t> parse_date(std::string_view text, std::time_t now) noexcept {
  using namespace std::chrono;
  reader from{text};
  parts date;
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {  // asctime
    from.name(kDays);
    from.literal(" ");
    date.month = from.name(kMonths);
    from.literal(" ");
    if (from.rest.starts_with(' ')) {
      from.literal(" ");
      date.day = from.number(1);
    } else {
      date.day = from.number(2);
    }
    from.literal(" ");
    read_clock(from, date);
    from.literal(" ");
    date.year = from.number(4);
  } else if (comma == 3) {
    from.name(kDays);
    from.literal(", ");
    date.day = from.number(2);
    from.literal(" ");
    date.month = from.name(kMonths);
    from.literal(" ");
    date.year = from.number(4);
    from.literal(" ");
    read_clock(from, date);
    from.literal(" GMT");
  } else {  // RFC 850: the day's name is written out, the year is not
    constexpr std::array<std::string_view, 7> kLongDays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    bool known = false;
    for (const std::string_view day : kLongDays) known = known || day == text.substr(0, comma);
    if (!known) return {};
    from.rest.remove_prefix(comma);
    from.literal(", ");
    date.day = from.number(2);
    from.literal("-");
    date.month = from.name(kMonths);
    from.literal("-");
    const int this_year = year_of(now);
    date.year = this_year / 100 * 100 + from.number(2);
    if (date.year > this_year + 50) date.year -= 100;
    from.literal(" ");
    read_clock(from, date);
    from.literal(" GMT");
  }
  const year_month_day day{year(date.year), month(static_cast<unsigned>(date.month)), std::chrono::day(static_cast<unsigned>(date.day))};
  // 60: a leap second.
  if (from.failed || !from.rest.empty() || !day.ok() || date.hour > 23 || date.minute > 59 || date.second > 60) return {};
  return (sys_days(day) + hours(date.hour) + minutes(date.minute) + seconds(date.second)).time_since_epoch().count();
}

std::int64_t milliseconds() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace web
