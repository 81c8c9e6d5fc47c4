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

function* lines({ order, acquires }: LockPlan): Iterable<string> {
  yield `order: ${order.join(" < ")}`;
  for (const [node, all] of acquires) {
    const each = all.map(({ constraint, mode, ifNotHeld }) => `${constraint}${mode === "read" ? "?" : ""}${ifNotHeld ? " if not held" : ""}`);
    yield `${node}: ${each.join(", ")}`;
  }
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
    const { value, diagnostics } = planLocks(read(text));
    expect(diagnostics.map(({ code }) => code)).toEqual(name.match(/FLX\d{4}/g) ?? []);
    if (diagnostics.length === 0) await golden("plan.txt", [...lines(value)].map((line) => `${line}\n`).join(""));
    else await golden("diagnostics.txt", report(diagnostics, { path: "input.flux", text }, { format: "human", color: false }));
  });

  test("has no file that no test made", () => {
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((entry) => join(entry.parentPath.slice(root.length + 1), entry.name)).filter((path) => !produced.has(path))).toEqual([]);
  });

  test("does not depend on the order of declarations", () => {
    const text = readFileSync(join(root, "ok-held-on-some-ways/input.flux"), "utf8");
    // A dispatch is one declaration of several lines.
    const declarations = text.split(/;\n+(?!Page:\[_\])/).filter((each) => each.trim() !== "").map((each) => `${each};\n`);
    const plan = (one: Program): string => [...lines(planLocks(one).value)].toSorted().join("\n");
    expect(plan(read(declarations.toReversed().join("")))).toBe(plan(read(text)));
  });
});

/** What is held at every acquisition, way by way. */
interface Naive {
  /** `a b`: b is acquired while a is held. */
  readonly nested: Set<string>;
  /** A node and a constraint it asks for: held then, or not. */
  readonly held: Map<string, Set<boolean>>;
  upgrade: boolean;
}

function follow(program: Program): Naive {
  const naive: Naive = { nested: new Set(), held: new Map(), upgrade: false };
  const walk = (name: NodeName, outer: ReadonlyMap<string, string>): void => {
    const node = program.nodes.get(name);
    if (node === undefined) return;
    const inner = new Map(outer);
    for (const { constraint, mode } of node.acquires) {
      const mine = naive.held.get(`${name} ${constraint}`) ?? new Set();
      naive.held.set(`${name} ${constraint}`, mine.add(outer.has(constraint)));
      if (outer.get(constraint) === "read" && mode === "write") naive.upgrade = true;
      if (outer.has(constraint)) continue;
      inner.set(constraint, mode);
      for (const held of outer.keys()) naive.nested.add(`${held} ${constraint}`);
    }
    if (node.kind === "concrete") return;
    const steps = node.kind === "sequence" ? node.steps : node.cases.flatMap((each) => each.steps);
    for (const step of steps) if (!step.tailCall) walk(step.node, inner);
  };
  for (const { target } of program.sources) walk(target, new Map());
  for (const { handler } of program.handlers) walk(handler, new Map());
  return naive;
}

test("no way through a planned program acquires against the order or twice", () => {
  const seen = { planned: 0, conditional: 0, refused: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (seed) => {
      const program = randomLocking(seed);
      const { value: plan, diagnostics } = planLocks(program);
      const naive = follow(program);
      if (diagnostics.length > 0) {
        seen.refused += 1;
        return;
      }
      expect(naive.upgrade).toBe(false);
      seen.planned += 1;
      const rank = new Map(plan.order.map((name, index) => [name, index]));
      for (const pair of naive.nested) {
        const [outer = "", inner = ""] = pair.split(" ");
        expect(rank.get(outer), pair).toBeLessThan(rank.get(inner) ?? -1);
      }
      const planned = new Map<string, Set<boolean>>();
      for (const [node, all] of plan.acquires) {
        for (const { constraint, ifNotHeld } of all) {
          planned.set(`${node} ${constraint}`, new Set(ifNotHeld ? [true, false] : [false]));
          if (ifNotHeld) seen.conditional += 1;
        }
      }
      const needed = new Map([...naive.held].filter(([, held]) => held.has(false)));
      expect(new Set(planned.keys())).toEqual(new Set(needed.keys()));
      for (const [key, held] of needed) expect(planned.get(key), key).toEqual(held);
    }),
    { numRuns: 2000 },
  );
  // The generator makes all three.
  expect(Math.min(seen.planned, seen.conditional, seen.refused)).toBeGreaterThan(20);
});

test("what is refused could wait for itself on some way, but for what ways together hide", () => {
  let refusedForNothing = 0;
  for (let seed = 1; seed <= 2000; seed++) {
    const program = randomLocking(seed);
    if (planLocks(program).diagnostics.length === 0) continue;
    const { nested, upgrade } = follow(program);
    if (!upgrade && !hasCycle(nested)) refusedForNothing += 1;
  }
  // Ways are not told apart: rarely, two that cannot meet look like one that can.
  expect(refusedForNothing).toBeLessThan(40);
});

function hasCycle(pairs: ReadonlySet<string>): boolean {
  const left = new Set(pairs);
  for (;;) {
    const outer = new Set([...left].map((pair) => pair.split(" ")[0]));
    const ends = [...left].filter((pair) => !outer.has(pair.split(" ")[1] ?? ""));
    if (ends.length === 0) return left.size > 0;
    for (const pair of ends) left.delete(pair);
  }
}
