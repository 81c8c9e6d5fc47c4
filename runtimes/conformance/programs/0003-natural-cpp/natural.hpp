// The node functions as a C++ programmer would write them.
#ifndef NATURAL_HPP
#define NATURAL_HPP

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../trace.hpp"

struct box {
  int content;
};

// An array behind a typedef can travel too.
struct counts {
  int of[3];
};

inline conformance::numbers feed(3);

int Feed(int& number);
int Double(int number, long& doubled);
int Format(const int& number, const long& doubled, std::string& text);
int Change(int& number, std::string& text);
int Turn(int number, const std::string& text, double& half);
int Rename(double size, std::string words, int count, std::vector<std::pair<int, char*>>& pairs);
int Point(int count, std::vector<std::pair<int, char*>> pairs, std::string words, box*& made, const char*& first);
int Widen(int count, box* made, const char* first, long& wide);
int Overloaded(long count, box* made);
int Overloaded(double count, box* made);
int Overloaded(long count);
template <typename Number, typename Thing>
int Template(Number& count, Thing* made) {
  ++count;
  ++made->content;
  return 0;
}
int Nothing(long count, box* made);
int Produce(std::unique_ptr<box>& other, counts& tally);
int Last(std::unique_ptr<box> other, const counts& tally);
void finish();

#endif
