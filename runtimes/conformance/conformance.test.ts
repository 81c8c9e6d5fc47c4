/**
 * One suite for every runtime: each program of `programs/` is built for each runtime found and must print the same. On the
 * test runtime it must do so however it is scheduled.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { buildProgram, bundleCommandLine, compared, findPrograms, runProgram, runtimesFound, type Outcome, type Run } from "./testing/programs.ts";

const programs = findPrograms();
const runtimes = runtimesFound().map(({ name }) => name);
let fluxc: readonly string[];

beforeAll(async () => {
  fluxc = await bundleCommandLine("fast");
});

/** Freedoms of a runtime, used one by one and together. */
const schedules = [
  [],
  ["--flux-test-park=needed"],
  ["--flux-test-order=lifo"],
  ["--flux-test-readiness=edge"],
  ["--flux-test-explore=random:1-12"],
  ["--flux-test-explore=random:1-12", "--flux-test-readiness=edge", "--flux-test-park=needed"],
];

/** Of every other runtime; one event loop leaves out constraints that several lock. */
const settings: Readonly<Record<string, readonly (readonly string[])[]>> = { test: schedules, event: [[], ["--flux-loops=1"]] };

test("there are runtimes and programs", () => {
  expect(runtimes).toEqual(expect.arrayContaining(["test", "thread"]));
  expect(programs.length).toBeGreaterThanOrEqual(20);
});

describe.each(runtimes)("%s", (runtime) => {
  test.each(programs)("$name", async (program) => {
    const executable = await buildProgram(fluxc, program, runtime);
    for (const run of program.runs) {
      if (run.script !== undefined && runtime !== "test") continue;
      for (const options of settings[runtime] ?? [[]]) {
        judge(run, options, await runProgram(executable, program, run, options));
      }
    }
  });
});

function judge(run: Run, options: readonly string[], outcome: Outcome): void {
  const { found, expected } = compared(run, options, outcome);
  expect(found).toEqual(expected);
}
