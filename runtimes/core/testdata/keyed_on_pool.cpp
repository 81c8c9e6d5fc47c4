// The server with constraints of a session and of a key, on `pool`.
#include "pool/runtime.hpp"

namespace flux {
namespace tested = pool;
}

#include "core/testdata/keyed.hpp"
