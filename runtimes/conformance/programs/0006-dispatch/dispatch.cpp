#include "dispatch.hpp"

#include <stdexcept>
#include <system_error>

using conformance::say;

namespace {

thing things[] = {{1}, {100}};

// Who is behind the constraint `door`: a predicate must be alone with it.
std::atomic<bool> inside = false;

}  // namespace

void init(int, char**) {
  for (int byte = 0; byte < 40; ++byte) touches.put("x", 1);
}

int Feed(int& number) { return feed.take(number); }

int Toucher(int& number) {
  char byte;
  number = 1;
  return ::read(touches.fd(), &byte, 1) == 1 ? 0 : flux::again;
}

int Touch(int) {
  if (inside.exchange(true)) std::abort();
  inside = false;
  return 0;
}

int Make(int number, std::string& text, thing*& pointed) {
  text = std::to_string(number);
  pointed = &things[number == 2 || number == 5];
  return 0;
}

int Show(int number, const std::string& text, thing* pointed) {
  say("%d: %s, %d", number, text.c_str(), pointed->weight);
  return 0;
}

int MarkEven(int, std::string& text, thing*) {
  text += " even";
  return 0;
}

int MarkThird(int, std::string& text, thing*) {
  text += " third";
  return 0;
}

int MarkBoth(int, std::string& text, thing*) {
  text += " both";
  return 0;
}

int MarkText(int, std::string& text, thing*) {
  text += " text";
  return 0;
}

bool IsEven(int number) { return number % 2 == 0; }
bool IsEven(const std::string& text) { return text.size() % 2 == 0; }
bool IsThird(const int& number) { return number % 3 == 0; }
bool IsHeavy(thing* pointed) { return pointed->weight > 50; }
bool IsBelowSeven(int number) { return number < 7; }

bool Explodes(int number) {
  if (number == 8) throw std::runtime_error("eight");
  if (number == 9) throw std::system_error(EDOM, std::generic_category());
  return false;
}

bool IsGuarded(std::string text) {
  if (inside.exchange(true)) std::abort();
  inside = false;
  return text.size() > 8;
}

void NoCase(int number, int error) {
  const char* const what = error == flux::no_match ? "no match" : error == flux::exception ? "exception" : error == EDOM ? "EDOM" : "?";
  say("%d: %s", number, what);
}

void finish() { say("finish"); }
