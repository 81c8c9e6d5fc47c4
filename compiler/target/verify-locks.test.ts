/** The certificate holds for what the planner makes, and what is printed acquires what the certificate has read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import type { Program } from "../check/program.ts";
import { emit } from "../emit/emit.ts";
import { everything, randomProgram } from "../flow/testing/random-program.ts";
import { randomKinds } from "../locks/testing/random-kinds.ts";
import { randomLocking } from "../locks/testing/random-locking.ts";
import { planLocks } from "../locks/plan-locks.ts";
import type { AcquireExit } from "../flow/flow-graph.ts";
import type { PlannedLock, TargetPlan } from "./target-plan.ts";
import { planned } from "./testing/planned.ts";
import { verifyLocks } from "./verify-locks.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000_000 });
const goldens = join(import.meta.dirname, "../locks/testdata");

test("holds for random programs with loops, handlers, limits and waits", () => {
  fc.assert(fc.property(seeds, (seed) => verifyLocks(planned(randomProgram(seed, { ...everything, locks: 0.5 })))), { numRuns: 150 });
});

test("holds for random programs that nest constraints in all ways", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 4, max: 12 }), (seed, most) => verifyLocks(planned(randomLocking(seed, most)))), { numRuns: 300 });
});

test("holds for random programs with constraints of every kind", () => {
  fc.assert(fc.property(seeds, (seed) => verifyLocks(planned(randomKinds(seed)))), { numRuns: 300 });
});

function example(name: string): Program {
  const program = checkOnly({ path: "input.flux", text: readFileSync(join(goldens, name, "input.flux"), "utf8") });
  expect(program.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return program.value;
}

test("goes each way once, however often a shared node is used in a row", () => {
  const often = Array.from({ length: 2000 }, () => "Shared").join(" -> ");
  const text = `include "nodes.h";\nListen () => (int a);\nOne (int a) => (int a);\nsource Listen => Top;\nTop = ${often};\nShared = One -> One;\natomic One: {a};\natomic Top: {b};\n`;
  const { value: program, diagnostics } = checkOnly({ path: "input.flux", text });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  verifyLocks(planned(program));
  expect(() => verifyLocks(planned(program, { ...planLocks(program).value, acquires: new Map() }))).toThrow("runs without writing");
});

/** `lock_a write`, `locks_c write`, `locks_c write read` for two keys: what is acquired, one after the other, as the C++ says it. */
function printedAcquisitions(text: string): readonly string[] {
  const plain = /runtime\.acquire\(record, (lock_\w+), flux::mode::(\w+),/;
  const borrowed = /flux::want\(record, (locks_\w+), .*\)\) goto[^]*?runtime\.acquire\(record, \*record\.wanted, flux::mode::(\w+),/;
  const several = /keys\[\] = \{\n((?:.*\.get\(\), flux::mode::\w+\},\n)+) *\};\n *if \(!flux::want_next\(record, (locks_\w+),/;
  const all = new RegExp([plain, borrowed, several].map(({ source }) => source).join("|"), "g");
  return [...text.matchAll(all)].map(([, lock, mode, table, tableMode, keys, tableOfKeys]) => {
    if (keys === undefined) return `${lock ?? table} ${mode ?? tableMode}`;
    return `${tableOfKeys} ${[...keys.matchAll(/mode::(\w+)/g)].map(([, each]) => each).join(" ")}`;
  });
}

function readAcquisition({ locks }: TargetPlan, { lock, mode, keys }: AcquireExit): string {
  const { kind, constraint } = locks.find(({ name }) => name === lock) as PlannedLock;
  const variable = `${kind === "session" || kind === "keys" ? "locks" : "lock"}_${constraint}`;
  // A unit is given to several at once, as a reader's share is.
  if (keys !== undefined && keys.length > 1) return `${variable} ${keys.map((key) => key.mode).join(" ")}`;
  return `${variable} ${kind === "pool" ? "read" : (keys?.[0]?.mode ?? mode)}`;
}

test.each(readdirSync(goldens))("holds for %s, and the C++ acquires what it read", (name) => {
  const plan = planned(example(name));
  verifyLocks(plan);
  const text = emit(plan, { beside: [], nodeSources: [] }).map((file) => file.text).join("\n");
  expect(printedAcquisitions(text)).toEqual(plan.graph.blocks.flatMap(({ exit }) => (exit.kind === "acquire" ? readAcquisition(plan, exit) : [])));
});
