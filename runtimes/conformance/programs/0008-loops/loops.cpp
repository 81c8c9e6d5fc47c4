#include "loops.hpp"

using conformance::say;

namespace {

// The rival ran between two rounds of flow 3, alone.
std::atomic<bool> wanted = false;
std::atomic<int> competed = 0;

}  // namespace

int Feed(int& number) { return feed.take(number); }

int Rival(int& byte) {
  char read = 0;
  if (::read(rivals.fd(), &read, 1) != 1) return flux::again;
  byte = read;
  return 0;
}

int Compete(int) {
  ++competed;
  return 0;
}

int Begin(int number, int& left) {
  left = number == 8 ? 5000 : 4;
  return 0;
}

int Begin2(int, int& left) {
  left = 2;
  return 0;
}

// Flow 3 goes on only when its rival has had a turn, which needs what each round holds.
int Count(int number, int& left) {
  if (number != 3) {
    --left;
    return 0;
  }
  if (!wanted.exchange(true)) rivals.put("r", 1);
  if (competed == 1) left = 0;
  return 0;
}

int Tell(int number, int left) {
  say("%d: %d left", number, left);
  return 0;
}

int Free(int number, int) {
  say("%d: the rival had its turn", number);
  return 0;
}

int Inside(int number, int& left) {
  say("%d: inside, %d", number, left);
  --left;
  return 0;
}

int Leave(int number, int left) {
  say("%d: leave, %d", number, left);
  return 0;
}

int FailAtTwo(int, int left) { return left == 2 ? 22 : 0; }

int Down(int, int& left) {
  --left;
  return 0;
}

int End(int number, int left) {
  say("%d: end with %d", number, left);
  return 0;
}

void Failed(int number, int left, int error) { say("%d: failed with %d left, error %d", number, left, error); }

void finish() { say("finish"); }
