// What {{name}}.flux is made of: its nodes, declared. Their bodies are in {{name}}.cpp.
#ifndef {{NAME}}_H
#define {{NAME}}_H

#include <flux/flux.hpp>
#include <string>

// Where connections come from.
extern flux::tcp_listener listener;

// Called once, before the first connection. `--port N` says where; 0 takes a free port.
void init(int argc, char** argv);

// A node takes its inputs, then its outputs by reference. It returns 0 when it worked, flux::again when it has to wait,
// and anything else when it failed.
int Listen(flux::socket& client);
int ReadRequest(flux::socket& client, std::string& request);
int CountVisit(flux::socket& client, const std::string& request, int& visitor);
int ReadVisits(flux::socket& client, const std::string& request, int& visits);
int Greet(flux::socket& client, int visitor, std::string& reply);
int Report(flux::socket& client, int visits, std::string& reply);
int NotFound(flux::socket& client, const std::string& request, std::string& reply);
int Send(flux::socket& client, std::string& reply);

// A handler takes what the failed node took, and why it failed.
int Explain(flux::socket& client, int error, std::string& reply);

// Predicates decide which way a flow goes.
bool IsFront(const std::string& request);
bool IsStatistics(const std::string& request);

#endif
