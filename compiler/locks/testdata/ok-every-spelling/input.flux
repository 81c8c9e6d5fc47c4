include "nodes.h";

Listen () => (int socket);
A (int socket) => (int socket);
B (int socket) => (int socket);
C (int socket) => (int socket);
D (int socket) => (int socket);
E (int socket) => (int socket);

source Listen => Page;

Page = A -> B -> C -> D -> E;
atomic A: {x};
atomic B: {x!};
atomic C: {x?};
atomic D: {x(program)};
atomic E: {x?(program)};
