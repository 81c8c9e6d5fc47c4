// What both-ways.flux is made of.
#ifndef BOTH_WAYS_H
#define BOTH_WAYS_H

// Takes how many flows there are to be: 1,000,000 if nothing is said.
void init(int argc, char** argv);

int Number(int& number);
bool IsOdd(int number);
int B(int number);
int D(int number);

// Prints what was counted.
void finish();

#endif
