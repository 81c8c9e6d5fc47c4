/** The pool as a server has it, with the checks of a debug build on. Under sanitizers and by the thousand: `pool.slow.test.ts`. */
import { describeFewThreads, type FewThreads } from "./testing/few-threads.ts";

const pool: FewThreads = { runtime: "pool", threads: "--flux-workers", always: [], mayBlock: true };

describeFewThreads(pool, { name: "debug", options: ["--debug"], reused: 3_000, idle: 1_000, slower: 1 });
