// What each constraint protects is counted without an atomic, and beside it with one: at the end both are the same. Of those around
// several nodes it is seen whether two flows are inside at once.
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

std::atomic<int> at_table{0}, at_bell{0};
std::atomic<long> met{0};

void enter(std::atomic<int>& place) {
  if (place.fetch_add(1) != 0) met.fetch_add(1);
}

}  // namespace

int Feed(int& number) {
  fed.add();
  number = 1;
  ::usleep(300);
  return 0;
}

int Sit(int) {
  enter(at_table);
  return 0;
}

int Eat(int) {
  fed.add();
  shared.add();
  at_table.fetch_sub(1);
  return 0;
}

int Strike() {
  enter(at_bell);
  shared.add();
  return 0;
}

int Echo() {
  timers.add();
  at_bell.fetch_sub(1);
  return 0;
}

int Count() {
  beats.add();
  return 0;
}

int Knock() {
  timers.add();
  ::usleep(500);
  return 0;
}

void finish() {
  const bool right = fed.right() && shared.right() && beats.right() && timers.right();
  const bool some = beats.plain > 50 && shared.plain > beats.plain && timers.plain > beats.plain && fed.plain > 50;
  std::printf("%s, %ld met\n", right && some ? "right" : "wrong", met.load());
}
