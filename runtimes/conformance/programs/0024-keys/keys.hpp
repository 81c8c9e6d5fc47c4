#ifndef KEYS_HPP
#define KEYS_HPP

#include <string>

#include "../trace.hpp"

inline conformance::channel never;
inline conformance::channel bell;

int Feed(int& number, std::string& from, std::string& to, int& bell_end, int& silence);
int Meet(int number, const std::string& from, const std::string& to, int, int);
int Save(int number, const std::string& from, const std::string& to, int, int);
int Transfer(int number, const std::string& from, const std::string& to, int, int);
int Read(int number, const std::string& from, const std::string& to, int, int);
int Write(int number, const std::string& from, const std::string& to, int, int);
int Audit(int number, const std::string& from, const std::string& to, int, int);
int Fails(int number, const std::string& from, const std::string& to, int, int);
int Throws(int number, const std::string& from, const std::string& to, int, int);
int Late(int number, const std::string& from, const std::string& to, int, int);
int Probe(int number, const std::string& from, const std::string& to, int, int);
void Told(int number, const std::string& from, const std::string& to, int error);
inline bool Is3(int number) { return number % 8 == 3; }
inline bool Is4(int number) { return number % 8 == 4; }
inline bool Is5(int number) { return number % 8 == 5; }
inline bool Is6(int number) { return number % 8 == 6; }
inline bool IsSame(const std::string& from) { return from == "an account with a long name, number 0"; }
void finish();

#endif
