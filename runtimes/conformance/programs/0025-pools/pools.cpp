#include "pools.hpp"

using conformance::note;

namespace {

constexpr int kFlows = 40;
conformance::countdown flows(kFlows);
std::atomic<int> met = 0;
std::atomic<int> connections = 0;
std::atomic<int> most = 0;
// Nothing but `table` protects it.
int rows = 0;

void enter() {
  const int now = ++connections;
  if (now > 3) std::abort();
  for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
  }
}

}  // namespace

int Feed(int& number, int& bell_end, int& silence) {
  static int next = 1;
  if (next > kFlows) return flux::again;
  number = next++;
  bell_end = bell.reading();
  silence = never.reading();
  return 0;
}

int Meet(int number, int, int) {
  if (number > 3) {
    enter();
    --connections;
    return 0;
  }
  static std::atomic<bool> seen[4] = {};
  if (!seen[number].exchange(true)) {
    enter();
    if (++met == 3) bell.put("m", 1);
  }
  if (met < 3) return flux::again;
  --connections;
  return 0;
}

int Fails(int, int, int) { return EDOM; }
int Late(int, int, int) { return flux::again; }

int Inner(int number, int, int) {
  enter();
  const int before = rows;
  if (number % 5 == 0) conformance::spend(1);
  rows = before + 1;
  --connections;
  return 0;
}

int Probe(int number, int, int) {
  note("%02d worked", number);
  flows.ended();
  return 0;
}

void Told(int number, int error) {
  note("%02d %s", number, error == EDOM ? "EDOM" : error == ETIMEDOUT ? "ETIMEDOUT" : "?");
  flows.ended();
}

void finish() {
  conformance::say_notes();
  conformance::say("rows: %d, most at once: %d", rows, most.load());
}
