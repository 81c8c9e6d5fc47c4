// The nodes of both-ways.flux: counters that nothing but constraints protects.
#include "both_ways.h"

#include <flux/flux.hpp>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

int flows = 1'000'000;
int started = 0;

// Each belongs to the constraint of its name.
long x = 0;
long y = 0;

}  // namespace

void init(int argc, char** argv) {
  if (argc > 2) throw std::runtime_error("usage: both-ways [FLOWS]");
  if (argc == 2) flows = std::stoi(argv[1]);
}

int Number(int& number) {
  if (started == flows) {
    flux::stop();
    return ECANCELED;
  }
  number = started++;
  return 0;
}

bool IsOdd(int number) { return number % 2 != 0; }

int B(int) {
  ++x;
  ++y;
  return 0;
}

int D(int) {
  ++y;
  ++x;
  return 0;
}

void finish() { std::printf("%d flows: x is %ld, y is %ld\n", started, x, y); }
