// A server of lines.
#ifndef LINES_HPP
#define LINES_HPP

#include <flux/flux.hpp>
#include <string>

extern flux::tcp_listener listener;

int init(int argc, char** argv);
int Listen(flux::socket& client, std::string& kept);
int Read(flux::socket& client, std::string& kept, std::string& line);
bool IsHold(const std::string& line);
bool IsNap(const std::string& line);
int Hold(flux::socket& client, std::string& kept, std::string& line);
int Nap(flux::socket& client, std::string& kept, std::string& line);
int Answer(flux::socket& client, std::string& kept, std::string& line);

#endif
