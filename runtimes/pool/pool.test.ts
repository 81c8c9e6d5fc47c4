/** The pool as a server has it, with the checks of a debug build on. Under sanitizers and by the thousand: `pool.slow.test.ts`. */
import { describePool } from "./testing/pool-suite.ts";

describePool({ name: "debug", options: ["--debug"], reused: 3_000, idle: 1_000, slower: 1 });
