/** Which constraints a server of this runtime leaves out, read from its memory: it says so nowhere, since nothing but speed depends on it. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { buildProgram, bundleCommandLine } from "../conformance/testing/programs.ts";
import { pause, Server } from "../thread/testing/trial.ts";

const folder = join(import.meta.dirname, "testdata/elided");
let binary = "";
let running: Server | undefined;

beforeAll(async () => {
  const fluxc = await bundleCommandLine("elision");
  binary = await buildProgram(fluxc, { name: "elided", folder, file: join(folder, "elided.flux") }, "event", ["--release"]);
}, 300_000);
afterEach(() => running?.process.kill("SIGKILL"));

/** By constraint, the flag of the generated code. */
function flags(process: number): Readonly<Record<string, boolean>> {
  const symbols = execFileSync("nm", [binary], { encoding: "utf8" }).matchAll(/^([0-9a-f]+) b \w*?elided_([a-z]+)E$/gm);
  const base = Number.parseInt(readFileSync(`/proc/${process}/maps`, "utf8"), 16);
  const memory = openSync(`/proc/${process}/mem`, "r");
  const one = Buffer.alloc(1);
  const isSet = (offset: string): boolean => readSync(memory, one, 0, 1, base + Number.parseInt(offset, 16)) === 1 && one[0] === 1;
  const found = [...symbols].map(([, offset = "", name = ""]) => [name, isSet(offset)] as const);
  closeSync(memory);
  return Object.fromEntries(found);
}

// `fed` is a thread's, too, and inside `table`; `timers`, inside `bell`, is of two timers, which are on one loop only if there is but one.
test.each([
  [["--flux-loops", "1"], { fed: false, table: false, shared: true, bell: true, timers: true, beats: true }],
  [["--flux-loops", "2"], { fed: false, table: false, shared: false, bell: false, timers: false, beats: true }],
  [["--flux-loops", "1", "--flux-watchdog", "5s"], { fed: false, table: false, shared: false, bell: false, timers: false, beats: false }],
])("%j", async (words, expected) => {
  running = new Server(binary, words);
  await pause(600);
  const { pid } = running.process;
  expect(flags(pid ?? 0)).toEqual(expected);
  expect(await running.stop()).toMatchObject({ code: 0 });
  expect({ stdout: running.stdout, stderr: running.stderr }).toEqual({ stdout: "right, 0 met\n", stderr: "" });
});
