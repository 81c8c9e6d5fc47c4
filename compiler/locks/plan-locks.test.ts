/**
 * Golden plans, one folder a program, and random programs against a planner that follows every way through them one by
 * one. `FLXnnnn-…` is refused with that code, `ok-…` is planned; `npx vitest -u` writes what a new folder lacks.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import type { NodeName, Program } from "../check/program.ts";
import { check } from "../check/index.ts";
import { report } from "../diagnostics/report.ts";
import { acquiredText } from "./acquired-text.ts";
import type { LockPlan } from "./lock-plan.ts";
import { planLocks } from "./plan-locks.ts";
import { randomLocking } from "./testing/random-locking.ts";

const root = join(import.meta.dirname, "testdata");

function read(text: string): Program {
  const source = { path: "input.flux", text };
  const { value: ast, errors } = parse(source);
  const { value, diagnostics } = check(ast, source);
  expect([...errors, ...diagnostics.filter(({ severity }) => severity === "error")]).toEqual([]);
  return value;
}

function* lines(program: Program, { order, locks, acquires, fixed }: LockPlan): Iterable<string> {
  yield `order: ${order.join(" < ")}`;
  const kinds = locks.filter(({ kind }) => kind !== "program");
  if (kinds.length > 0) yield `locks: ${kinds.map(({ name, kind }) => `${name} ${kind}`).join(", ")}`;
  for (const [node, all] of acquires) {
    const each = all.map(
      (one) =>
        `${acquiredText(program, node, one)}${one.ifNotHeld ? " if not held" : ""}${one.movedFor === undefined ? "" : ` early for ${one.movedFor}`}${one.wholeFor === undefined ? "" : ` whole for ${one.wholeFor}`}`,
    );
    yield `${node}: ${each.join(", ")}`;
  }
  for (const [node, inputs] of fixed) yield `fixed in ${node}: ${inputs.map((input) => program.nodes.get(node)?.inputs[input]?.name).join(", ")}`;
}

describe("a plan", () => {
  const produced = new Set<string>();
  const cases = readdirSync(root).toSorted();

  test.each(cases)("of %s", async (name) => {
    const golden = async (file: string, text: string): Promise<void> => {
      produced.add(join(name, file));
      await expect(text).toMatchFileSnapshot(join(root, name, file));
    };
    produced.add(join(name, "input.flux"));
    const text = readFileSync(join(root, name, "input.flux"), "utf8");
    const program = read(text);
    const { value, diagnostics } = planLocks(program);
    expect([...new Set<string>(diagnostics.map(({ code }) => code))]).toEqual(name.match(/FLX\d{4}/g) ?? []);
    if (diagnostics.every(({ severity }) => severity === "warning")) await golden("plan.txt", [...lines(program, value)].map((line) => `${line}\n`).join(""));
    if (diagnostics.length > 0) await golden("diagnostics.txt", report(diagnostics, { path: "input.flux", text }, { format: "human", color: false }));
  });

  test("has no file that no test made", () => {
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((entry) => join(entry.parentPath.slice(root.length + 1), entry.name)).filter((path) => !produced.has(path))).toEqual([]);
  });

  test("does not depend on the order of declarations", () => {
    const text = readFileSync(join(root, "ok-held-on-some-ways/input.flux"), "utf8");
    // A dispatch is one declaration of several lines.
    const declarations = text.split(/;\n+(?!Page:\[_\])/).filter((each) => each.trim() !== "").map((each) => `${each};\n`);
    const plan = (one: Program): string => [...lines(one, planLocks(one).value)].toSorted().join("\n");
    expect(plan(read(declarations.toReversed().join("")))).toBe(plan(read(text)));
  });
});

const session = ["a(session)", "a!(session)", "a?(session)", "a(session)!", "a(session)?"].map((written) => ["session", written] as const);
const keyed = ["a[socket]", "a![socket]", "a?[socket]", "a[socket]!", "a[socket]?"].map((written) => ["key", written] as const);
const program = ["a", "a!", "a?", "a(program)", "a!(program)", "a?(program)", "a(program)!", "a(program)?"].map((written) => ["program", written] as const);

test.each([...session, ...keyed, ...program])("%s: no spelling of `%s` makes no lock in silence", (expected, written) => {
  const text = `include "nodes.h";\nListen () => (int socket);\nX (int socket) => ();\nsource Listen {session: SessionOf} => X;\natomic X: {${written}};\n`;
  const source = { path: "input.flux", text };
  const { value: ast, errors } = parse(source);
  expect(errors).toEqual([]);
  const { value: plan, diagnostics } = planLocks(check(ast, source).value);
  if (expected === "program" || expected === "session") {
    expect(plan.acquires.get("X")).toEqual([{ constraint: "a", lock: "a", mode: written.includes("?") ? "read" : "write", ifNotHeld: false }]);
    expect(plan.locks).toEqual([{ name: "a", constraint: "a", kind: expected }]);
  } else {
    const mode = written.includes("?") ? "read" : "write";
    expect(plan.acquires.get("X")).toEqual([{ constraint: "a", lock: "a[]", mode, keys: [{ input: 0, mode }], ifNotHeld: false }]);
    expect(plan.locks).toEqual([{ name: "a[]", constraint: "a", kind: "keys" }]);
  }
  expect(diagnostics).toEqual([]);
});

/** Follows every way through a planned program one by one, and writes down what is wrong with it. */
function faultsOnSomeWay(program: Program, { order, acquires }: LockPlan): readonly string[] {
  const rank = new Map(order.map((name, index) => [name, index]));
  const faults = new Set<string>();
  /** A node and a constraint that it acquires: the answers to "is it held already?". */
  const asked = new Map<string, Set<boolean>>();
  const walk = (name: NodeName, outer: ReadonlyMap<string, "read" | "write">): void => {
    const node = program.nodes.get(name);
    if (node === undefined) return;
    const held = new Map(outer);
    for (const { constraint, mode, ifNotHeld } of acquires.get(name) ?? []) {
      const answers = asked.get(`${name} ${constraint}`) ?? new Set();
      asked.set(`${name} ${constraint}`, answers.add(held.has(constraint)));
      if (held.has(constraint)) {
        if (!ifNotHeld) faults.add(`${name} acquires ${constraint} twice`);
        continue;
      }
      for (const other of held.keys()) {
        if ((rank.get(other) ?? 0) >= (rank.get(constraint) ?? 0)) faults.add(`${name} acquires ${constraint} while ${other} is held`);
      }
      held.set(constraint, mode);
    }
    for (const { constraint, mode } of node.acquires) {
      if (!held.has(constraint)) faults.add(`${name} runs without ${constraint}`);
      else if (mode === "write" && held.get(constraint) === "read") faults.add(`${name} runs without writing ${constraint}`);
    }
    if (node.kind === "concrete") return;
    const steps = node.kind === "sequence" ? node.steps : node.cases.flatMap((each) => each.steps);
    for (const step of steps) if (!step.tailCall) walk(step.node, held);
  };
  for (const { target } of program.sources) walk(target, new Map());
  for (const { handler } of program.handlers) walk(handler, new Map());
  for (const [node, all] of acquires) {
    for (const { constraint, ifNotHeld } of all) {
      const answers = asked.get(`${node} ${constraint}`);
      if (ifNotHeld && answers?.size !== 2) faults.add(`${node} need not ask whether ${constraint} is held`);
    }
  }
  return [...faults];
}

