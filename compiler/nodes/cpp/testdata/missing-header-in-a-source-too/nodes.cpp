#include "node.h"

int Make(int& number) {
  number = 1;
  return 0;
}
int Use(int) { return 0; }
