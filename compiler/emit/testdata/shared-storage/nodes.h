#include <string>
#include <vector>

#include "flux/flux.hpp"

inline flux::tcp_listener listener;
int Listen(flux::socket& client);
int Read(flux::socket& client, std::string& words);
int Write(flux::socket client, const std::string& words);
void Sorry(flux::socket client, int error);
int Take(std::vector<std::string>& lines);
int Save(const std::vector<std::string>& lines);
