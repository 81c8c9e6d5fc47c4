// The example of the paper (Burns et al., "Flux", USENIX ATC 2006, section 3.1.1): two flows that nest two constraints both ways.
include "nodes.h";

Listen () => (int socket);
B (int socket) => (int socket);
D (int socket) => (int socket);

source Listen => Either;
typedef odd IsOdd;
Either:[odd] = A;
Either:[_] = C;

A = B;
C = D;
atomic A: {x};
atomic B: {y};
atomic C: {y};
atomic D: {x};
