#include "options.hpp"

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

#include "core/options.hpp"
#include "core/report.hpp"

namespace flux::test {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// `7` or `3-9`.
bool range(std::string_view text, std::uint64_t& first, std::uint64_t& last) {
  const auto dash = text.find('-');
  const auto low = number(text.substr(0, dash));
  const auto high = dash == std::string_view::npos ? low : number(text.substr(dash + 1));
  if (!low || !high || *low > *high) return false;
  first = *low;
  last = *high;
  return true;
}

// `30ms`, `2s`; a bare number is milliseconds.
std::optional<instant> duration(std::string_view text) {
  instant unit = 1'000'000;
  if (text.ends_with("ms")) {
    text.remove_suffix(2);
  } else if (text.ends_with("s")) {
    text.remove_suffix(1);
    unit = 1'000'000'000;
  }
  const auto value = number(text);
  if (!value) return std::nullopt;
  return static_cast<instant>(*value) * unit;
}

bool fail_allocation(script& rules, std::string_view text) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (!range(text, first, last)) return false;
  rules.fail_allocation_first = static_cast<std::uint32_t>(first);
  rules.fail_allocation_last = static_cast<std::uint32_t>(last);
  return true;
}

bool parse_rule(script& rules, const std::vector<std::string>& words) {
  if (words.size() == 3 && words[0] == "stop" && words[1] == "at") {
    const auto at = duration(words[2]);
    if (at) rules.stop_at = *at;
    return at.has_value();
  }
  if (words.size() == 4 && words[0] == "hold" && words[2] == "for") {
    const auto after = duration(words[3]);
    if (after) rules.slow.push_back({words[1], *after});
    return after.has_value();
  }
  if (words.size() == 3 && words[0] == "spurious") {
    const auto times = number(words[2]);
    if (times) rules.spurious.push_back({words[1], static_cast<int>(*times)});
    return times.has_value();
  }
  if (words.size() == 4 && words[0] == "delay" && words[2] == "by") {
    const auto after = duration(words[3]);
    if (after) rules.helpers.push_back({words[1], *after});
    return after.has_value();
  }
  return words.size() == 3 && words[0] == "fail" && words[1] == "allocation" && fail_allocation(rules, words[2]);
}

bool read_script(script& rules, const char* file) {
  std::ifstream lines(file);
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream text(line.substr(0, line.find('#')));
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    if (!words.empty() && !parse_rule(rules, words)) {
      core::report("%s: cannot understand `%s`", file, line.c_str());
      return false;
    }
  }
  return lines.eof();
}

bool parse_order(options& result, std::string_view value) {
  if (value == "fifo" || value == "lifo") {
    result.order = value == "fifo" ? order::fifo : order::lifo;
    return true;
  }
  if (value.starts_with("random:")) {
    const auto seed = number(value.substr(7));
    result.order = order::random;
    result.seed = seed.value_or(0);
    return seed.has_value();
  }
  if (!value.starts_with("replay:")) return false;
  result.order = order::replay;
  value.remove_prefix(7);
  while (!value.empty()) {
    const auto chosen = number(value.substr(0, value.find('.')));
    if (!chosen) return false;
    result.replay.push_back(static_cast<std::uint16_t>(*chosen));
    value = value.find('.') == std::string_view::npos ? std::string_view() : value.substr(value.find('.') + 1);
  }
  return true;
}

bool parse_explore(options& result, std::string_view value) {
  if (value.starts_with("all:")) {
    const auto most = number(value.substr(4));
    result.explore = exploration::all;
    result.explore_last = most.value_or(0);
    return most.has_value() && *most > 0;
  }
  result.explore = exploration::seeds;
  return value.starts_with("random:") && range(value.substr(7), result.explore_first, result.explore_last);
}

// What the arguments said, as text; null where there was none.
struct words {
  const char* park = nullptr;
  const char* order = nullptr;
  const char* explore = nullptr;
  const char* readiness = nullptr;
  const char* fail_allocation = nullptr;
  const char* stop_at = nullptr;
  const char* script = nullptr;
  const char* report = nullptr;
};

// Null, or the argument that says nothing known.
const char* understand(const words& said, options& result) {
  if (said.park != nullptr) {
    const std::string_view where(said.park);
    if (where != "always" && where != "needed") return said.park;
    result.park_always = where == "always";
  }
  if (said.readiness != nullptr) {
    const std::string_view model(said.readiness);
    if (model != "level" && model != "edge") return said.readiness;
    result.readiness = model == "edge" ? readiness_model::edge : readiness_model::level;
  }
  if (said.order != nullptr && !parse_order(result, said.order)) return said.order;
  if (said.explore != nullptr && !parse_explore(result, said.explore)) return said.explore;
  if (said.script != nullptr && !read_script(result.script, said.script)) return said.script;
  if (said.fail_allocation != nullptr && !fail_allocation(result.script, said.fail_allocation)) return said.fail_allocation;
  if (said.stop_at != nullptr) {
    const auto at = duration(said.stop_at);
    if (!at) return said.stop_at;
    result.script.stop_at = *at;
  }
  result.report = said.report != nullptr;
  return nullptr;
}

}  // namespace

int take_options(int& argc, char** argv, const char* program, options& result) {
  using kind = core::option::kind;
  words said;
  const core::option own[] = {
      {"--flux-test-park", "WHERE", "always, or only where it is needed (always)", kind::text, &said.park},
      {"--flux-test-order", "ORDER", "what runs next: fifo, lifo, random:SEED, replay:1.0.2 (fifo)", kind::text, &said.order},
      {"--flux-test-explore", "RUNS", "all:N, every schedule but at most N, or random:A-B, these seeds; all must print the same", kind::text,
       &said.explore},
      {"--flux-test-readiness", "MODEL", "level, as poll, or edge, as an event loop (level)", kind::text, &said.readiness},
      {"--flux-test-fail-allocation", "A[-B]", "these records of flows, counted from 1, cannot be had", kind::text, &said.fail_allocation},
      {"--flux-test-stop-at", "TIME", "stop then, on the virtual clock", kind::text, &said.stop_at},
      {"--flux-test-script", "FILE",
       "lines `stop at 20ms`, `hold NODE for 30ms`, `spurious NODE 2`, `delay NODE by 30ms`, `fail allocation 3-5`", kind::text, &said.script},
      {"--flux-test-report", "yes", "say on stderr what the run did", kind::text, &said.report},
  };
  core::common_options common;
  const int code = core::take_options(argc, argv, program, common, own);
  if (code >= 0) return code;
  result.drain = common.drain;
  if (const char* const wrong = understand(said, result); wrong != nullptr) {
    core::report("cannot understand `%s`; --flux-help lists the options", wrong);
    return 1;
  }
  return -1;
}

}  // namespace flux::test
