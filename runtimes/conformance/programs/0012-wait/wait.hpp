// Nodes that wait.
#ifndef WAIT_HPP
#define WAIT_HPP

#include <string>

#include "../trace.hpp"

// Something that has a descriptor.
struct line {
  flux::socket end;
  std::string text;
  // Not const: whoever has a descriptor need not promise more.
  int fd() { return end.fd(); }
};

inline conformance::numbers feed(10);
using conformance::channel;

inline channel pulse;

int Feed(int& number);
int Open(int number, int& reading, int& writing);
int ReadLine(int number, int reading, int writing, std::string& line, int& calls);
int Show(int number, int reading, int writing, const std::string& line, int calls);
int Beside(int number, int reading, int writing, channel*& other);
int ReadAny(int number, int reading, int writing, channel* other);
int Negative(int number, int& reading, int writing);
int Closed(int number, int reading, int writing);
void Bad(int number, int reading, int writing, int error);
int HangUp(int number, int reading, int& writing);
int Soon(int number, int reading, int writing);
int Blocking(int number, int reading, int writing);
int Own(int number, int reading, int writing, flux::socket& reader);
int Owned(flux::socket& reader, int number, int writing, line*& incoming);
int Pointed(line* incoming, int number, int writing, int& reading);
int Fill(int number, int reading, int writing);
int WriteMore(int number, int reading, int writing, channel* other);
int ReadyAlready(int number, int reading, int writing);
int Close(int number, int reading, int writing);
int Act();
inline bool IsOne(int number) { return number == 1; }
inline bool IsTwo(int number) { return number == 2; }
inline bool IsThree(int number) { return number == 3; }
inline bool IsFour(int number) { return number == 4; }
inline bool IsFive(int number) { return number == 5; }
inline bool IsSix(int number) { return number == 6; }
inline bool IsSeven(int number) { return number == 7; }
inline bool IsEight(int number) { return number == 8; }
inline bool IsNine(int number) { return number == 9; }
void finish();

#endif
