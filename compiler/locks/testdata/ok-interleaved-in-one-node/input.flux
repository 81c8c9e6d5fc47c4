include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);

source Listen => Page;

Page = X -> X;
atomic Page: {z, a};
atomic X: {m, a?};
