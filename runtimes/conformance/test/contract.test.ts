/**
 * The test runtime against programs written by hand: what a right one prints under every schedule, and that every way
 * of breaking the contract is seen. Without this a fault of generated code could pass for a pass.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findCompiler, variantFor } from "../../../compiler/cli/cxx/compiler.ts";
import { compileUnit } from "../../../compiler/cli/cxx/objects.ts";
import { inParallel, runTool } from "../../../compiler/cli/cxx/processes.ts";
import { makeLibrary, planLibrary } from "../../../compiler/cli/cxx/runtime-library.ts";
import { chooseRuntime, runtimesFolder } from "../../../compiler/cli/runtimes.ts";

const folder = join(import.meta.dirname, "build");
const programs = ["contract_test", "tables_test"] as const;
const warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"];

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const compiler = await findCompiler(undefined);
  const { flags } = variantFor({});
  const root = runtimesFolder();
  const library = planLibrary(chooseRuntime("test"), root, compiler, flags, folder);
  const { compiled } = await makeLibrary(library, (units) => inParallel(units.map((unit) => () => compileUnit(unit))));
  expect(compiled.filter(({ worked }) => !worked).map(({ outcome }) => outcome?.stderr)).toEqual([]);

  const words = [...compiler.words, "-std=c++20", ...flags, ...warnings, "-I", root, "-I", join(root, "include")];
  for (const name of programs) {
    const source = join(import.meta.dirname, `${name}.cpp`);
    const unit = { source, object: join(folder, `${name}.o`), words, identity: compiler.identity };
    const { worked, outcome } = await compileUnit(unit);
    expect({ worked, stderr: outcome?.stderr ?? "" }).toEqual({ worked: true, stderr: "" });
    const linked = await runTool([...compiler.words, ...flags, unit.object, library.library, "-o", join(folder, name)]);
    expect(linked.stderr).toBe("");
  }
});

const runProgram = async (name: (typeof programs)[number], options: readonly string[]): Promise<string> => {
  const { code, signal, stdout, stderr } = await runTool([join(folder, name), ...options]);
  return `${stdout}${stderr}exit ${code ?? signal}\n`;
};
const run = (...options: readonly string[]): Promise<string> => runProgram("contract_test", options);
const runTables = (...options: readonly string[]): Promise<string> => runProgram("tables_test", options);

const flows = (...order: readonly number[]): string => `${order.map((flow) => `flow ${flow}0\n`).join("")}finish\n`;

describe("a program that keeps the contract", () => {
  test.each([
    ["fifo", flows(1, 2, 3)],
    ["lifo", flows(3, 2, 1)],
    ["replay:1.0.2", flows(1, 2, 3)],
  ])("runs in the order asked for: %s", async (order, expected) => {
    expect(await run(`--flux-test-order=${order}`)).toBe(`${expected}exit 0\n`);
  });

  test("runs the same by the same seed, and otherwise by another", async () => {
    const seeds = Array.from({ length: 8 }, (_, seed) => `--flux-test-order=random:${seed}`);
    const first = await Promise.all(seeds.map((seed) => run(seed)));
    expect(await Promise.all(seeds.map((seed) => run(seed)))).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  });

  test("is found to depend on its schedule by exploration, with the options that show it", async () => {
    const said = await run("--flux-test-explore=all:1000");
    expect(said).toContain("two schedules differ");
    const other = [...said.matchAll(/--flux-test-order=replay:[\d.]+/g)].at(-1)?.[0] ?? "";
    expect(await run(other)).not.toBe(await run());
  });

  test("goes on at once where it need not be parked", async () => {
    const steps = async (park: string): Promise<number> =>
      Number(/(\d+) steps/.exec(await run(`--flux-test-park=${park}`, "--flux-test-report=yes"))?.[1]);
    expect(await steps("needed")).toBeLessThan(await steps("always"));
  });

  test("bears that a record cannot be had: the source is called again", async () => {
    expect(await run("--flux-test-fail-allocation=2-4")).toBe(`${flows(1, 2, 3)}exit 0\n`);
  });
});

describe("a program that breaks it is stopped:", () => {
  test.each([
    ["wrong order", "flow 2 of `Feed` at node `Compute` acquires `outer` (0) while it holds `inner` (1)"],
    ["written after parking", "a record was touched though it was not to be: flow 2 was parked at a constraint (node Compute)"],
    ["read after parking", "a record was touched though it was not to be: flow 2 was in the hands of a helper (node Compute)"],
    ["never spawned", "activation 1 of `Feed` at node `Feed` ended and left a record that it never spawned"],
    ["touched after spawn", "a record was touched though it was not to be: flow 2 had been spawned and not been started (node Feed)"],
    ["touched after end", "a record was touched though it was not to be: flow 1 had ended (node -)"],
    ["lock kept", "flow 2 of `Feed` at node `Compute` ended and holds `outer`"],
    ["released out of order", "flow 2 of `Feed` at node `Compute` releases `outer`, which is not what it acquired last"],
    ["released twice", "flow 2 of `Feed` at node `Compute` releases `inner`, which is not what it acquired last"],
    ["parked inside a node", "flow 2 of `Feed` at node `Compute` was parked inside node Compute"],
    ["neither parked nor ended", "step returned, but flow 2 of `Feed` at node `Compute` was neither parked nor ended"],
  ])("%s", async (fault, said) => {
    expect(await run(fault)).toBe(`flux test runtime: violation: ${said}\nexit SIGABRT\n`);
  });
});

describe("constraints of a session and of a key, and a pool", () => {
  const counted = "sessions 1 2, keys 12 12 12, in use 0\n";

  test.each(["all:200", "random:1-200"])("exclude each other in every schedule: %s", async (schedules) => {
    expect(await runTables(`--flux-test-explore=${schedules}`)).toBe(`${counted}exit 0\n`);
  });

  test.each([
    ["keys as written", "flow 4 of `Feed` at node `Work` acquires `k[key]` (2) while it holds `k[key]` (2) of a key that is not less"],
    ["one key twice", "flow 2 of `Feed` at node `Work` acquires `k[key]` (2) while it holds `k[key]` (2) of a key that is not less"],
    ["not borrowed", "flow 2 of `Feed` at node `Work` acquires `s(session)`, which nobody has borrowed"],
    ["given back while held", "`k[key]` was given back by all who had borrowed it, and is held"],
    ["given back twice", "`k[key]` was given back by all who had borrowed it, and is held"],
    ["never given back", "`k[key]` was borrowed and not given back"],
    ["pool as writer", "`p` is a pool, and a flow acquired it as writer"],
  ])("are seen to be used wrongly: %s", async (fault, said) => {
    expect(await runTables(fault)).toBe(`flux test runtime: violation: ${said}\nexit SIGABRT\n`);
  });

  test("are seen to be given back by one who never borrowed", async () => {
    const said = await runTables("given back twice", "--flux-test-park=needed");
    expect(said).toBe("flux test runtime: violation: `k[key]` was given back more often than borrowed\nexit SIGABRT\n");
  });
});

test.each([
  ["--flux-test-order=sometimes", "contract_test: cannot understand `sometimes`; --flux-help lists the options\nexit 1\n"],
  ["--flux-test-script=/dev/null/nothing", "contract_test: cannot understand `/dev/null/nothing`; --flux-help lists the options\nexit 1\n"],
])("a bad option is one line: %s", async (option, said) => {
  expect(await run(option)).toBe(said);
});
