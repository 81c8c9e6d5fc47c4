// What each constraint protects is counted without an atomic, and beside it with one: at the end both are the same.
#include "elided.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>

namespace {

struct counted {
  volatile long plain = 0;
  std::atomic<long> sure{0};

  void add() {
    plain = plain + 1;
    sure.fetch_add(1);
  }
  [[nodiscard]] bool right() const { return plain == sure.load(); }
};

counted fed, shared, beats, timers;

}  // namespace

int Feed(int& number) {
  fed.add();
  number = 1;
  ::usleep(50);
  return 0;
}

int Eat(int) {
  shared.add();
  return 0;
}

int Beat() {
  beats.add();
  shared.add();
  timers.add();
  return 0;
}

int Knock() {
  fed.add();
  timers.add();
  return 0;
}

void finish() {
  const bool right = fed.right() && shared.right() && beats.right() && timers.right();
  const bool some = beats.plain > 50 && shared.plain > beats.plain && timers.plain > beats.plain && fed.plain > 50;
  std::puts(right && some ? "right" : "wrong");
  std::fflush(stdout);
}
