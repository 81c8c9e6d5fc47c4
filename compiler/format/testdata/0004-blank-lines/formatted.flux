// A program.

include "a.h";
A = B;

B = C;

C = D;
D = E;

// Of its own.

/* The next. */
E = F;
// At the end.
