// What the test runtime says of flows: who waits for whom, and what is wrong at the end of a run.
#include <cstdio>

#include "scheduler.hpp"
#include "violation.hpp"

namespace flux::test {

namespace {

const char* doing(standing how) {
  switch (how) {
    case standing::unborn:
      return "was never spawned";
    case standing::running:
      return "is running";
    case standing::ready:
      return "is ready";
    case standing::waiting:
      return "waits for a descriptor";
    case standing::queued:
      return "waits for a constraint";
    case standing::offered:
      return "waits for a helper";
    case standing::left:
      return "was left by its source";
    case standing::ended:
      return "has ended";
  }
  return "";
}

}  // namespace

std::string scheduler::describe(const control& c) const {
  std::string result = (c.activation ? "activation " : "flow ") + std::to_string(c.serial) + " of `" + program_.sources[c.source].name + "`";
  const int node = node_of(c);
  if (node >= 0) result += std::string(" at node `") + node_name(node) + "`";
  return result;
}

// A flow can go on if it waits for no constraint, or only for a time, or for flows that can go on themselves.
void scheduler::check_deadlock() const {
  std::unordered_set<const control*> live;
  std::vector<const control*> doubtful;
  for (const auto& [serial, c] : alive_) {
    if (c->standing == standing::queued && c->timers.empty()) {
      doubtful.push_back(c.get());
    } else {
      live.insert(c.get());
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    std::erase_if(doubtful, [&](const control* c) {
      if (!c->awaited->comes_to(*c, live)) return false;
      live.insert(c);
      changed = true;
      return true;
    });
  }
  if (doubtful.empty()) return;
  std::string story;
  for (const control* c : doubtful) {
    story += "\n  " + describe(*c) + " waits for `" + c->awaited->name() + "` and holds";
    for (const auto& held : c->held) story += std::string(" `") + held.lock->name() + "`";
  }
  violation("deadlock:%s", story.c_str());
}

void scheduler::stuck() const {
  std::string story;
  for (const auto& [serial, c] : alive_) story += "\n  " + describe(*c) + " " + doing(c->standing);
  if (alive_.empty()) story = "\n  there is no flow, no source is active, and nobody called flux::stop()";
  violation("nothing can ever happen again:%s", story.c_str());
}

void scheduler::check_end() const {
  for (const lock* one : locks_in_use_) violation("`%s` is still held or waited for after the last flow", one->name());
  for (const lock* one : lock::lent()) violation("`%s` was borrowed and not given back", one->name());
  for (std::size_t index = 0; index < sources_.size(); ++index) {
    if (sources_[index].in_flight != 0) violation("flows of `%s` were lost", program_.sources[index].name);
  }
  if (started_ != done_ + ended_failed_ + destroyed_) violation("flows were lost: %lu started", static_cast<unsigned long>(started_));
}

void scheduler::report() const {
  std::fprintf(stderr, "flux test runtime: %lu flows, %lu done, %lu failed, %lu destroyed, %lu node failures, %lu paths, %lu steps, %.3f s\n",
               static_cast<unsigned long>(started_), static_cast<unsigned long>(done_), static_cast<unsigned long>(ended_failed_),
               static_cast<unsigned long>(destroyed_), static_cast<unsigned long>(failures_), static_cast<unsigned long>(paths_),
               static_cast<unsigned long>(steps_), static_cast<double>(now_ - start_) / 1e9);
  for (std::size_t index = 0; index < sources_.size(); ++index) {
    if (sources_[index].dropped == 0) continue;
    std::fprintf(stderr, "flux test runtime: %lu ticks of %s dropped\n", static_cast<unsigned long>(sources_[index].dropped), program_.sources[index].name);
  }
}

}  // namespace flux::test
