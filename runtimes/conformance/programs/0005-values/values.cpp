#include "values.hpp"

using conformance::say;

namespace {

int alive() { return counted::alive; }

// How many copies since the last question.
int copies() { return counted::copies.exchange(0); }

}  // namespace

int Feed(int& number) {
  if (alive() != 0) say("%d are alive after a flow", alive());
  return feed.take(number);
}

int Make(int number, counted& a, std::unique_ptr<counted>& b) {
  say("Make %d: %d alive, %d copies", number, alive(), copies());
  if (b != nullptr) std::abort();
  a.value = number;
  b = std::make_unique<counted>(10 * number);
  return number == 4 ? 44 : 0;  // with a tuple half made
}

int Borrow(int number, const counted& a, const std::unique_ptr<counted>& b) {
  say("Borrow %d, %d, %d: %d alive, %d copies", number, a.value, b->value, alive(), copies());
  return 0;
}

int CopyIn(int number, counted a, std::unique_ptr<counted>& b) {
  say("CopyIn %d, %d, %d: %d alive, %d copies", number, a.value, b->value, alive(), copies());
  a.value = -1;
  return 0;
}

int Consume(int number, counted a, std::unique_ptr<counted> b) {
  say("Consume %d, %d, %d: %d alive, %d copies", number, a.value, b->value, alive(), copies());
  if (number == 5) throw 55;
  return 0;
}

int Fresh(int number, int& zero, int*& null, plain& nothing, counted& c, std::string& empty) {
  const bool blank = nothing.number == 0 && nothing.text == nullptr && nothing.values[2] == 0;
  say("Fresh %d: %d, %d, %d, %d, \"%s\": %d alive", number, zero, null == nullptr, blank, c.value, empty.c_str(), alive());
  zero = 5;
  null = &zero;
  nothing = {1, "text", {1, 2, 3}};
  c.value = 6;
  empty = "no longer";
  return 0;
}

int Split(int number, int zero, int*, const plain& nothing, const counted& c, const std::string& empty) {
  say("Split %d, %d, %s, %d, \"%s\": %d alive, %d copies", number, zero, nothing.text, c.value, empty.c_str(), alive(), copies());
  choosy::refuse = number == 3;
  return 0;
}

int Throwing(int& number, choosy&) {
  say("Throwing %d: %d alive", number, alive());
  return 0;
}

int Fixed(int number, choosy&, immovable& rock) {
  say("Fixed %d: %d alive, %d", number, alive(), rock.self == &rock);
  return 0;
}

int Use(int number, immovable& rock, ticket&) {
  say("Use %d: %d alive, %d", number, alive(), rock.self == &rock);
  return 0;
}

int Again(int& number, const ticket&, counted& times) {
  ++times.value;
  if (times.value < 3) {
    ready.knock();
    return flux::again;
  }
  say("Again %d, call %d: %d alive", number, times.value, alive());
  number += 1000;
  return 0;
}

bool IsEnough(const counted& times) {
  static int asked = 0;
  return times.value != 3 || ++asked % 3 == 0;
}

int Drop(int number, ticket, counted times) {
  say("Drop %d, %d: %d alive, %d copies", number, times.value, alive(), copies());
  return 0;
}

int Done(int number, ticket&, counted& times) {
  say("Done %d, %d: %d alive, %d copies", number, times.value, alive(), copies());
  return 0;
}

void AfterConsume(int number, const counted& a, int error) {
  say("AfterConsume %d, %d: exception %d: %d alive", number, a.value, error == flux::exception, alive());
}

void NotMade(int number, int error) { say("NotMade %d: exception %d: %d alive", number, error == flux::exception, alive()); }

void HalfMade(int number, int error) { say("HalfMade %d: %d: %d alive", number, error, alive()); }

void finish() { say("finish: %d alive", alive()); }
