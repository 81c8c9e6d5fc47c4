// Nodes that block for a moment.
#ifndef BLOCKING_HPP
#define BLOCKING_HPP

#include <memory>
#include <string>

#include "../trace.hpp"

using conformance::counted;

inline conformance::channel feed;

int Feed(int& number);
int Make(int number, std::string& text, std::unique_ptr<counted>& owned);
int Change(int number, std::string& text, std::unique_ptr<counted>& owned, int& left);
int Show(int number, std::string text, std::unique_ptr<counted> owned, int left);
int Throw(int number, std::string& text, std::unique_ptr<counted>& owned);
int Fail(int number, std::string& text, std::unique_ptr<counted>& owned);
int Work(int number, std::string& text, std::unique_ptr<counted>& owned, int& left);
int Sorry(int number, const std::string& text, int error);
inline bool IsThrowing(int number) { return number % 5 == 3; }
inline bool IsFailing(int number) { return number % 5 == 4; }
inline bool IsZero(int left) { return left == 0; }
void finish();

#endif
