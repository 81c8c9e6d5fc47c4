#include "blocking.hpp"

#include <stdexcept>

using conformance::note;

namespace {

constexpr int kFlows = 12;
conformance::countdown flows(kFlows);
int at_the_bench = 0;  // guarded by the constraint

}  // namespace

int Feed(int& number) {
  static int next = 1;
  if (next > kFlows) return flux::again;
  number = next++;
  return 0;
}

int Make(int number, std::string& text, std::unique_ptr<counted>& owned) {
  text = "flow " + std::to_string(number);
  owned = std::make_unique<counted>(number);
  return 0;
}

int Change(int number, std::string& text, std::unique_ptr<counted>& owned, int& left) {
  text += ", changed";
  owned->value *= 2;
  left = number % 3;
  return 0;
}

int Throw(int, std::string& text, std::unique_ptr<counted>&) {
  text += ", thrown";
  throw std::runtime_error("thrown");
}

int Fail(int number, std::string& text, std::unique_ptr<counted>&) {
  text += ", failed";
  return number;
}

int Work(int, std::string& text, std::unique_ptr<counted>& owned, int& left) {
  if (++at_the_bench != 1) std::abort();
  conformance::spend(1);
  text += ", worked";
  owned->value += 100;
  if (left > 0) --left;
  --at_the_bench;
  return 0;
}

int Show(int number, std::string text, std::unique_ptr<counted> owned, int left) {
  note("%2d: %s, %d, %d", number, text.c_str(), owned->value, left);
  flows.ended();
  return 0;
}

int Sorry(int number, const std::string& text, int error) {
  note("%2d: %s, %s", number, text.c_str(), error == flux::exception ? "exception" : std::to_string(error).c_str());
  flows.ended();
  return 0;
}

void finish() {
  conformance::say_notes();
  conformance::say("%d alive", counted::alive.load());
}
