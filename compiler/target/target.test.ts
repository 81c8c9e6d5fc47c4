/** Tests of the plan for one runtime: the order of the locks, and which nodes are run by a helper. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import { planLocks } from "../locks/plan-locks.ts";
import type { RuntimeManifest } from "./manifest.ts";
import type { TargetPlan } from "./target-plan.ts";
import { target } from "./target.ts";

function planFor(blockingNodes: RuntimeManifest["blockingNodes"], text: string): TargetPlan {
  const source = { path: "planned.flux", text };
  const { value: program, diagnostics } = check(parse(source).value, source, "build");
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const manifest: RuntimeManifest = { name: "any", title: "any", header: "any.hpp", worker: "any", run: "any", blockingNodes };
  return target(buildFlowGraph(program, planLocks(program).value), manifest);
}

const natural = `
include "nodes.h";
Listen () => (int n);
Quick (int n) => (int n);
Slow (int n) => ();
source Listen => Page;
Page = Quick -> Slow;
blocking Slow;
atomic Page: {z};
atomic Slow: {a};
`;
const published = "Listen () => (int n);\nRead (int n) => ();\nsource Listen => Read;\n";

test("locks are in the canonical order, which is not that of their names", () => {
  const { locks } = planFor("own-thread", natural);
  expect(locks.map(({ constraint, rank }) => `${rank} ${constraint}`)).toEqual(["0 z", "1 a"]);
});

test("a runtime that must not block has blocking nodes run elsewhere, and no other runtime has", () => {
  expect([...planFor("must-not", natural).offloaded]).toEqual(["Slow"]);
  for (const other of ["own-thread", "worker", "user-thread"] as const) expect(planFor(other, natural).offloaded.size).toBe(0);
});

test("every node of a published program counts as blocking, unless the program says which do", () => {
  expect([...planFor("must-not", published).offloaded]).toEqual(["Listen", "Read"]);
  expect([...planFor("must-not", `${published}blocking Read;\n`).offloaded]).toEqual(["Read"]);
});
