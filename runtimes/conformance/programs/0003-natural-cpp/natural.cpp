#include "natural.hpp"

#include <cstring>

using conformance::say;

int Feed(int& number) { return feed.take(number); }

int Double(int number, long& doubled) {
  say("Double %d, output %ld", number, doubled);
  doubled = 2L * number;
  return 0;
}

int Format(const int& number, const long& doubled, std::string& text) {
  text = std::to_string(number) + " and " + std::to_string(doubled);
  return 0;
}

int Change(int& number, std::string& text) {
  say("Change %d, \"%s\"", number, text.c_str());
  number += 100;
  text += " changed";
  return 0;
}

int Turn(int number, const std::string& text, double& half) {
  say("Turn %d, \"%s\"", number, text.c_str());
  half = number / 2.0;
  return 0;
}

int Rename(double size, std::string words, int count, std::vector<std::pair<int, char*>>& pairs) {
  say("Rename %.1f, \"%s\", %d", size, words.c_str(), count);
  words = "a copy, not the variable";
  pairs.emplace_back(count, nullptr);
  return 0;
}

int Point(int count, std::vector<std::pair<int, char*>> pairs, std::string words, box*& made, const char*& first) {
  say("Point %d, %zu pair of %d, \"%s\", %d %d", count, pairs.size(), pairs[0].first, words.c_str(), made == nullptr, first == nullptr);
  made = new box{count};
  first = "first";
  return 0;
}

int Widen(int count, box* made, const char* first, long& wide) {
  say("Widen %d, %d, %s", count, made->content, first);
  wide = count * 1'000'000'000L;
  return 0;
}

int Overloaded(long count, box* made) {
  say("Overloaded for long %ld, %d", count, made->content);
  return 0;
}
int Overloaded(double, box*) { std::abort(); }
int Overloaded(long) { std::abort(); }

int Nothing(long count, box* made) {
  say("Nothing after %ld, %d", count, made->content);
  delete made;
  return 0;
}

int Produce(std::unique_ptr<box>& other, counts& tally) {
  say("Produce %d, %d", other == nullptr, tally.of[0] + tally.of[1] + tally.of[2]);
  other = std::make_unique<box>(5);
  tally.of[2] = 7;
  return 0;
}

int Last(std::unique_ptr<box> other, const counts& tally) {
  say("Last %d, %d", other->content, tally.of[2]);
  return 0;
}

void finish() { say("finish"); }
