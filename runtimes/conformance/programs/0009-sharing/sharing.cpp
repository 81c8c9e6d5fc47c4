#include "sharing.hpp"

int Feed(int& number) { return feed.take(number); }

int Begin(int, std::string& trace) {
  trace = ':';
  return 0;
}

int a(int, std::string& trace) {
  trace += 'a';
  return 0;
}

int b(int, std::string& trace) {
  trace += 'b';
  return 0;
}

int Fails(int, std::string& trace) {
  trace += '?';
  return 5;
}

int Forget(int, std::string& trace, int error) {
  trace += std::to_string(error);
  return 0;
}

int Say(int number, const std::string& trace) {
  conformance::say("%d%s", number, trace.c_str());
  return 0;
}
