#include "flux/flux.hpp"

inline flux::tcp_listener listener;
int Listen(flux::socket& client);
int Greet(flux::socket& client, int& written);
int Close(flux::socket client, int written);
void Sorry(flux::socket client, int error);
void init(int argc, char** argv);
