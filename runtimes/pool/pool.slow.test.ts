/** The pool with as many clients as it is for, and under every sanitizer. */
import { describeFewThreads, type FewThreads } from "./testing/few-threads.ts";

const pool: FewThreads = { runtime: "pool", threads: "--flux-workers", always: [], mayBlock: true };

describeFewThreads(pool, { name: "optimised", options: ["--release"], reused: 100_000, idle: 9_000, slower: 1 });
describeFewThreads(pool, { name: "ThreadSanitizer", options: ["--debug", "--sanitize", "thread"], reused: 20_000, idle: 1_000, slower: 10 });
describeFewThreads(pool, { name: "other sanitizers", options: ["--debug", "--sanitize", "address,undefined"], reused: 20_000, idle: 1_000, slower: 10 });
