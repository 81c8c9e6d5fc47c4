// What {{name}}.flux is made of: its nodes, declared. Their bodies are in {{name}}.cpp.
#ifndef {{NAME}}_H
#define {{NAME}}_H

#include <flux/flux.hpp>
#include <string>

// Where connections come from.
extern flux::tcp_listener listener;

// Called once, before the first connection. `--port N` says where; 0 takes a free port.
void init(int argc, char** argv);

// A node takes its inputs, then those outputs that are not inputs, by reference. It returns 0 when it worked,
// flux::again when it has to wait, and anything else when it failed.
int Listen(flux::socket& client, std::string& unread);
int ReadLine(flux::socket& client, std::string& unread, std::string& line);
int Echo(flux::socket& client, std::string& unread, const std::string& line, std::string& reply);
int SayGoodbye(flux::socket& client, std::string& unread, const std::string& line, std::string& reply);
int Send(flux::socket& client, std::string& unread, std::string& reply);
int HangUp(flux::socket& client, std::string& unread);

// A handler takes what the failed node took, and why it failed.
int Explain(flux::socket& client, std::string& unread, int error, std::string& reply);

// A predicate decides which way a flow goes.
bool IsFarewell(const std::string& line);

#endif
