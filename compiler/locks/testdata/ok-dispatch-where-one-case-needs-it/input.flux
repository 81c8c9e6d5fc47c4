include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Page;

typedef big IsBig;
Page = Choose -> Y;
Choose:[big] = X;
Choose:[_] = ;
atomic X: {a};
atomic Y: {a, b};
