#include "handlers.hpp"

#include <stdexcept>
#include <system_error>

using conformance::say;

int Feed(int& number) { return feed.take(number); }

int Start(int number, std::string& text) {
  text = number == 9 ? "a" : number == 21 ? "bb" : "ccc";
  return 0;
}

int Pre(int, std::string& text) {
  text += "+";
  return 0;
}

int Fail(int number, const std::string&) { return 100 + number; }
int Wild(int number, const std::string&) { return 200 + number; }
int Named(int number, const std::string&) { return 300 + number; }

int InAny(int number, std::string& text) {
  text += "!";
  return number;
}

int FailNone(int number, std::string&) { return number; }
int FailUnsigned(int number, std::string) { return number; }
int FailAll(int number, std::string) { return number; }

int Change(int& number, std::string& text, std::string& more) {
  number = 1000;
  text = "changed";
  more = "lost";
  return 10;
}

int Cut(int, const std::string&, const std::string&) { std::abort(); }

int FailTwice(int, std::string&) { return 11; }
int ThrowTwice(int, std::string&) { throw std::logic_error("first"); }
int Last(int, const std::string&) { return 13; }

int Code(int number, const std::string&) {
  switch (number) {
    case 14:
      return -1;
    case 15:
      throw std::system_error(ENOSPC, std::generic_category(), "full");
    case 16:
      throw std::runtime_error("anything");
    default:
      return flux::again;  // without a wait
  }
}

int Fragile(int number, const std::string&) { return number; }

void Plain(int number, const std::string& text, int error) {
  say("%d: Plain after \"%s\", error %d", number, text.c_str(), error);
}

void InAround(int number, const std::string& text, int error) {
  say("%d: InAround after \"%s\", error %d", number, text.c_str(), error);
}

int AfterPre(int number, std::string text, int error) {
  say("%d: AfterPre after \"%s\", error %d", number, text.c_str(), error);
  return 0;
}

void InBeforeAndAround(int number, const std::string& text, int error) {
  say("%d: InBeforeAndAround after \"%s\", error %d", number, text.c_str(), error);
}

void InDeeper(int number, const std::string& text, int error) {
  say("%d: InDeeper after \"%s\", error %d", number, text.c_str(), error);
}

void InDeep(int number, const std::string& text, int error) {
  say("%d: InDeep after \"%s\", error %d", number, text.c_str(), error);
}

void Star(int error) {
  say("Star, error %d", error);
}

void InStarred(int number, const std::string& text, int error) {
  say("%d: InStarred after \"%s\", error %d", number, text.c_str(), error);
}

void InStarredNamed(int number, const std::string& text, int error) {
  say("%d: InStarredNamed after \"%s\", error %d", number, text.c_str(), error);
}

void OfNamed(int number, int error) {
  say("%d: OfNamed, error %d", number, error);
}

void OfAny(int number, const std::string& text, int error) {
  say("%d: OfAny after \"%s\", error %d", number, text.c_str(), error);
}

void None(int error) {
  say("None, error %d", error);
}

void Unsigned(int number, int error) {
  say("%d: Unsigned, error %d", number, error);
}

void All(int number, const std::string& text, int error) {
  say("%d: All after \"%s\", error %d", number, text.c_str(), error);
}

void SeeChange(int number, std::string& text, int error) {
  say("%d: SeeChange after \"%s\", error %d", number, text.c_str(), error);
}

int FailAgain(int number, const std::string& text, int error) {
  say("%d: FailAgain after \"%s\", error %d", number, text.c_str(), error);
  return EPERM;
}

int Never(int) { std::abort(); }

int ThrowAgain(int number, int error) {
  say("%d: ThrowAgain, exception %d", number, error == flux::exception);
  throw std::logic_error("second");
}

void TellCode(int number, int error) {
  const char* const what = error == -1 ? "-1" : error == ENOSPC ? "ENOSPC" : error == flux::exception ? "exception" : error == EAGAIN ? "EAGAIN" : "?";
  say("%d: TellCode %s", number, what);
}

void OfFragile(int number, int error) {
  say("%d: OfFragile, error %d", number, error);
}

void OfFragileAfterPre(int number, int error) {
  say("%d: OfFragileAfterPre, error %d", number, error);
}

void InRound(int number, const std::string& text, int error) {
  say("%d: InRound after \"%s\", error %d", number, text.c_str(), error);
}

bool HasOne(const std::string& text) { return text.size() == 1; }
bool HasTwo(const std::string& text) { return text.size() == 2; }
bool IsLong(const std::string& text) { return text.size() > 6; }

void finish() { say("finish"); }
