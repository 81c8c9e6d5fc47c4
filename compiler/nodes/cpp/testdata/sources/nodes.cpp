#include "nodes.h"

int Make(int& number) {
  number = 1
  return 0;
}

int Use(int number) {
  std::list<int> numbers{number};
  std::sort(numbers.begin(), numbers.end());
  return 0;
}
