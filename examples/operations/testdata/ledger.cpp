#include "ledger.h"

#include <chrono>
#include <thread>

int Post() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  return 0;
}
