// Flows that do not end by themselves.
#ifndef DRAIN_HPP
#define DRAIN_HPP

#include <memory>
#include <string>

#include "../trace.hpp"

using conformance::counted;

inline conformance::channel feed;
inline conformance::channel nothing;
inline conformance::channel rounds;

// Waits for ever, but number 5, which can go round a loop twice.
struct guest : counted {
  int fd() const { return value == 5 ? rounds.fd() : nothing.fd(); }
};

int init(int argc, char** argv);
int Feed(int& number);
int Make(int number, guest& a, std::unique_ptr<counted>& b);
int Waits(int number, guest& a, std::unique_ptr<counted>& b);
int Holds(int number, guest& a, std::unique_ptr<counted>& b);
int Queues(int number, guest& a, std::unique_ptr<counted>& b);
int Limited(int number, guest& a, std::unique_ptr<counted>& b, counted& more, std::string& text);
int Drop(const counted& more, const std::string& text);
int Round(int number, guest& a, std::unique_ptr<counted>& b);
int Ends(int number, guest& a, std::unique_ptr<counted>& b);
int Stop(int number, guest& a, std::unique_ptr<counted>& b);
void Now(int number, int error);
void Never(int number, int error);
inline bool Is1(int number) { return number == 1; }
inline bool Is2(int number) { return number == 2; }
inline bool Is3(int number) { return number == 3; }
inline bool Is4(int number) { return number == 4; }
inline bool Is5(int number) { return number == 5; }
inline bool Is6(int number) { return number == 6; }
void finish();

#endif
