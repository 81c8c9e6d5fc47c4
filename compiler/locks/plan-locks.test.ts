/**
 * Golden plans, one folder a program, and random programs against a planner that follows every way through them one by
 * one. `FLXnnnn-…` is refused with that code, `ok-…` is planned; `npx vitest -u` writes what a new folder lacks.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import type { Program } from "../check/program.ts";
import { check } from "../check/index.ts";
import { report } from "../diagnostics/report.ts";
import { toText } from "../text/lines.ts";
import { acquiredText } from "./acquired-text.ts";
import { describePlan } from "./describe-plan.ts";
import type { LockPlan } from "./lock-plan.ts";
import { planJson } from "./plan-json.ts";
import { planLocks } from "./plan-locks.ts";
import { explainPlan } from "./reasons.ts";
import { faultsOnSomeWay } from "./testing/follow-every-way.ts";
import { randomKinds } from "./testing/random-kinds.ts";
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
    if (name.endsWith("-explained")) {
      await golden("locks.txt", toText(describePlan(program, value, explainPlan(program, value), new Map(), "not asked for here")));
      await golden("locks.json", planJson(program, value, diagnostics, new Map()));
    }
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

test("nor with sessions, pools and keys, whatever is done to the tuples", () => {
  const seen = { plain: 0, conditional: 0, early: 0, upgraded: 0, whole: 0, keys: 0, severalKeys: 0, sharedClass: 0, movedKeys: 0, movedWhole: 0, fixed: 0, loops: 0 };
  const gaveUp: number[] = [];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (seed) => {
      const program = randomKinds(seed);
      const { value: plan, diagnostics } = planLocks(program);
      const faults = faultsOnSomeWay(program, plan, 3000);
      if (faults === undefined) {
        gaveUp.push(seed);
        return;
      }
      expect(faults).toEqual([]);
      const planned = [...plan.acquires.values()].flat();
      const codes = diagnostics.map(({ code }): string => code);
      expect(codes.filter((code) => code === "FLX0532")).toHaveLength(planned.filter(({ wholeFor }) => wholeFor !== undefined).length);
      const count = (what: keyof typeof seen, is: boolean): void => {
        seen[what] += is ? 1 : 0;
      };
      count("plain", codes.length === 0);
      count("conditional", planned.some(({ ifNotHeld }) => ifNotHeld));
      count("early", codes.includes("FLX0530"));
      count("upgraded", codes.includes("FLX0531"));
      count("whole", codes.includes("FLX0532"));
      count("keys", planned.some(({ keys }) => keys !== undefined));
      count("severalKeys", planned.some(({ keys }) => keys !== undefined && keys.length > 1));
      count("sharedClass", plan.locks.some(({ kind, constraint }) => kind === "class" && plan.locks.some((other) => other.kind === "keys" && other.constraint === constraint)));
      count("movedKeys", planned.some(({ keys, movedFor }) => keys !== undefined && movedFor !== undefined));
      count("movedWhole", planned.some(({ wholeFor, movedFor }) => wholeFor !== undefined && movedFor !== undefined));
      count("fixed", plan.fixed.size > 0);
      count("loops", [...program.nodes.values()].some(({ loop }) => loop) && planned.some(({ keys }) => keys !== undefined));
    }),
    { numRuns: 2000 },
  );
  expect(gaveUp.length).toBeLessThan(100);
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(10);
});

test("a whole class is acquired only where keys would not do", () => {
  const found = { needed: 0, needless: 0 };
  for (let seed = 1; seed <= 1000; seed++) {
    const program = randomKinds((seed * 1_000_003) % 1_000_000_007);
    const { value: plan } = planLocks(program);
    for (const [name, all] of plan.acquires) {
      for (const [index, { constraint, wholeFor, movedFor, ifNotHeld }] of all.entries()) {
        if (wholeFor === undefined) continue;
        const node = program.nodes.get(name);
        const own = node?.acquires.flatMap(({ constraint: asked, key }) => (asked === constraint && key !== undefined ? [key] : [])) ?? [];
        const inputs = movedFor === undefined ? own : [...(node?.inputs.keys() ?? [])];
        const keys = inputs.map((input) => ({ input, mode: "write" as const }));
        const [share, instead] = [{ constraint, lock: constraint, mode: "read", ifNotHeld } as const, { constraint, lock: `${constraint}[]`, mode: "write", keys, ifNotHeld } as const];
        const locks = plan.locks.flatMap((lock) => (lock.name === constraint ? [lock, { name: `${constraint}[]`, constraint, kind: "keys" } as const] : lock.name === `${constraint}[]` ? [] : [lock]));
        const faults = faultsOnSomeWay(program, { ...plan, locks, acquires: new Map(plan.acquires).set(name, all.toSpliced(index, 1, share, instead)) }, 3000);
        const runsWithout = faults?.some((fault) => fault.includes("runs without") || fault.includes("twice") || fault.includes("while"));
        found[runsWithout === false ? "needless" : "needed"] += 1;
      }
    }
  }
  expect(found.needed).toBeGreaterThan(150);
  // A value that is one key on one way and another on another counts as none: rare.
  expect(found.needless, JSON.stringify(found)).toBeLessThan(found.needed / 20);
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
    expect(faultsOnSomeWay(program, { ...value, acquires: unmoved })).not.toEqual([]);
  }
  expect(early).toBeGreaterThan(100);
});
