include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);
W (int socket) => (int socket);

source Listen => Page;

Page = Outer -> Other;
Outer = Plain;
Plain = X -> W;
Other = Y;
atomic Outer: {b};
atomic X: {a};
atomic Other: {a};
atomic Y: {b};
