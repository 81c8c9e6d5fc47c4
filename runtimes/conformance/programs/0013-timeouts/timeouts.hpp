// Nodes that are late.
#ifndef TIMEOUTS_HPP
#define TIMEOUTS_HPP

#include <string>

#include "../trace.hpp"

// A pipe to wait for, and what a flow remembers.
struct line {
  flux::socket reading;
  flux::socket writing;
  int rounds = 0;
  bool asked = false;
  int fd() const { return reading.fd(); }
};

inline conformance::numbers feed(14);
inline conformance::channel sitters;
inline conformance::channel nothing;

int Feed(int& number);
int Open(int number, line*& incoming);
int Tell(int number, line* incoming);
int Never(int number, line* incoming);
int InTime(int number, line* incoming);
int Trickle(int number, line* incoming);
int SlowCall(int number, line* incoming);
int SlowAgain(int number, line* incoming);
int SlowCall2(int number, line* incoming);
int NotCalled(int number, line* incoming);
int Quick(int number, line* incoming);
int Waits(int number, line* incoming);
int Pause(int number, line* incoming);
int Pause2(int number, line* incoming);
int NoHandler(int number, line* incoming);
int Waits2(int number, line* incoming);
int Call(int number, line* incoming);
int Queued(int number, line* incoming);
int QueuedToo(int number, line* incoming);
int Sitters(int& chair);
int Stay(int chair);
void Late(int number, line* incoming, int error);
void LateRound(int number, line* incoming, int error);
int Act();
bool IsThrough(line* incoming);
bool IsGone(line* incoming);
inline bool Is1(int number) { return number == 1; }
inline bool Is2(int number) { return number == 2; }
inline bool Is3(int number) { return number == 3; }
inline bool Is4(int number) { return number == 4; }
inline bool Is5(int number) { return number == 5; }
inline bool Is6(int number) { return number == 6; }
inline bool Is7(int number) { return number == 7; }
inline bool Is8(int number) { return number == 8; }
inline bool Is9(int number) { return number == 9; }
inline bool Is10(int number) { return number == 10; }
inline bool Is11(int number) { return number == 11; }
inline bool Is12(int number) { return number == 12; }
inline bool Is13(int number) { return number == 13; }
void finish();

#endif
