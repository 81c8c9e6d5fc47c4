/** The event loops with as many clients as they are for, and under every sanitizer. */
import { describeFewThreads } from "../pool/testing/few-threads.ts";
import { describeLoops, loops } from "./testing/loops.ts";

describeFewThreads(loops, { name: "optimised", options: ["--release"], reused: 100_000, idle: 9_000, slower: 1 });
describeFewThreads(loops, { name: "ThreadSanitizer", options: ["--debug", "--sanitize", "thread"], reused: 20_000, idle: 1_000, slower: 10 });
describeFewThreads(loops, { name: "other sanitizers", options: ["--debug", "--sanitize", "address,undefined"], reused: 20_000, idle: 1_000, slower: 10 });
describeLoops({ name: "ThreadSanitizer", options: ["--debug", "--sanitize", "thread"], slower: 10 });
describeLoops({ name: "other sanitizers", options: ["--debug", "--sanitize", "address,undefined"], slower: 10 });
