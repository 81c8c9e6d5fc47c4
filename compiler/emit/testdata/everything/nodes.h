#include <string>

#include "flux/flux.hpp"

namespace net {
inline flux::tcp_listener listener;
}
// The type and its variable have one name.
struct request {
  request();
  std::string text;
};
int Listen(flux::socket& client, bool& close, std::string& page);
unsigned SessionOf(const flux::socket& client, bool close, const std::string& page);
bool IsClosing(bool close);
bool IsCached(const std::string& page);
int Read(flux::socket& client, bool& close, std::string& page);
int Look(flux::socket& client, bool close, std::string& page);
int Fetch(const flux::socket& client, bool close, std::string& page);
int Format(flux::socket& client, bool& close, std::string& page, request& made);
int Write(flux::socket& client, bool& close, const std::string& page, const request& made);
int Close(flux::socket& client, bool close, std::string page);
void Explain(flux::socket& client, bool close, std::string& page, int error);
int Drop(flux::socket&& client, bool close, std::string page);
void NotFound(const flux::socket& client, int error);
int Sweep();
int Log(const flux::socket& client, bool close, int error);
void Count(int error);
int init(int argc, char** argv);
void finish();
