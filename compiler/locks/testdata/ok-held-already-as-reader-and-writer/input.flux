include "nodes.h";

Listen () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Page;

Page = Inner;
Inner = X -> Y;
atomic Page: {a, b?};
atomic Inner: {a?};
atomic X: {a};
atomic Y: {b?, a?};
