// What ticks.
#ifndef TIMERS_HPP
#define TIMERS_HPP

#include "../trace.hpp"

inline conformance::channel never;

int Beat();
int Measure();
int Bed(int& bed);
int Sleep(int bed, int& rounds);
void Slept(int error);
int Enter(int& mine, int& bed);
int Doze(int mine, int bed);
void Awake(int mine, int error);
int Fail();
void finish();

#endif
