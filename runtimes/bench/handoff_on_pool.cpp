// What it costs on `pool` to hand a lock over to a flow that waits for it.
#include "pool/runtime.hpp"

namespace flux {
namespace measured = pool;
}

#include "bench/handoff.hpp"

int main(int argc, char** argv) { return flux::bench::ring::run(argc, argv); }
