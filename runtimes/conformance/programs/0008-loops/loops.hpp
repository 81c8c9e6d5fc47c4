// Nodes that count down.
#ifndef LOOPS_HPP
#define LOOPS_HPP

#include "../trace.hpp"

inline conformance::numbers feed(9);
inline conformance::channel rivals;

int Feed(int& number);
int Rival(int& byte);
int Compete(int byte);
int Begin(int number, int& left);
int Begin2(int number, int& left);
int Count(int number, int& left);
int Tell(int number, int left);
int End(int number, int left);
int Free(int number, int left);
int Inside(int number, int& left);
int Leave(int number, int left);
int FailAtTwo(int number, int left);
int Down(int number, int& left);
void Failed(int number, int left, int error);
inline bool IsOne(int number) { return number == 1; }
inline bool IsTwo(int number) { return number == 2; }
inline bool IsThree(int number) { return number == 3; }
inline bool IsFour(int number) { return number == 4; }
inline bool IsFive(int number) { return number == 5; }
inline bool IsSix(int number) { return number == 6; }
inline bool IsSeven(int number) { return number == 7; }
inline bool IsEight(int number) { return number == 8; }
inline bool IsZero(int left) { return left == 0; }
void finish();

#endif
