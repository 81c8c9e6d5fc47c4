// Nodes that leave a letter each.
#ifndef SHARING_HPP
#define SHARING_HPP

#include <string>

#include "../trace.hpp"

inline conformance::numbers feed(4);

int Feed(int& number);
int Begin(int number, std::string& trace);
int a(int number, std::string& trace);
int b(int number, std::string& trace);
int Fails(int number, std::string& trace);
int Forget(int number, std::string& trace, int error);
int Say(int number, const std::string& trace);
inline bool IsOdd(int number) { return number % 2 == 1; }
inline bool IsThird(int number) { return number % 3 == 0; }
inline bool IsLong(const std::string& trace) { return trace.size() > 20; }

#endif
