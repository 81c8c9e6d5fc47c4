// A line comes, the line goes back.
#ifndef ECHO_HPP
#define ECHO_HPP

#include <string>

#include "../trace.hpp"

inline flux::tcp_listener listener;
inline conformance::channel visitors;

void init(int argc, char** argv);
int Listen(flux::socket& peer);
int Greet(const flux::socket& peer);
int Read(flux::socket& peer, std::string& line);
int Write(const flux::socket& peer, std::string& line);
int Hang(flux::socket peer, std::string line);
void Broken(const flux::socket& peer, int error);
int Visit(int& number);
int Connect(int number, flux::socket& to, int& round);
int Ask(const flux::socket& to, int number, int& round);
int Hear(const flux::socket& to, int number, int round, std::string& heard);
int Forget(const flux::socket& to, int number, int round, const std::string& heard);
int Leave(flux::socket to, int number, int round, std::string heard);
inline bool IsOver(const std::string& line) { return line.empty(); }
inline bool IsLast(const std::string& heard) { return heard.find(" last") != std::string::npos; }
void finish();

#endif
