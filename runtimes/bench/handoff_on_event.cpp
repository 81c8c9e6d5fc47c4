// What it costs on `event` to hand a lock over to a flow that waits for it.
#include "event/runtime.hpp"

namespace flux {
namespace measured = event;
}

#include "bench/handoff.hpp"

int main(int argc, char** argv) { return flux::bench::ring::run(argc, argv); }
