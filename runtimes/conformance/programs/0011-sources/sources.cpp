#include "sources.hpp"

#include <stdexcept>

using conformance::note;

namespace {

// One for each source that has run dry and whose flows have ended.
conformance::countdown dry(4);

std::atomic<int> here = 0;
std::atomic<int> most = 0;
std::atomic<int> left = 7;

// Numbers 1 to `last`, once each; then waits for ever. `done` is called once, when the last was taken.
int take(int& number, int& next, int last) {
  if (next > last) return flux::again;
  number = next;
  ++next;
  return 0;
}

}  // namespace

int Crowd(int& number) {
  static int next = 1;
  if (here >= 2) std::abort();
  return take(number, next, 7);
}

int Arrive(int, int& door) {
  door = never.fd();
  const int now = ++here;
  int seen = most;
  while (now > seen && !most.compare_exchange_weak(seen, now)) {
  }
  return 0;
}

int Wait(int, int) { return flux::again; }

void Gone(int number, int error) {
  --here;
  note("crowd %d went: %d", number, error == ETIMEDOUT);
  if (--left == 0) {
    note("crowd: at most %d", most.load());
    dry.ended();
  }
}

// Calls 1 to 12: which fail, and how.
int Flaky(int& number) {
  static int call = 0;
  static bool ran_dry = false;
  if (number != 0) std::abort();
  ++call;
  number = call;
  switch (call) {
    case 1:
    case 3:
    case 4:
    case 5:
      return 1000 + call;
    case 6:
      throw std::runtime_error("six");
    case 8:
      return EMFILE;
    case 9:
      return flux::again;  // without a wait
    case 2:
    case 7:
    case 10:
      return 0;
    default:
      if (!ran_dry) dry.ended();
      ran_dry = true;
      return ENOENT;
  }
}

void NotYet(int error) {
  static int times = 0;
  if (error == ENOENT) return;
  ++times;
  const std::string said = error == flux::exception ? "exception" : error == EAGAIN ? "EAGAIN" : error == EMFILE ? "EMFILE" : std::to_string(error);
  note("flaky failure %d: %s", times, said.c_str());
}

int Take(int number) {
  note("flaky %d", number);
  return 0;
}

int Get(int& number) {
  static int next = 1;
  return take(number, next, 5);
}

int Square(int& number) {
  if (number == 3) return 33;
  number *= number;
  return 0;
}

int Stamp(int number, std::string& stamp) {
  stamp = "<" + std::to_string(number) + ">";
  return 0;
}

void Refused(int number, int error) { note("link %d refused: %d", number, error); }

int Link(int number, std::string stamp) {
  note("link %d %s", number, stamp.c_str());
  if (number == 25) dry.ended();
  return 0;
}

int Member(int& number) {
  static int next = 1;
  return take(number, next, 4);
}

unsigned short IdOf(int number) {
  if (number == 2) throw std::out_of_range("two");
  return static_cast<unsigned short>(number);
}

int Greet(int number) {
  note("member %d", number);
  if (number == 4) dry.ended();
  return 0;
}

void finish() {
  conformance::say_notes();
  conformance::say("finish");
}
