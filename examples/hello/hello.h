// What hello.flux is made of: what flows between its nodes, and the nodes.
#ifndef HELLO_H
#define HELLO_H

#include <flux/flux.hpp>
#include <string>

// Where connections come from.
extern flux::tcp_listener listener;

// Called once, before the first connection: opens `listener`. `--port N` says where; 0 takes a free port.
void init(int argc, char** argv);

// A node takes its inputs, then its outputs by reference. It returns 0 when it worked, flux::again when it has to
// wait, and anything else when it failed.
int Listen(flux::socket& client);
int ReadRequest(flux::socket& client, std::string& request);
int Greet(flux::socket& client, const std::string& request, std::string& reply);
int Send(flux::socket& client, std::string& reply);

#endif
