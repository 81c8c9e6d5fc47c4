#include <vector>

#include "flux/flux.hpp"

struct image {};
inline flux::tcp_listener listener;
int Make(image& page);
int Use(image page);
