include "points.h";

// The natural C convention: pointers for outputs, in C, with types of C.

source Feed => Flow;
limit Feed: 1;

Flow = Place -> Sort -> Name -> Show;
Sort:[_, far_away] = Move;
Sort:[_, _] = ;

typedef far_away IsFar;

Feed () => (int number);
Place (int number) => (int number, struct point where);
Move (int number, point where) => (int number, point moved);
Name (int number, struct point where) => (int number, struct point where, char *name, const char *kind);
Show (int number, point where, char *name, const char *kind) => ();

handle error Name => Nameless;
handle error * => Oops;
