// Flows that learn of the stop.
#ifndef STOPPING_HPP
#define STOPPING_HPP

#include "../trace.hpp"

inline conformance::channel feed;
inline conformance::channel nothing;
inline conformance::channel rest;

// A flow, and what it waits for.
struct visitor {
  int number;
  int fd() const { return number == 2 ? rest.fd() : nothing.fd(); }
};

int init(int argc, char** argv);
int Feed(visitor& number);
int Idle(visitor number);
int Half(visitor number, int& calls);
int Drop(int calls);
int Patient(visitor number);
int Stop(visitor number);
void Cancelled(visitor number, int error);
void Out(visitor number, int error);
int Beat();
inline bool Is1(visitor number) { return number.number == 1; }
inline bool Is2(visitor number) { return number.number == 2; }
inline bool Is3(visitor number) { return number.number == 3; }
void finish();

#endif
