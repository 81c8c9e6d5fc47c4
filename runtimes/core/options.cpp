// Reads `--flux-…` arguments: `--flux-drain 5s` and `--flux-drain=5s` are the same.
#include "core/options.hpp"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/report.hpp"

namespace flux::core {
namespace {

constexpr std::string_view kPrefix = "--flux-";
constexpr std::size_t kMostOptions = 32;

// A unit of a number: what follows its digits, and what it is multiplied with.
struct unit {
  std::string_view suffix;
  std::int64_t factor;
};

constexpr unit kDurations[] = {{"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"", 1'000'000'000}};
constexpr unit kBytes[] = {{"", 1}, {"k", 1 << 10}, {"K", 1 << 10}, {"m", 1 << 20}, {"M", 1 << 20}};
constexpr unit kPlain[] = {{"", 1}};

bool read_number(std::string_view text, std::span<const unit> units, std::int64_t& number) noexcept {
  std::size_t digits = 0;
  std::int64_t value = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text[digits] - '0', &value)) return false;
  }
  if (digits == 0) return false;
  for (const unit& each : units) {
    if (each.suffix == text.substr(digits)) return !__builtin_mul_overflow(value, each.factor, &number);
  }
  return false;
}

const char* expected(option::kind what) noexcept {
  switch (what) {
    case option::kind::count:
      return "a number from 1";
    case option::kind::bytes:
      return "a size such as 256k";
    case option::kind::duration:
      return "a duration such as 500ms, 10s or 2m";
    case option::kind::port:
      return "a port from 0 to 65535";
    case option::kind::text:
      break;
  }
  return "a value";
}

bool store(const option& chosen, const char* value) noexcept {
  if (chosen.what == option::kind::text) {
    *static_cast<const char**>(chosen.target) = value;
    return *value != '\0';
  }
  std::int64_t number = 0;
  const std::span<const unit> units = chosen.what == option::kind::duration ? std::span<const unit>(kDurations)
                                      : chosen.what == option::kind::bytes  ? std::span<const unit>(kBytes)
                                                                            : std::span<const unit>(kPlain);
  if (!read_number(value, units, number)) return false;
  if (chosen.what == option::kind::port && number > 65535) return false;
  if (chosen.what == option::kind::count && (number < 1 || number > std::numeric_limits<std::int32_t>::max())) return false;
  *static_cast<std::int64_t*>(chosen.target) = number;
  return true;
}

// Edits that turn one name into the other: insertions, deletions, replacements. Names longer than 63 count as far apart.
std::size_t distance(std::string_view a, std::string_view b) noexcept {
  constexpr std::size_t kLongest = 63;
  if (a.size() > kLongest || b.size() > kLongest) return kLongest;
  std::size_t row[kLongest + 1];
  for (std::size_t column = 0; column <= b.size(); ++column) row[column] = column;
  for (std::size_t line = 1; line <= a.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line;
    for (std::size_t column = 1; column <= b.size(); ++column) {
      const std::size_t replaced = diagonal + (a[line - 1] == b[column - 1] ? 0 : 1);
      diagonal = row[column];
      const std::size_t moved = (row[column] < row[column - 1] ? row[column] : row[column - 1]) + 1;
      row[column] = replaced < moved ? replaced : moved;
    }
  }
  return row[b.size()];
}

void report_unknown(std::string_view name, std::span<const option> options) noexcept {
  const char* nearest = "--flux-help";
  std::size_t best = distance(name, nearest);
  for (const option& each : options) {
    const std::size_t found = distance(name, each.name);
    if (found < best) {
      best = found;
      nearest = each.name;
    }
  }
  const int size = static_cast<int>(name.size());
  if (best <= 3) {
    report("unknown option %.*s: did you mean %s?", size, name.data(), nearest);
  } else {
    report("unknown option %.*s: --flux-help lists those there are", size, name.data());
  }
}

void print_help(const char* program, std::span<const option> options) noexcept {
  std::printf("Options that the runtime of %s takes; all others go to the program.\n\n", program);
  for (const option& each : options) {
    char usage[64];
    std::snprintf(usage, sizeof usage, "%s %s", each.name, each.value);
    std::printf("  %-30s %s\n", usage, each.help);
  }
  std::printf("  %-30s %s\n", "--flux-help", "print this and exit");
  std::fflush(stdout);
}

}  // namespace

int take_options(int& argc, char** argv, const char* program, common_options& common, std::span<const option> own) noexcept {
  const option shared[] = {
      {"--flux-drain", "DURATION", "time flows have to end after SIGTERM or SIGINT (10s)", option::kind::duration, &common.drain},
      {"--flux-metrics", "PORT", "serve /metrics, /healthz and /readyz on 127.0.0.1:PORT; 0 takes a free port and says which",
       option::kind::port, &common.metrics_port},
      {"--flux-profile", "FILE", "write a profile to FILE at exit and on SIGUSR1", option::kind::text, &common.profile},
      {"--flux-watchdog", "DURATION", "report a flow that made no progress for so long", option::kind::duration, &common.watchdog},
  };
  option all[kMostOptions];
  std::size_t count = 0;
  for (const option& each : own) all[count++] = each;
  for (const option& each : shared) all[count++] = each;
  const std::span<const option> options(all, count);

  int kept = 0;
  int index = 0;
  for (; index < argc; ++index) {
    const std::string_view argument = argv[index];
    if (index > 0 && argument == "--") break;
    if (index == 0 || !argument.starts_with(kPrefix)) {
      argv[kept++] = argv[index];
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    if (name == "--flux-help") {
      print_help(program, options);
      return 0;
    }
    const option* chosen = nullptr;
    for (const option& each : options) {
      if (name == each.name) chosen = &each;
    }
    if (chosen == nullptr) {
      report_unknown(name, options);
      return 1;
    }
    const char* value = equals != std::string_view::npos ? argv[index] + equals + 1 : index + 1 < argc ? argv[++index] : nullptr;
    if (value == nullptr) {
      report("%s needs %s", chosen->name, expected(chosen->what));
      return 1;
    }
    if (!store(*chosen, value)) {
      report("%s needs %s, not `%.100s`", chosen->name, expected(chosen->what), value);
      return 1;
    }
  }
  for (; index < argc; ++index) argv[kept++] = argv[index];
  argc = kept;
  argv[kept] = nullptr;
  return -1;
}

}  // namespace flux::core
