/**
 * Somebody else's judgement: Spin searches the models of all examples and of 200 random programs and finds no flows that
 * wait for ever. With what is acquired early left out it finds what the search of interleavings finds, program by program.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import type { Acquisition, Program } from "../check/program.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { randomKinds } from "../locks/testing/random-kinds.ts";
import { randomLocking } from "../locks/testing/random-locking.ts";
import { toText } from "../text/lines.ts";
import { promela } from "./promela.ts";
import { crossingProgram } from "./testing/crossing-program.ts";
import { withoutMoves } from "./testing/mutants.ts";
import { planned } from "./testing/planned.ts";
import { searchAll } from "./testing/search.ts";

const flows = 2;
let work = "";
beforeAll(() => void (work = mkdtempSync(join(tmpdir(), "flux-spin-"))));
afterAll(() => rmSync(work, { recursive: true }));

const run = promisify(execFile);

/** @returns whether some flows can wait for each other for ever */
async function deadlocks(model: string): Promise<boolean> {
  const cwd = mkdtempSync(join(work, "model-"));
  writeFileSync(join(cwd, "model.pml"), model);
  await run("spin", ["-a", `-DFLOWS=${flows}`, "model.pml"], { cwd });
  // A model takes a hundred times longer to compile than to search: nothing is optimised, and clang is the faster at that.
  await run("clang", ["-w", "-O0", "-DSAFETY", "-DNOREDUCE", "-DNOFAIR", "-o", "pan", "pan.c"], { cwd });
  const { stdout: said } = await run("./pan", ["-m1000000", "-w18"], { cwd });
  rmSync(cwd, { recursive: true });
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

test.each([...programs.map((path) => join(examples, path)), ...readdirSync(goldens).map((name) => join(goldens, name, "input.flux"))])("%s", async (path) => {
  const program = read(path);
  expect(await deadlocks(toText(promela(buildFlowGraph(program, planLocks(program).value))))).toBe(false);
});

test("the paper's example deadlocks where nothing is acquired early", async () => {
  const program = read(join(goldens, "paper-example/input.flux"));
  expect(await deadlocks(toText(promela(buildFlowGraph(program, withoutMoves(program)))))).toBe(true);
});

/** Two of three nest in any order, the third is anything of one kind or of all. */
function randomly(seed: number): Program {
  const spread = (seed * 7_368_787) % 1_000_000_007;
  if (seed % 3 !== 0) return crossingProgram(spread);
  return seed % 6 === 0 ? smallOfAllKinds(spread) : randomLocking(spread);
}

/** Small enough that Spin needs a second: it cannot tell states apart that differ in a key nobody asks for. */
function smallOfAllKinds(first: number): Program {
  for (let seed = first; ; seed += 1) {
    const program = randomKinds(seed);
    const { blocks } = planned(program).graph;
    if (blocks.length <= 30 && blocks.filter(({ exit }) => exit.kind === "acquire").length >= 3) return program;
  }
}

interface Judged {
  readonly seed: number;
  readonly deadlocks: boolean;
  /** Why it does not, though by the nesting of its constraints it could. */
  readonly needless?: string;
}

async function judge(seed: number): Promise<Judged> {
  const program = randomly(seed);
  const { value: plan, diagnostics } = planLocks(program);
  expect(await deadlocks(toText(promela(buildFlowGraph(program, plan)))), `seed ${seed}`).toBe(false);
  const unmoved = planned(program, withoutMoves(program));
  const found = searchAll(unmoved, 20_000, 200_000, flows);
  expect(found.complete, `seed ${seed}`).toBe(true);
  const searched = found.wrong.some((wrong) => wrong.startsWith("flows wait"));
  expect(await deadlocks(toText(promela(unmoved.graph))), `seed ${seed}: the search says ${searched}`).toBe(searched);
  if (searched || !diagnostics.some(({ code }) => code === "FLX0530")) return { seed, deadlocks: searched };
  return { seed, deadlocks: false, needless: whyNot(program) };
}

test("200 random programs", async () => {
  const seeds = Array.from({ length: 200 }, (_, index) => index + 1).values();
  const judged: Judged[] = [];
  const inTurn = async (): Promise<void> => {
    for (const seed of seeds) judged.push(await judge(seed));
  };
  // Two at once, for two cores.
  await Promise.all([inTurn(), inTurn()]);
  expect(judged.length).toBe(200);
  const deadlocking = judged.filter((each) => each.deadlocks);
  expect(deadlocking.length).toBeGreaterThanOrEqual(50);
  const hasOtherKinds = ({ seed }: Judged): boolean => [...randomly(seed).constraints.values()].some(({ kind }) => kind.kind !== "lock" || kind.scope !== "program");
  expect(deadlocking.filter(hasOtherKinds).length).toBeGreaterThanOrEqual(20);
  const needless = judged.flatMap(({ seed, needless }) => (needless === undefined ? [] : [{ seed, why: needless }])).toSorted((one, other) => one.seed - other.seed);
  expect(needless.filter(({ why }) => why === "unknown")).toEqual([]);
  const listed = needless.map(({ seed, why }) => `program ${seed}: ${why}\n`).join("");
  await expect(listed).toMatchFileSnapshot(join(import.meta.dirname, "testing/needless-moves.txt"));
});

/**
 * Two flows do not; three may, or readers never do, or who takes one of several units, or a constraint around both lets in
 * only one, or that once readers are writers.
 */
function whyNot(program: Program): string {
  if (waits(program, 3)) return "it takes three flows";
  const changes = [{ why: "they are readers", to: withWriters }, { why: "their pool has units for both", to: withOneUnit }, { why: "they are readers, and their pool has units for both", to: (each: Program) => withOneUnit(withWriters(each)) }];
  for (const { why, to } of changes.slice(0, 2)) if (waits(to(program))) return why;
  const gate = gateOf(program);
  if (gate !== undefined) return `\`${gate}\` is a gate`;
  for (const { why, to } of changes) {
    const then = to(program);
    if (waits(then)) return why;
    const gateThen = gateOf(then);
    if (gateThen !== undefined) return `${why}, and otherwise \`${gateThen}\` would be their gate`;
  }
  return "unknown";
}

/** Without it they do wait: it is held around both. */
function gateOf(program: Program): string | undefined {
  return [...program.constraints.keys()].find((name) => waits(asking(program, (asked) => asked.filter(({ constraint }) => constraint !== name))));
}

function waits(program: Program, flowsAtOnce: 2 | 3 = flows): boolean {
  const { wrong } = searchAll(planned(program, withoutMoves(program)), 20_000, 400_000, flowsAtOnce);
  return wrong.some((each) => each.startsWith("flows wait"));
}

function withWriters(program: Program): Program {
  return asking(program, (asked) => asked.map((each) => ({ ...each, mode: "write" as const })));
}

function withOneUnit(program: Program): Program {
  const constraints = [...program.constraints].map(([name, { kind, ...rest }]) => [name, { ...rest, kind: kind.kind === "pool" ? { ...kind, size: 1 } : kind }] as const);
  return { ...program, constraints: new Map(constraints) };
}

function asking(program: Program, change: (asked: readonly Acquisition[]) => readonly Acquisition[]): Program {
  return { ...program, nodes: new Map([...program.nodes].map(([name, node]) => [name, { ...node, acquires: change(node.acquires) }])) };
}
