// All that the author of a node can ask of Flux. A node that only computes needs none of it.
#ifndef FLUX_FLUX_HPP
#define FLUX_FLUX_HPP

#include "flux/again.hpp"
#include "flux/socket.hpp"
#include "flux/stop.hpp"
#include "flux/tcp_listener.hpp"

#endif
