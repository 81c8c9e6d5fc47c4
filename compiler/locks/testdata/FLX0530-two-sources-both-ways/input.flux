include "nodes.h";

Listen () => (int socket);
Admin () => (int socket);
X (int socket) => (int socket);
Y (int socket) => (int socket);

source Listen => Page;
source Admin => Report;

Page = X;
Report = Y;
atomic Page: {z};
atomic X: {y};
atomic Report: {y};
atomic Y: {z};
