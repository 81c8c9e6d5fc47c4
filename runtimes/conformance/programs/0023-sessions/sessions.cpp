#include "sessions.hpp"

#include <stdexcept>

using conformance::note;

namespace {

constexpr int kFlows = 48;
conformance::countdown flows(kFlows);
std::atomic<int> met = 0;

// One for each session; nothing but `desk(session)` protects them.
int added[3] = {};
std::atomic<bool> inside[3] = {};

std::size_t session(int number) { return static_cast<std::size_t>(number % 3); }

}  // namespace

int Feed(int& number, int& bell_end, int& silence) {
  static int next = 1;
  if (next > kFlows) return flux::again;
  number = next++;
  bell_end = bell.reading();
  silence = never.reading();
  return 0;
}

long SessionOf(int number, int, int) { return number % 3; }

int Meet(int number, int, int) {
  if (number > 2) return 0;
  static std::atomic<bool> seen[3] = {};
  if (!seen[number].exchange(true) && ++met == 2) bell.put("m", 1);
  return met == 2 ? 0 : flux::again;
}

int Add(int number, int, int) {
  const int before = added[session(number)];
  if (inside[session(number)].exchange(true)) std::abort();
  if (number % 5 == 0) conformance::spend(1);
  inside[session(number)] = false;
  added[session(number)] = before + 1;
  return 0;
}

int Look(int number, int, int) { return inside[session(number)] ? EIO : 0; }

int Fails(int, int, int) { return EDOM; }
int Throws(int, int, int) { throw std::runtime_error("four"); }
int Late(int, int, int) { return flux::again; }

int Step(int& number, int, int) {
  ++number;
  return 0;
}

int Probe(int number, int, int) {
  note("%02d worked", number);
  flows.ended();
  return 0;
}

void Told(int number, int error) {
  note("%02d %s", number, error == EDOM ? "EDOM" : error == ETIMEDOUT ? "ETIMEDOUT" : error == flux::exception ? "exception" : "?");
  flows.ended();
}

void finish() {
  conformance::say_notes();
  conformance::say("added %d, %d, %d", added[0], added[1], added[2]);
}
