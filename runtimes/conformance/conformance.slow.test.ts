/**
 * The programs again, for as long as it takes: hundreds of schedules, every schedule of the first thousands, optimised
 * builds, sanitizers, and with every node offloaded.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { checkOnly } from "../../compiler/compile.ts";
import { buildProgram, bundleCommandLine, compared, findPrograms, runProgram, runtimesFound, type Outcome, type Program, type Run } from "./testing/programs.ts";

const programs = findPrograms();
const runtimes = runtimesFound().map(({ name }) => name);
let fluxc: readonly string[];

beforeAll(async () => {
  fluxc = await bundleCommandLine("slow");
});

const real = runtimes.filter((runtime) => runtime !== "test");

/** `undefined` and `address` together find what each finds alone. The test runtime has one thread, and time that nothing makes faster. */
const builds: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["optimised", ["--release"], real],
  ["address and undefined", ["--debug", "--sanitize", "address,undefined"], runtimes],
  ["thread", ["--debug", "--sanitize", "thread"], real],
];

describe.each(builds)("%s", (_, options, on) => {
  describe.each(on)("%s", (runtime) => {
    test.each(programs)("$name", async (program) => {
      const executable = await buildProgram(fluxc, program, runtime, options);
      await judgeAll(program, executable, runtime, runtime === "test" ? [[], ["--flux-test-explore=random:1-10"]] : [[], [], []]);
    });
  });
});

describe("many schedules", () => {
  test.each(programs)("$name", async (program) => {
    const executable = await buildProgram(fluxc, program, "test");
    await judgeAll(program, executable, "test", [
      ["--flux-test-explore=all:500"],
      ["--flux-test-explore=random:1-300"],
      ["--flux-test-explore=random:1-100", "--flux-test-park=needed"],
      ["--flux-test-explore=random:1-100", "--flux-test-readiness=edge"],
    ]);
  });
});

describe("real time, again and again", () => {
  test.each(real)("%s", async (runtime) => {
    for (const program of programs) {
      const executable = await buildProgram(fluxc, program, runtime);
      await judgeAll(program, executable, runtime, Array.from({ length: 20 }, () => []));
    }
  });
});

describe("every node may block", () => {
  test.each(programs)("$name", async (program) => {
    const changed = withBlockingNodes(program);
    const executable = await buildProgram(fluxc, changed, "test");
    await judgeAll(changed, executable, "test", [[], ["--flux-test-explore=random:1-30"]]);
  });
});

/** The same program in a folder of its own, with `blocking` for each of its concrete nodes. Its sources are linked, not copied. */
function withBlockingNodes(program: Program): Program {
  const folder = join(program.folder, "build", "blocking", program.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const kept = readdirSync(program.folder).filter((name) => name !== "build" && !name.endsWith(".flux"));
  for (const name of kept) symlinkSync(join(program.folder, name), join(folder, name));
  symlinkSync(join(program.folder, "../trace.hpp"), join(folder, "../trace.hpp"));
  const text = readFileSync(program.file, "utf8");
  const file = join(folder, basename(program.file));
  const { nodes } = checkOnly({ path: file, text }).value;
  const calm = [...nodes.values()].filter((node) => node.kind === "concrete" && !node.blocking);
  writeFileSync(file, `${text}\n${calm.map(({ name }) => `blocking ${name};\n`).join("")}`);
  return { ...program, folder, file };
}

async function judgeAll(program: Program, executable: string, runtime: string, schedules: readonly (readonly string[])[]): Promise<void> {
  for (const run of program.runs) {
    if (run.script !== undefined && runtime !== "test") continue;
    for (const options of schedules) judge(run, options, await runProgram(executable, program, run, options, 600));
  }
}

function judge(run: Run, options: readonly string[], outcome: Outcome): void {
  const { found, expected } = compared(run, options, outcome);
  expect(found).toEqual(expected);
}
