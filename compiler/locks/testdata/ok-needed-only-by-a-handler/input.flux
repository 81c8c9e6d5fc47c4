include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Refuse (int socket, int error) => (int socket);

source Listen => Page;
Page = X;
atomic Page: {b};
handle error X => Failed;
Failed = Refuse;
atomic Failed: {a};
atomic Refuse: {b, c?};
