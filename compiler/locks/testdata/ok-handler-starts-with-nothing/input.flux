include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);
Refuse (int socket, int error) => (int socket);

source Listen => Page;
Page = X;
atomic Page: {a};
atomic X: {b};
handle error X => Failed;
Failed = Refuse -> Last;
Last = Y;
atomic Refuse: {b};
atomic Y: {a};
