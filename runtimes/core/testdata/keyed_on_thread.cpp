// The server with constraints of a session and of a key, on `thread`.
#include "thread/runtime.hpp"

namespace flux {
namespace tested = thread;
}

#include "core/testdata/keyed.hpp"
