#include "late.hpp"

using conformance::say;

int Feed(int& number) { return feed.take(number); }

int Before(int number, std::unique_ptr<counted>& owned) {
  owned = std::make_unique<counted>(number);
  return 0;
}

int Work(int number, std::unique_ptr<counted>& owned, counted& made) {
  if (number == 2) conformance::spend(300);
  made.value = 10 * owned->value;
  return 0;
}

int After(int number, std::unique_ptr<counted> owned, counted made) {
  say("%d: %d, %d", number, owned->value, made.value);
  return 0;
}

void Late(int number, std::unique_ptr<counted> owned, int error) {
  say("%d: %d, ETIMEDOUT %d, %d alive", number, owned->value, error == ETIMEDOUT, counted::alive.load());
}

void finish() { say("%d alive", counted::alive.load()); }
