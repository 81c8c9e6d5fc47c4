// The server with constraints of a session and of a key, on the test runtime.
#include "conformance/test/runtime.hpp"

namespace flux {
namespace tested = test;
}

#include "core/testdata/keyed.hpp"
