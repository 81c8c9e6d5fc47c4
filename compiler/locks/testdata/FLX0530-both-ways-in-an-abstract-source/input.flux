include "nodes.h";

Accept () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Page;
Listen = Accept -> X;
Page = Y;
atomic Listen: {b};
atomic X: {a};
atomic Page: {a};
atomic Y: {b};
