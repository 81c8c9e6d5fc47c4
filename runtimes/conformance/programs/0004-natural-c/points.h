/* The nodes in C; read by the generated C++ too. */
#ifndef POINTS_H
#define POINTS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct point {
  int x;
  int y;
};

int init(int argc, char **argv);
void finish(void);

int Feed(int *number);
int Place(int number, struct point *where);
/* What is on both sides cannot be changed here; `moved` is another variable. */
int Move(int number, struct point where, struct point *moved);
int Name(int number, struct point where, char **name, const char **kind);
int Show(int number, struct point where, char *name, const char *kind);
bool IsFar(struct point where);
int Nameless(int number, struct point where, int error);
void Oops(int error);

#ifdef __cplusplus
}
#endif

#endif
