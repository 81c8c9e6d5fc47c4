// A start that can go wrong.
#ifndef START_HPP
#define START_HPP

#include "../trace.hpp"

inline conformance::numbers feed(1);

int init(int argc, char** argv);
int Feed(int& number);
int Flow(int number);
void finish();

#endif
