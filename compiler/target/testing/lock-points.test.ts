/** What the search knows of one flow: who is around a node, though a handler's return level is higher than those inside it. */
import { expect, test } from "vitest";
import { checkOnly } from "../../compile.ts";
import { mapEdges } from "../../flow/finish.ts";
import type { FlowGraph, Operation } from "../../flow/flow-graph.ts";
import { lockPoints } from "./lock-points.ts";
import { planLocks } from "../../locks/plan-locks.ts";
import { planned } from "./planned.ts";

// `Failed` handles in the source and in the flow, `Again` is shared: its tail call leaves `Next`, which holds `c`.
const text = `include "nodes.h";
Listen () => (int a);
Work (int a) => (int a);
Repair (int error) => (int a);
Step (int a) => (int a);
source Listen => Work;
handle error * => Failed;
typedef more IsMore;
typedef most IsMost;
Failed = Repair -> Loop;
Loop = Step -> Next;
Next:[more] = Again;
Next:[most] = Again;
Next:[_] = ;
Again = Step -> Loop;
atomic Next: {c};
`;

function faults(graph: FlowGraph): readonly string[] {
  const starts = graph.entries.map(({ flow }) => lockPoints(graph, flow, 3000));
  return starts.flatMap((found) => (found === undefined ? ["too large"] : [...found.faults]));
}

const { value: program, diagnostics } = checkOnly({ path: "input.flux", text });
const { graph } = planned(program);

test("a loop inside a handler is around nothing of its last round", () => {
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(faults(graph)).toEqual([]);
});

test("the shared node inside the loop runs without what is asked for around it, where that is not acquired", () => {
  expect(faults(planned(program, { ...planLocks(program).value, acquires: new Map() }).graph)).toContain("call_Step_2 runs without c");
});

test("a way back to nobody is a fault", () => {
  const without = <T extends { readonly operations: readonly Operation[] }>(all: T): T => ({ ...all, operations: all.operations.filter(({ kind }) => kind !== "set-return") });
  const blocks = graph.blocks.map((block) => ({ ...without(block), exit: mapEdges(block.exit, without) }));
  expect(faults({ ...graph, blocks })).toContainEqual(expect.stringContaining("returns to nobody"));
});
