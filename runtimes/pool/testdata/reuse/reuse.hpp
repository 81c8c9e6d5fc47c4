// Connections that are closed in three ways.
#ifndef REUSE_HPP
#define REUSE_HPP

#include <flux/flux.hpp>

extern flux::tcp_listener listener;

// argv[1]: how many connections.
int init(int argc, char** argv);
int Clients(int& connections);
int Stop(int connections);
int Listen(int& client);
int Read(int client, char& how);
int Answer(int client, char how);
void Drop(int client, int error);

#endif
