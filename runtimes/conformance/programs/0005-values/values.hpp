// Types that notice what is done to them.
#ifndef VALUES_HPP
#define VALUES_HPP

#include <memory>
#include <stdexcept>
#include <string>

#include "../trace.hpp"

using conformance::counted;

struct plain {
  int number;
  const char* text;
  double values[3];
};

// Cannot be made in flow 3.
struct choosy {
  static inline bool refuse = false;
  choosy() {
    if (refuse) throw std::runtime_error("not today");
  }
  counted inside;
};

// Neither copied nor moved: it lives where it was made.
struct immovable {
  immovable() : self(this) {}
  immovable(const immovable&) = delete;
  immovable& operator=(const immovable&) = delete;
  immovable* self;
  counted inside;
};

inline conformance::numbers feed(6);
inline conformance::channel ready;

// Something to wait for.
struct ticket {
  int fd() const { return ready.fd(); }
};

int Feed(int& number);
int Make(int number, counted& a, std::unique_ptr<counted>& b);
int Borrow(int number, const counted& a, const std::unique_ptr<counted>& b);
int CopyIn(int number, counted a, std::unique_ptr<counted>& b);
int Consume(int number, counted a, std::unique_ptr<counted> b);
int Fresh(int number, int& zero, int*& null, plain& nothing, counted& c, std::string& empty);
int Split(int number, int zero, int* null, const plain& nothing, const counted& c, const std::string& empty);
int Throwing(int& number, choosy& made);
int Fixed(int number, choosy& made, immovable& rock);
int Use(int number, immovable& rock, ticket& entry);
int Again(int& number, const ticket& entry, counted& times);
bool IsEnough(const counted& times);
int Drop(int number, ticket entry, counted times);
int Done(int number, ticket& entry, counted& times);
void AfterConsume(int number, const counted& a, int error);
void NotMade(int number, int error);
void HalfMade(int number, int error);
void finish();

#endif
