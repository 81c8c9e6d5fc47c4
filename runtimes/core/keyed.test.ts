/** Locks by key and pools under real servers, with ranks checked. Under sanitizers and with clang: `keyed.slow.test.ts`. */
import { describeKeyed } from "./testing/keyed-suite.ts";

describeKeyed({ name: "ranks checked", flags: ["-O0", "-g1", "-DFLUX_CHECK_RANKS"] });
