// A node that is late, or is not called at all.
#ifndef LATE_HPP
#define LATE_HPP

#include <memory>

#include "../trace.hpp"

using conformance::counted;

inline conformance::numbers feed(2);

int Feed(int& number);
int Before(int number, std::unique_ptr<counted>& owned);
int Work(int number, std::unique_ptr<counted>& owned, counted& made);
int After(int number, std::unique_ptr<counted> owned, counted made);
void Late(int number, std::unique_ptr<counted> owned, int error);
void finish();

#endif
