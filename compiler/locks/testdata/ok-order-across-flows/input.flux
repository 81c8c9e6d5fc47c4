include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);
Z (int socket) => (int socket);

source Listen => Page;

typedef big IsBig;
Page:[big] = One;
Page:[_] = Two;
One = X -> Z;
Two = Y -> Z;
atomic One: {m};
atomic X: {a};
atomic Two: {z};
atomic Y: {m};
atomic Z: {b?};
