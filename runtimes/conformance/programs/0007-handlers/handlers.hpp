// Failing nodes and handlers that say who they are.
#ifndef HANDLERS_HPP
#define HANDLERS_HPP

#include <string>

#include "../trace.hpp"

inline conformance::numbers feed(25);

int Feed(int& number);
int Start(int number, std::string& text);
int Pre(int number, std::string& text);
int Fail(int number, const std::string& text);
int Wild(int number, const std::string& text);
int Named(int number, const std::string& text);
int InAny(int number, std::string& text);
int FailNone(int number, std::string& text);
int FailUnsigned(int number, std::string text);
int FailAll(int number, std::string text);
int Change(int& number, std::string& text, std::string& more);
int Cut(int number, const std::string& text, const std::string& more);
int FailTwice(int number, std::string& text);
int ThrowTwice(int number, std::string& text);
int Last(int number, const std::string& text);
int Code(int number, const std::string& text);
int Fragile(int number, const std::string& text);

void Plain(int number, const std::string& text, int error);
void InAround(int number, const std::string& text, int error);
int AfterPre(int number, std::string text, int error);
void InBeforeAndAround(int number, const std::string& text, int error);
void InDeeper(int number, const std::string& text, int error);
void InDeep(int number, const std::string& text, int error);
void Star(int error);
void InStarred(int number, const std::string& text, int error);
void InStarredNamed(int number, const std::string& text, int error);
void OfNamed(int number, int error);
void OfAny(int number, const std::string& text, int error);
void None(int error);
void Unsigned(int number, int error);
void All(int number, const std::string& text, int error);
void SeeChange(int number, std::string& text, int error);
int FailAgain(int number, const std::string& text, int error);
int Never(int number);
int ThrowAgain(int number, int error);
void TellCode(int number, int error);
void OfFragile(int number, int error);
void OfFragileAfterPre(int number, int error);
void InRound(int number, const std::string& text, int error);
inline bool Is1(int number) { return number == 1; }
inline bool Is2(int number) { return number == 2; }
inline bool Is3(int number) { return number == 3; }
inline bool Is4(int number) { return number == 4; }
inline bool Is5(int number) { return number == 5; }
inline bool Is6(int number) { return number == 6; }
inline bool Is7(int number) { return number == 7; }
inline bool Is8(int number) { return number == 8; }
inline bool Is9(int number) { return number == 9 || number == 21 || number == 22; }
inline bool Is10(int number) { return number == 10; }
inline bool Is11(int number) { return number == 11; }
inline bool Is12(int number) { return number == 12; }
inline bool Is13(int number) { return number == 13; }
inline bool Is14(int number) { return number == 14; }
inline bool Is15(int number) { return number == 15; }
inline bool Is16(int number) { return number == 16; }
inline bool Is17(int number) { return number == 17; }
inline bool Is18(int number) { return number == 18; }
inline bool Is19(int number) { return number == 19; }
inline bool Is20(int number) { return number == 20; }
bool HasOne(const std::string& text);
bool HasTwo(const std::string& text);
bool IsLong(const std::string& text);
void finish();

#endif
