include "nodes.h";

Listen () => (int socket);
First (int socket) => (int socket);
Second (int socket) => (int socket);

source Listen => Page;

typedef big IsBig;
Page:[big] = Forward;
Page:[_] = Backward;

Forward = First;
Backward = Second;
atomic Forward: {a};
atomic First: {b};
atomic Backward: {b};
atomic Second: {a};
