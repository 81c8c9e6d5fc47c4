/** Builds the C++ unit tests of `core` and runs them. With sanitizers and clang: `core.slow.test.ts`. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { buildExecutable, sourcesOf } from "./testing/build.ts";

test("the unit tests of core pass", { timeout: 600_000 }, async () => {
  const executable = await buildExecutable({
    sources: [...sourcesOf("core", "library"), ...sourcesOf("core", "tests")],
    flags: ["-O0", "-g1", "-DFLUX_CHECK_RANKS"],
  });
  const { stdout } = await promisify(execFile)(executable, ["--no-colors"]);
  expect(stdout).toContain("Status: SUCCESS!");
});
