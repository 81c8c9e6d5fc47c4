include "server.h;
A = B;
