// Predicates by value, by const reference and on what a pointer points to.
#ifndef DISPATCH_HPP
#define DISPATCH_HPP

#include <string>

#include "../trace.hpp"

struct thing {
  int weight;
};

inline conformance::numbers feed(9);
inline conformance::channel touches;

void init(int argc, char** argv);
int Feed(int& number);
int Toucher(int& number);
int Touch(int number);
int Make(int number, std::string& text, thing*& pointed);
int Show(int number, const std::string& text, thing* pointed);
int MarkEven(int number, std::string& text, thing* pointed);
int MarkThird(int number, std::string& text, thing* pointed);
int MarkBoth(int number, std::string& text, thing* pointed);
int MarkText(int number, std::string& text, thing* pointed);
bool IsEven(int number);
bool IsEven(const std::string& text);
bool IsThird(const int& number);
bool IsHeavy(thing* pointed);
bool IsBelowSeven(int number);
bool Explodes(int number);
bool IsGuarded(std::string text);
void NoCase(int number, int error);
void finish();

#endif
