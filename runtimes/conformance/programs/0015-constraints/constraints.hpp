// Nodes that hold constraints.
#ifndef CONSTRAINTS_HPP
#define CONSTRAINTS_HPP

#include "../trace.hpp"

inline conformance::numbers feed(13);
inline conformance::channel never;
inline conformance::channel ready;

// How far a flow is, and what it waits for.
struct progress {
  int taken;
  int descriptor;
  int fd() const { return descriptor; }
};

int Feed(int& number);
int Begin(int number, progress& step);
int Probe(int number, progress step);
int Works(int number, progress& step);
int Fails(int number, progress& step);
int Throws(int number, progress& step);
int TimesOut(int number, progress& step);
int Waits(int number, progress& step);
int In(int number, progress& step);
int Inner(int number, progress& step);
int First(int number, progress& step);
int Second(int number, progress& step);
int AgainToo(int number, progress& step);
int Careful(int number, progress& step);
int FailInside(int number, progress& step);
int Take(int number, progress step, int error);
int Put(int number, progress step);
void Failed(int error);
int Tell(int number, progress step, int error);
inline bool Never(int number) { return number == 0; }
inline bool IsEnough(progress step) { return step.taken >= 3; }
inline bool Is1(int number) { return number == 1; }
inline bool Is2(int number) { return number == 2; }
inline bool Is3(int number) { return number == 3; }
inline bool Is4(int number) { return number == 4; }
inline bool Is5(int number) { return number == 5; }
inline bool Is6(int number) { return number == 6; }
inline bool Is7(int number) { return number == 7; }
inline bool Is8(int number) { return number == 8; }
inline bool Is9(int number) { return number == 9; }
inline bool Is10(int number) { return number == 10; }
inline bool Is11(int number) { return number == 11; }
inline bool Is12(int number) { return number == 12; }
void finish();

#endif
