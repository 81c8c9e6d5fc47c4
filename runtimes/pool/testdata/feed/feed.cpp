#include "feed.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

constexpr int kNumbers = 3000;
int most = 0;
int greatest = 0;
std::atomic<int> fed{0};
int served = 0;

}  // namespace

int init(int argc, char** argv) {
  if (argc != 2) return 1;
  most = std::atoi(argv[1]);
  return 0;
}

int Feed(int& number) {
  if (fed == kNumbers) {
    while (!flux::stopping()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return 0;
  }
  number = ++fed;
  return 0;
}

// There is one worker.
int Serve(int number) {
  if (number != ++served) {
    std::printf("%d came as the %d.\n", number, served);
    std::exit(9);
  }
  if (number % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const int waiting = fed - number;
  if (waiting > greatest) greatest = waiting;
  if (number == kNumbers) flux::stop();
  return 0;
}

// One more than the queue holds: the one the source has in its hands.
void finish() { std::printf("in order; %s\n", greatest <= most + 1 ? "bounded" : "not bounded"); }
