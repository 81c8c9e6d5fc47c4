include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);
Z (int socket) => (int socket);

source Listen => Page;

typedef small IsSmall;
typedef big IsBig;
Page:[small] = One;
Page:[big] = Two;
Page:[_] = Three;
One = X;
Two = Y;
Three = Z;
atomic One: {a};
atomic X: {b};
atomic Two: {b};
atomic Y: {c};
atomic Three: {c};
atomic Z: {a};
