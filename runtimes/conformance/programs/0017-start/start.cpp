#include "start.hpp"

#include <stdexcept>
#include <string_view>

using conformance::say;

int init(int argc, char** argv) {
  for (int index = 1; index < argc; ++index) say("argument %d: %s", index, argv[index]);
  if (argv[argc] != nullptr) say("argv does not end");
  if (argc < 2) return 0;
  const std::string_view how(argv[1]);
  if (how == "throws") throw std::runtime_error("cannot listen on the moon");
  if (how == "throws-anything") throw 5;
  return how == "fails" ? 7 : 0;
}

int Feed(int& number) { return feed.take(number); }

int Flow(int number) {
  say("flow %d", number);
  return 0;
}

void finish() { say("finish"); }
