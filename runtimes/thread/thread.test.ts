/** The thread runtime as a server has it, with the checks of a debug build on. Under sanitizers and with clang: `thread.slow.test.ts`. */
import { describeTrial } from "./testing/trial-suite.ts";

describeTrial({ name: "ranks checked", flags: ["-O0", "-g1", "-DFLUX_CHECK_RANKS"] });
