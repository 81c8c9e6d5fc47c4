#include "load.hpp"

using conformance::say;

namespace {

constexpr int kFlows = 150;  // of each source
conformance::countdown flows(2 * kFlows);

// Nothing but the constraint of the same name protects these.
long counter = 0;
long added = 0;
long left_half = 0;
long right_half = 0;
long loan = 0;

int take(int& number, int& next) {
  if (next > kFlows) return flux::again;
  number = next++;
  return 0;
}

}  // namespace

int First(int& number) {
  static int next = 1;
  return take(number, next);
}

int Second(int& number) {
  static int next = 1;
  return take(number, next);
}

int Split(int number, int& amount) {
  amount = number % 7;
  return 0;
}

int Add(int, int amount) {
  const long before = counter;
  counter = before + amount;
  ++added;
  return 0;
}

int Check(int, int) {
  // The halves differ only inside an extent of Pair.
  if (left_half != right_half) std::abort();
  return counter < 0 ? EPROTO : 0;
}

int Left(int, int amount) {
  if (left_half != right_half) std::abort();
  left_half += amount;
  return 0;
}

int Right(int, int amount) {
  right_half += amount;
  return 0;
}

int Lend(int, int amount, int& entry) {
  entry = door.fd();
  loan += amount;
  return 0;
}

// A reader that waits while it holds, and is called again.
int Wait(int, int& amount, int) {
  if (amount >= 0) {
    amount = -1;
    door.knock();
    return flux::again;
  }
  return loan < 0 ? EPROTO : 0;
}

int Both(int, int amount) {
  if (left_half != right_half) std::abort();
  counter += amount;
  loan += amount;
  left_half += amount;
  right_half += amount;
  return 0;
}

int Fails(int, int amount) {
  counter += amount;
  return EPERM;
}

void Undo(int, int amount, int error) {
  if (error != EPERM) std::abort();
  counter -= amount;
  flows.ended();
}

int Done(int, int) {
  flows.ended();
  return 0;
}

void finish() {
  say("counter %ld after %ld additions", counter, added);
  say("pair %ld and %ld", left_half, right_half);
  say("loan %ld", loan);
}
