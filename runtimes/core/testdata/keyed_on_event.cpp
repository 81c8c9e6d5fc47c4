// The server with constraints of a session and of a key, on `event`.
#include "event/runtime.hpp"

namespace flux {
namespace tested = event;
}

#include "core/testdata/keyed.hpp"
