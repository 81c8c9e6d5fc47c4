/** The hand-written server of `testdata/keyed.hpp` on runtimes of each kind, for one variant of the build. */
import { execFile } from "node:child_process";

import { beforeAll, describe, expect, test } from "vitest";

import { buildExecutable, sourcesOf } from "./build.ts";

interface Variant {
  readonly name: string;
  readonly flags: readonly string[];
  readonly compiler?: "g++" | "clang++";
}

interface Outcome {
  readonly code: number;
  readonly stderr: string;
  readonly said: unknown;
}

const allGivenBack = { wrong: 0, inUse: 0, poolIsFull: true, classIsFree: true };

export function describeKeyed({ name, flags, compiler }: Variant): void {
  describe.each([
    { runtime: "thread", folder: "thread" },
    { runtime: "pool", folder: "pool" },
    { runtime: "event", folder: "event" },
    { runtime: "test", folder: "conformance/test" },
  ])(`constraints of a session and of a key, and a pool, on $runtime, ${name}`, { timeout: 120_000 }, ({ runtime, folder }) => {
    let executable = "";
    beforeAll(async () => {
      const sources = [...sourcesOf("core", "library"), ...sourcesOf(folder, "library"), `core/testdata/keyed_on_${runtime}.cpp`];
      executable = await buildExecutable({ sources, flags, ...(compiler === undefined ? {} : { compiler }) });
    }, 900_000);

    const run = (...args: readonly string[]): Promise<Outcome> =>
      new Promise((resolve) => {
        // ThreadSanitizer would sleep for a second at the end.
        const env = { ...process.env, TSAN_OPTIONS: "atexit_sleep_ms=0" };
        execFile(executable, args, { env, timeout: 100_000 }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), stderr, said: stdout === "" ? undefined : JSON.parse(stdout) });
        });
      });

    test("plain counters are right, limits strike, and everything is given back", async () => {
      const { code, stderr, said } = await run("load");
      expect(stderr).toBe("");
      expect(said).toMatchObject({ ...allGivenBack, fed: 6000, withoutMemory: 0 });
      const { done, timedOut } = said as { readonly done: number; readonly timedOut: number };
      expect(timedOut).toBeGreaterThan(0);
      expect(done + timedOut).toBe(6000);
      expect(code).toBe(0);
    });

    // The test runtime has none.
    if (runtime !== "test") {
      // ThreadSanitizer counts a lock that was given back as written all over, and so sees it if the watchdog looks into one.
      test("a watchdog that looks every millisecond touches no lock that may be gone", async () => {
        const { code, stderr, said } = await run("load", "--flux-watchdog", "4ms");
        expect(said).toMatchObject({ ...allGivenBack, fed: 6000 });
        const lines = stderr.split("\n").filter((line) => line !== "");
        expect(lines.filter((line) => !/^\S+: a flow of `Feed` made no progress for .* s: it /.test(line))).toEqual([]);
        expect(lines.some((line) => line.includes("it waits for `a(session)` as writer before `One`"))).toBe(true);
        // Names, whole and of this program: `b` is the class of `b[key]`.
        const names = new Set(lines.flatMap((line) => [...line.matchAll(/`([^`]*)`/g)].map(([, name]) => name)));
        expect(["Feed", "One", "All", "a(session)", "b", "b[key]", "p"]).toEqual(expect.arrayContaining([...names]));
        expect(code).toBe(0);
      });
    }

    test("without memory for a lock a node fails with ENOMEM, and the next works when there is some", async () => {
      const { code, stderr, said } = await run("memory");
      expect(stderr).toBe("");
      expect(said).toMatchObject({ ...allGivenBack, fed: 6000 });
      const { done, timedOut, withoutMemory } = said as Readonly<Record<"done" | "timedOut" | "withoutMemory", number>>;
      expect(withoutMemory).toBeGreaterThan(100);
      expect(done).toBeGreaterThan(100);
      expect(done + timedOut + withoutMemory).toBe(6000);
      expect(code).toBe(0);
    });

    test("the end of the drain destroys who holds and who waits, and every lock is given back", async () => {
      const { code, stderr, said } = await run("drain", "--flux-drain", "100ms");
      expect(stderr).toMatch(/^\S+: (?:stopped with \d+ flows that did not end|\d+ flows had not ended and were destroyed)\n$/);
      expect(said).toMatchObject({ ...allGivenBack, withoutMemory: 0 });
      expect(code).toBe(1);
    });
  });
}
