/**
 * Somebody else's judgement: Spin searches the models of all examples and of 200 random programs and finds no flows that
 * wait for ever. With what is acquired early left out it finds what the search of interleavings finds, program by program.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import type { Program } from "../check/program.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { randomLocking } from "../locks/testing/random-locking.ts";
import { toText } from "../text/lines.ts";
import { promela } from "./promela.ts";
import { withoutMoves } from "./testing/mutants.ts";
import { planned } from "./testing/planned.ts";
import { searchAll } from "./testing/search.ts";

const flows = 2;
let work = "";
beforeAll(() => void (work = mkdtempSync(join(tmpdir(), "flux-spin-"))));
afterAll(() => rmSync(work, { recursive: true }));

/** @returns whether some flows can wait for each other for ever */
function deadlocks(model: string): boolean {
  writeFileSync(join(work, "model.pml"), model);
  execFileSync("spin", ["-a", `-DFLOWS=${flows}`, "model.pml"], { cwd: work });
  execFileSync("gcc", ["-w", "-O1", "-DSAFETY", "-DNOREDUCE", "-DNOFAIR", "-o", "pan", "pan.c"], { cwd: work });
  const said = execFileSync("./pan", ["-m1000000", "-w20"], { cwd: work, encoding: "utf8" });
  expect(said, "the search is complete").not.toMatch(/max search depth too small|out of memory|aborted/);
  const errors = /errors: (\d+)/.exec(said)?.[1];
  expect(errors).toBeDefined();
  if (errors !== "0") expect(said).toContain("invalid end state");
  return errors !== "0";
}

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const programs = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".flux") && !path.includes("build/"));
const goldens = join(import.meta.dirname, "testdata");

function read(path: string): Program {
  const { value, diagnostics } = checkOnly({ path, text: readFileSync(path, "utf8") });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return value;
}

test.each([...programs.map((path) => join(examples, path)), join(goldens, "paper-example/input.flux")])("%s", (path) => {
  const program = read(path);
  expect(deadlocks(toText(promela(buildFlowGraph(program, planLocks(program).value))))).toBe(false);
});

test("the paper's example deadlocks where nothing is acquired early", () => {
  const program = read(join(goldens, "paper-example/input.flux"));
  expect(deadlocks(toText(promela(buildFlowGraph(program, withoutMoves(program)))))).toBe(true);
});

test("200 random programs", () => {
  const seen = { deadlocks: 0, needless: [] as string[] };
  for (let seed = 1, tried = 0; tried < 200; seed++) {
    const program = randomLocking((seed * 7_368_787) % 1_000_000_007);
    const { value: plan, diagnostics } = planLocks(program);
    // Mostly those that the planner changes; they are what can go wrong.
    if (diagnostics.length === 0 && seed % 4 !== 0) continue;
    tried += 1;
    expect(deadlocks(toText(promela(buildFlowGraph(program, plan)))), `seed ${seed}`).toBe(false);
    const unmoved = planned(program, withoutMoves(program));
    const found = searchAll(unmoved, 20_000, 200_000, flows);
    expect(found.complete, `seed ${seed}`).toBe(true);
    const searched = found.wrong.some((wrong) => wrong.startsWith("flows wait"));
    expect(deadlocks(toText(promela(unmoved.graph))), `seed ${seed}: the search says ${searched}`).toBe(searched);
    seen.deadlocks += searched ? 1 : 0;
    if (!searched && diagnostics.some(({ code }) => code === "FLX0530")) seen.needless.push(`seed ${seed}: ${whyNot(program)}`);
  }
  expect(seen.deadlocks).toBeGreaterThanOrEqual(50);
  // Each that needed a move by the nesting of its constraints, but does not wait for ever without it, and why.
  expect(seen.needless.filter((each) => each.endsWith("unknown"))).toEqual([]);
});

/** Two flows do not; three may, or readers never do, or a constraint around both lets in only one. */
function whyNot(program: Program): string {
  const unmoved = planned(program, withoutMoves(program));
  if (searchAll(unmoved, 20_000, 400_000, 3).wrong.some((wrong) => wrong.startsWith("flows wait"))) return "it takes three flows";
  const nodes = new Map([...program.nodes].map(([name, node]) => [name, { ...node, acquires: node.acquires.map((each) => ({ ...each, mode: "write" as const })) }]));
  const writing = { ...program, nodes };
  if (searchAll(planned(writing, withoutMoves(writing)), 20_000, 200_000, flows).wrong.some((wrong) => wrong.startsWith("flows wait"))) return "they are readers";
  return gate(program) ?? "unknown";
}

/** Without some constraint of the program they do wait: it is held around both. */
function gate(program: Program): string | undefined {
  for (const name of program.constraints.keys()) {
    const nodes = new Map([...program.nodes].map(([node, all]) => [node, { ...all, acquires: all.acquires.filter(({ constraint }) => constraint !== name) }]));
    const open = { ...program, nodes };
    if (searchAll(planned(open, withoutMoves(open)), 20_000, 200_000, flows).wrong.some((wrong) => wrong.startsWith("flows wait"))) return `\`${name}\` is a gate`;
  }
  return undefined;
}
