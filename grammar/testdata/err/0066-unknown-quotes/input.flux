include “server.h”;
