#include "flux/flux.hpp"

inline flux::tcp_listener listener;
int Listen(flux::socket& client, int& steps);
int Take(flux::socket client, int steps);
int Give(flux::socket client, int steps);
bool IsReady(flux::socket client);
bool IsFar(int& steps);
void Refuse(const flux::socket& client, int error);
