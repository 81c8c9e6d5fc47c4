/**
 * Evidence by two tools that are not ours: where flows nest locks in the order of a plan they find nothing, and where every second flow
 * nests them the other way round each names the inversion, though nobody ever waited. On the other runtimes, whose flows go from
 * thread to thread, the rank check of a debug build is that test.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import { buildExecutable, sourcesOf } from "../core/testing/build.ts";

interface Tool {
  readonly name: string;
  readonly flags: readonly string[];
  /** Before the program's own. */
  readonly words: readonly string[];
  /** What it calls an inversion. */
  readonly inversion: RegExp;
}

const suppressions = join(import.meta.dirname, "testdata/helgrind.supp");
const tools: readonly Tool[] = [
  {
    name: "ThreadSanitizer",
    flags: ["-fsanitize=thread"],
    words: [],
    inversion: /WARNING: ThreadSanitizer: lock-order-inversion \(potential deadlock\)/,
  },
  {
    name: "helgrind",
    flags: ["-DFLUX_HELGRIND"],
    words: ["valgrind", "--tool=helgrind", "-q", "--history-level=none", `--suppressions=${suppressions}`, "--error-exitcode=66"],
    inversion: /Thread #\d+: lock order "0x[0-9A-F]+ before 0x[0-9A-F]+" violated/,
  },
];

describe.each(tools)("$name", ({ flags, words, inversion }) => {
  let executable = "";
  beforeAll(async () => {
    const sources = [...sourcesOf("core", "library"), ...sourcesOf("thread", "library"), "thread/testdata/nested.cpp"];
    executable = await buildExecutable({ sources, flags: ["-O1", "-g", ...flags] });
  }, 900_000);

  const run = (...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
    new Promise((resolve) => {
      const [command = "", ...rest] = [...words, executable, ...args];
      // ThreadSanitizer would sleep for a second at the end.
      const env = { ...process.env, TSAN_OPTIONS: "atexit_sleep_ms=0" };
      execFile(command, rest, { env, timeout: 100_000 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });

  describe.each(["writers", "readers", "pool", "session", "keys"])("%s", (nested) => {
    test("in the order of the plan: nothing to report", async () => {
      expect(await run(nested, "planned")).toEqual({ code: 0, stdout: "8 flows\n", stderr: "" });
    });

    test("in both orders: the inversion is reported, and nothing else", async () => {
      const { code, stdout, stderr } = await run(nested, "planted");
      expect({ code, stdout }).toEqual({ code: 66, stdout: "8 flows\n" });
      expect(stderr).toMatch(inversion);
      const kinds = stderr.split("\n").filter((line) => /WARNING: |Thread #\d+: |Possible data race/.test(line));
      expect(kinds.filter((line) => !inversion.test(line))).toEqual([]);
    });
  });
});
