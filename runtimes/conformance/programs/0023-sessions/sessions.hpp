#ifndef SESSIONS_HPP
#define SESSIONS_HPP

#include "../trace.hpp"

inline conformance::channel never;
inline conformance::channel bell;

int Feed(int& number, int& bell_end, int& silence);
long SessionOf(int number, int, int);
int Meet(int number, int, int);
int Add(int number, int, int);
int Look(int number, int, int);
int Fails(int number, int, int);
int Throws(int number, int, int);
int Late(int number, int, int);
int Step(int& number, int, int);
int Probe(int number, int, int);
void Told(int number, int error);
inline bool Is3(int number) { return number % 8 == 3; }
inline bool Is4(int number) { return number % 8 == 4; }
inline bool Is5(int number) { return number % 8 == 5; }
inline bool Is6(int number) { return number % 8 == 6; }
inline bool IsOdd(int number) { return number % 2 != 0; }
void finish();

#endif
