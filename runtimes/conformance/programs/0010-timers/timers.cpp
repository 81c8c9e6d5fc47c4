#include "timers.hpp"

#include <stdexcept>

using conformance::say;

namespace {

std::atomic<int> beats = 0;
std::atomic<int> measures = 0;
std::atomic<int> sleeps = 0;
std::atomic<int> asleep = 0;
std::atomic<int> napping = 0;
std::atomic<int> most_napping = 0;
std::atomic<int> failures = 0;

void expect(const char* what, int value, int least, int most) {
  if (value >= least && value <= most) {
    say("%s as often as they should", what);
  } else {
    say("%s %d times, not %d to %d", what, value, least, most);
  }
}

}  // namespace

int Beat() {
  ++beats;
  return 0;
}

// After half a second, 25 beats. A loaded machine is late, and drops the ticks it is late for by whole periods; it is never early, and
// does not fall behind for good.
int Measure() {
  if (++measures == 5) {
    expect("beats", beats, 13, 26);
    expect("sleeps", sleeps, 3, 7);
    expect("failures", failures, 13, 26);
    expect("naps at once", most_napping, 3, 3);
    flux::stop();
  }
  return 0;
}

int Bed(int& bed) {
  bed = never.fd();
  return 0;
}

int Sleep(int, int& rounds) {
  if (rounds++ == 0) {
    if (++asleep != 1) std::abort();
    ++sleeps;
  }
  return flux::again;
}

void Slept(int error) {
  --asleep;
  if (error != ETIMEDOUT) std::abort();
}

int Enter(int& mine, int& bed) {
  bed = never.fd();
  mine = ++napping;
  if (mine > 3) std::abort();
  int most = most_napping;
  while (mine > most && !most_napping.compare_exchange_weak(most, mine)) {
  }
  return 0;
}

int Doze(int, int) { return flux::stopping() ? ECANCELED : flux::again; }

void Awake(int, int error) {
  --napping;
  if (error != ETIMEDOUT && error != ECANCELED) std::abort();
}

int Fail() {
  if (++failures % 2 == 0) throw std::runtime_error("even");
  return 1;
}

void finish() { say("asleep %d, napping %d", asleep.load(), napping.load()); }
