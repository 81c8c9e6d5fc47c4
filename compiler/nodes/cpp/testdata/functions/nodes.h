#include <string>

#include "flux/flux.hpp"

inline flux::tcp_listener listener;
int Listen(flux::socket& client);
int ByValue(flux::socket& client, int number);
long Returns(flux::socket& client, int number);
int Count(flux::socket& client, int number, bool extra);
int Mising(flux::socket& client, int number, const char*& text);
int Wrong(flux::socket& client, char* text, std::string& page);
int Text(flux::socket& client, const std::string& page, int& size);
int Same(flux::socket& client, int size);
int Same(flux::socket& client);
bool IsGood(const char* number);
void Refuse(const flux::socket& client, bool error);
void Deduced(int error, int more, int again, int andAgain);
double SessionOf(const flux::socket& client);
