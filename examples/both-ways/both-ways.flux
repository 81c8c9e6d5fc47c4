// Two flows that nest two constraints both ways: the example of the paper that Flux comes from (Burns et al., USENIX ATC 2006).
// Nobody has to see that; `fluxc locks` shows what the compiler saw.

include "both_ways.h";

source Number => Either;

Number () => (int number);
Either:[odd] = A;
Either:[_] = C;

// Holds x, then asks for y.
A = B;
atomic A: {x};
atomic B: {y};

// Holds y, then asks for x.
C = D;
atomic C: {y};
atomic D: {x};

B (int number) => ();
D (int number) => ();

typedef odd IsOdd;
