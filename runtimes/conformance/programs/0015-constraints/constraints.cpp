#include "constraints.hpp"

#include <stdexcept>

using conformance::say;

int Feed(int& number) { return feed.take(number); }

int Begin(int number, progress& step) {
  step = {0, number == 5 ? ready.fd() : never.fd()};
  return 0;
}

int Probe(int number, progress step) {
  say("%d: probed after step %d", number, step.taken);
  return 0;
}

int Works(int, progress& step) {
  ++step.taken;
  return 0;
}

int Fails(int number, progress& step) {
  ++step.taken;
  return number;
}

int Throws(int, progress&) { throw std::runtime_error("three"); }
int TimesOut(int, progress&) { return flux::again; }

int Waits(int, progress& step) {
  ++step.taken;
  if (step.taken == 3) return 0;
  ready.knock();
  return flux::again;
}

int In(int, progress& step) {
  ++step.taken;
  return 0;
}

int Inner(int number, progress&) { return number; }

int First(int, progress& step) {
  ++step.taken;
  return 0;
}

int Second(int, progress& step) {
  ++step.taken;
  return 0;
}

int AgainToo(int, progress& step) {
  ++step.taken;
  return 0;
}

int Careful(int, progress& step) {
  ++step.taken;
  return 0;
}

int FailInside(int number, progress&) { return number; }

int Take(int number, progress step, int error) {
  say("%d: repaired after step %d, error %d", number, step.taken, error);
  return 0;
}

int Put(int number, progress) {
  say("%d: put", number);
  return 0;
}

void Failed(int error) { say("failed, exception %d", error == flux::exception); }

int Tell(int number, progress step, int error) {
  say("%d: failed after step %d, error %s", number, step.taken,
      error == flux::no_match ? "no_match" : error == ETIMEDOUT ? "ETIMEDOUT" : std::to_string(error).c_str());
  return 0;
}

void finish() { say("finish"); }
