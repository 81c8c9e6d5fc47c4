#pragma once
#include <flux/flux.hpp>

extern flux::tcp_listener listener;

void init(int argc, char** argv);
int Listen(flux::socket& client);
int Read(flux::socket& client);
int Hold(flux::socket& client);
int Reply(flux::socket client);
