#include "points.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int init(int argc, char **argv) {
  (void)argv;
  setvbuf(stdout, NULL, _IONBF, 0);
  printf("init %d\n", argc);
  return 0;
}

void finish(void) { printf("finish\n"); }

int Feed(int *number) {
  static int calls;
  if (*number != 0) abort();
  if (calls++ == 0) return ENOENT;
  *number = calls - 1;
  return 0;
}

int Place(int number, struct point *where) {
  printf("Place %d, output (%d, %d)\n", number, where->x, where->y);
  where->x = number;
  where->y = number * number;
  return 0;
}

bool IsFar(struct point where) { return where.y > 5; }

int Move(int number, struct point where, struct point *moved) {
  printf("Move %d\n", number);
  moved->x = where.x - 10;
  moved->y = where.y - 10;
  where.x = 0;
  return 0;
}

int Name(int number, struct point where, char **name, const char **kind) {
  if (number == 3) return 33;
  *name = malloc(32);
  snprintf(*name, 32, "(%d, %d)", where.x, where.y);
  *kind = number % 2 == 0 ? "even" : "odd";
  return 0;
}

int Show(int number, struct point where, char *name, const char *kind) {
  printf("Show %d, %d, %s, %s\n", number, where.x, name, kind);
  free(name);
  /* No source is called after that. */
  if (number == 5) raise(SIGTERM);
  return 0;
}

int Nameless(int number, struct point where, int error) {
  printf("Nameless %d (%d, %d): %d\n", number, where.x, where.y, error);
  return 0;
}

void Oops(int error) { printf("Oops %s\n", strerror(error)); }
