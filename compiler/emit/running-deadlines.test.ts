/** Which limits a wait has to look at. */
import { expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { runningDeadlines } from "./running-deadlines.ts";

/** By the label of a block, the limits that can be running in it. */
function running(text: string): Readonly<Record<string, readonly number[]>> {
  const program = checkOnly({ path: "web.flux", text }).value;
  const graph = buildFlowGraph(program, planLocks(program).value);
  const deadlines = runningDeadlines(graph);
  return Object.fromEntries(graph.blocks.map(({ label }, id) => [label, deadlines[id] ?? []]));
}

const nodes = "S () => (int s); A (int s) => (int s); B (int s) => (int s); C (int s) => ();";

test("a limit runs inside its node, and is over behind it", () => {
  const found = running(`include "n.h"; ${nodes} source S => F; F = A -> G -> C; G = B; wait A: {readable s}; wait B: {readable s}; wait C: {readable s}; timeout G: 1s; timeout B: 2s;`);
  expect(found["wait_A"]).toEqual([]);
  expect(found["wait_B"]).toEqual([0, 1]);
  expect(found["wait_C"]).toEqual([]);
});

test("a limit of a round runs through the round", () => {
  const found = running(`include "n.h"; ${nodes} source S => L; L = A -> N; typedef t P; N:[t] = C; N:[_] = B -> L; timeout L: 1s; wait B: {readable s};`);
  expect(found["call_C"]).toEqual([0]);
  expect(found["wait_B"]).toEqual([0]);
  expect(found["round_L"]).toEqual([]);
});

test("where a node is used with and without a limit around it, it may be running", () => {
  const found = running(`include "n.h"; ${nodes} source S => F; F = G -> H -> C; G = K; H = K; K = A -> B; timeout G: 1s; wait A: {readable s};`);
  expect(found["wait_A"]).toEqual([0]);
  // Who called the shared node is not looked at: behind it a limit that does not run is `never`, and harmless.
  expect(found["call_C"]).toEqual([0]);
});
