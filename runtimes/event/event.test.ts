/** The event loops as a server has them, with the checks of a debug build on. Under sanitizers and by the thousand: `event.slow.test.ts`. */
import { describeFewThreads } from "../pool/testing/few-threads.ts";
import { describeLoops, loops } from "./testing/loops.ts";

describeFewThreads(loops, { name: "debug", options: ["--debug"], reused: 3_000, idle: 1_000, slower: 1 });
describeLoops({ name: "debug", options: ["--debug"], slower: 1 });
