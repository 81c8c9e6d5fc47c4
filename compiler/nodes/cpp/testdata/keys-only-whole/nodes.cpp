#include "nodes.h"

int Listen(color& name) {
  name = {};
  return 0;
}

int Rename(const color& name, color& to) {
  to = name;
  return 0;
}