test("on no way is anything acquired against the order or twice, or missing", () => {
  const seen = { plain: 0, conditional: 0, early: 0, upgraded: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (seed) => {
      const program = randomLocking(seed);
      const { value: plan, diagnostics } = planLocks(program);
      expect(faultsOnSomeWay(program, plan)).toEqual([]);
      const codes = new Set<string>(diagnostics.map(({ code }) => code));
      const planned = [...plan.acquires.values()].flat();
      seen.plain += codes.size === 0 ? 1 : 0;
      seen.early += codes.has("FLX0530") ? 1 : 0;
      seen.upgraded += codes.has("FLX0531") ? 1 : 0;
      seen.conditional += planned.some(({ ifNotHeld }) => ifNotHeld) ? 1 : 0;
    }),
    { numRuns: 3000 },
  );
  // The generator makes all of them.
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(100);
});

test("nor where cycles are too large to try every order", () => {
  let early = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (seed) => {
      const program = randomLocking(seed, 12);
      const { value: plan, diagnostics } = planLocks(program);
      expect(faultsOnSomeWay(program, plan)).toEqual([]);
      early += diagnostics.some(({ code }) => code === "FLX0530") ? 1 : 0;
    }),
    { numRuns: 1000 },
  );
  expect(early).toBeGreaterThan(100);
});

test("nothing is acquired early where every flow acquires in one order anyway", () => {
  let early = 0;
  for (let seed = 1; seed <= 2000; seed++) {
    const program = randomLocking((seed * 1_000_003) % 1_000_000_007);
    const { value, diagnostics } = planLocks(program);
    if (!diagnostics.some(({ code }) => code === "FLX0530")) continue;
    early += 1;
    const unmoved = new Map([...value.acquires].map(([node, all]) => [node, all.filter(({ movedFor }) => movedFor === undefined)]));
    // Without what was moved, some way acquires against the order, unless ways that cannot meet looked like one.
    expect(faultsOnSomeWay(program, { ...value, acquires: unmoved }).length).toBeGreaterThan(0);
  }
  expect(early).toBeGreaterThan(100);
});
