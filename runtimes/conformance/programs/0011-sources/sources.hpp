// Sources that run dry.
#ifndef SOURCES_HPP
#define SOURCES_HPP

#include <string>

#include "../trace.hpp"

inline conformance::channel never;
inline conformance::channel crowd;
inline conformance::channel links;
inline conformance::channel members;

int Crowd(int& number);
int Arrive(int number, int& door);
int Wait(int number, int door);
void Gone(int number, int error);

int Flaky(int& number);
void NotYet(int error);
int Take(int number);

int Get(int& number);
int Square(int& number);
int Stamp(int number, std::string& stamp);
void Refused(int number, int error);
int Link(int number, std::string stamp);
inline bool IsOdd(int number) { return number % 2 == 1; }

int Member(int& number);
unsigned short IdOf(int number);
int Greet(int number);

void finish();

#endif
