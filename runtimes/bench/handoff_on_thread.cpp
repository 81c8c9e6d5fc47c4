// What it costs on `thread` to hand a lock over to a flow that waits for it.
#include "thread/runtime.hpp"

namespace flux {
namespace measured = thread;
}

#include "bench/handoff.hpp"

int main(int argc, char** argv) { return flux::bench::ring::run(argc, argv); }
