// Sources that are inside their function when the server stops.
#ifndef LEFT_HPP
#define LEFT_HPP

#include "../trace.hpp"

using conformance::counted;

// Never rings.
inline conformance::channel bell;

int init(int argc, char** argv);

int Direct(int& number, counted& owned);
void Refused(int error);

int First(int& number);
int Second(int number, counted& owned);
void Late(int number, int error);

int Waiting(int& number, counted& owned);

int Serve(int number, counted owned);
void finish();

#endif
