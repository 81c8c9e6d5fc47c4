include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Page;

typedef big IsBig;
Page:[big] = Holding;
Page:[_] = Free;
Holding = Inner -> Y;
Free = Inner;
Inner = X;
atomic Holding: {a, c?};
atomic X: {e, a};
atomic Y: {a?};
