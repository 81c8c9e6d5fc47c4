include "nodes.h";

Listen () => (int socket);
Y (int socket) => (int socket);

source Listen => Outer;

Outer = X;
X = Y;
atomic Outer: {b};
atomic X: {a};
atomic Y: {b};
