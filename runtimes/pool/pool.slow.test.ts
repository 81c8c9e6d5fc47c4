/** The pool with as many clients as it is for, and under every sanitizer. */
import { describePool } from "./testing/pool-suite.ts";

describePool({ name: "optimised", options: ["--release"], reused: 100_000, idle: 9_000, slower: 1 });
describePool({ name: "ThreadSanitizer", options: ["--debug", "--sanitize", "thread"], reused: 20_000, idle: 1_000, slower: 10 });
describePool({ name: "other sanitizers", options: ["--debug", "--sanitize", "address,undefined"], reused: 20_000, idle: 1_000, slower: 10 });
