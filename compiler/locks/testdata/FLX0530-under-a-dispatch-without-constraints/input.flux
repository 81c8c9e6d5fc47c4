include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Page;

typedef big IsBig;
Page = Outer -> Other;
Outer = Plain;
Plain:[big] = X;
Plain:[_] = ;
Other = Y;
atomic Outer: {b};
atomic X: {a};
atomic Other: {a};
atomic Y: {b};
