#ifndef POOLS_HPP
#define POOLS_HPP

#include "../trace.hpp"

inline conformance::channel never;
inline conformance::channel bell;

int Feed(int& number, int& bell_end, int& silence);
int Meet(int number, int, int);
int Fails(int number, int, int);
int Late(int number, int, int);
int Inner(int number, int, int);
int Probe(int number, int, int);
void Told(int number, int error);
inline bool Is4(int number) { return number % 8 == 4; }
inline bool Is6(int number) { return number % 8 == 6; }
void finish();

#endif
