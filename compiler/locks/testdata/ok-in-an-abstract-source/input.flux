include "nodes.h";

Accept () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

// The activation gives `b` back before the flow that it starts acquires `a`: no flow acquires `a` while it holds `b`.
source Listen => Page;
Listen = Accept -> X;
Page = Y;
atomic Listen: {b};
atomic X: {c};
atomic Page: {a};
atomic Y: {b};
