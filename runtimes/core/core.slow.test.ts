/** The unit tests of `core` under every sanitizer, and with the other compiler. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { buildExecutable, sourcesOf } from "./testing/build.ts";

test.each([
  { name: "ThreadSanitizer", compiler: "g++", flags: ["-fsanitize=thread"] },
  { name: "AddressSanitizer and UndefinedBehaviorSanitizer", compiler: "g++", flags: ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] },
  { name: "clang", compiler: "clang++", flags: [] },
] as const)("the unit tests of core pass with $name", { timeout: 900_000 }, async ({ compiler, flags }) => {
  const executable = await buildExecutable({
    sources: [...sourcesOf("core", "library"), ...sourcesOf("core", "tests")],
    flags: ["-O1", "-g", ...flags],
    compiler,
  });
  const { stdout, stderr } = await promisify(execFile)(executable, ["--no-colors"]);
  expect(stdout).toContain("Status: SUCCESS!");
  expect(stderr).toBe("");
});
