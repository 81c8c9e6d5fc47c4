// What many flows share.
#ifndef LOAD_HPP
#define LOAD_HPP

#include "../trace.hpp"

inline conformance::channel never;
inline conformance::channel door;

int First(int& number);
int Second(int& number);
int Split(int number, int& amount);
int Add(int number, int amount);
int Check(int number, int amount);
int Left(int number, int amount);
int Right(int number, int amount);
int Lend(int number, int amount, int& entry);
int Wait(int number, int& amount, int entry);
int Both(int number, int amount);
int Fails(int number, int amount);
void Undo(int number, int amount, int error);
int Done(int number, int amount);
inline bool IsOdd(int number) { return number % 2 == 1; }
inline bool IsThird(int number) { return number % 3 == 0; }
void finish();

#endif
