#include "flux/flux.hpp"

inline flux::tcp_listener listener;
int Listen(flux::socket& client);
int Take(flux::socket client);
int Give(flux::socket client);
bool IsReady(flux::socket client);
void Refuse(const flux::socket& client, int error);
