// Comparing what workers do now with what they did before.
#include "core/watchdog.hpp"

#include <cstdio>

#include "core/clock.hpp"

namespace flux::core {
namespace {

const char* spelled(mode how) noexcept { return how == mode::read ? "reader" : "writer"; }

}  // namespace

std::vector<std::string> watchdog::end(instant now) {
  std::vector<std::string> lines;
  for (auto& [worker, each] : stalls_) each.current = false;
  for (const sighting& one : seen_) {
    if (!may_stall(one)) continue;
    const auto [found, fresh] = stalls_.try_emplace(one.worker);
    stall& known = found->second;
    if (fresh || known.step != one.step || known.wanted != one.wanted) {
      known = {.step = one.step, .wanted = one.wanted, .since = now, .next_report = patience_, .current = true};
      continue;
    }
    known.current = true;
    const instant lasted = now - known.since;
    if (lasted < known.next_report) continue;
    known.next_report = 2 * lasted;
    lines.push_back(told(one, lasted));
  }
  std::erase_if(stalls_, [](const auto& each) { return !each.second.current; });
  return lines;
}

bool watchdog::may_stall(const sighting& one) const noexcept {
  if (one.wanted != nullptr) return true;
  // Between nodes and outside a lock it waits for a client. A source without a `wait` may block for as long as it likes.
  return one.node >= 0 && !(one.activation && !facts_.sources[one.source].waits);
}

std::string watchdog::told(const sighting& one, instant lasted) const {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f s", static_cast<double>(lasted) / static_cast<double>(kSecond));
  std::string line = who(one) + " made no progress for " + seconds + ": it ";
  if (one.wanted == nullptr) {
    line += "is inside " + place(one.node);
    for (const held_in_sight& each : one.held) line += std::string(", holding `") + each.name + "` as " + spelled(each.mode);
    return line;
  }
  line += std::string("waits for `") + one.wanted_name + "` as " + spelled(one.wanted_mode) + " before " + place(one.node);
  bool held = false;
  for (const sighting& other : seen_) {
    for (const held_in_sight& each : other.held) {
      if (each.lock != one.wanted || other.worker == one.worker) continue;
      line += std::string(held ? "; and by " : "; held by ") + who(other) + " as " + spelled(each.mode);
      if (other.wanted != nullptr) {
        line += std::string(", which waits for `") + other.wanted_name + "` before " + place(other.node);
      } else if (other.node >= 0) {
        line += ", which is inside " + place(other.node);
      } else {
        line += ", which waits for a descriptor";
      }
      held = true;
    }
  }
  return line;
}

std::string watchdog::place(int node) const {
  if (node < 0 || static_cast<std::size_t>(node) >= facts_.nodes.size()) return "its end";
  const node_description& at = facts_.nodes[static_cast<std::size_t>(node)];
  return std::string("`") + at.name + "` (" + facts_.file + ":" + std::to_string(at.line) + ")";
}

std::string watchdog::who(const sighting& one) const {
  const std::string name = std::string("`") + facts_.sources[one.source].name + "`";
  return one.activation ? "source " + name : "a flow of " + name;
}

}  // namespace flux::core
