/** Which variables may share storage: checked against the textbook's definition, place by place, on programs and on graphs made up. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { groupsAliveTogether } from "./alive-together.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { edgesOf } from "./draft.ts";
import type { FlowGraph, Operation, SlotId } from "./flow-graph.ts";

function graphOf(text: string): FlowGraph {
  const program = checkOnly({ path: "input.flux", text }).value;
  return buildFlowGraph(program, planLocks(program).value);
}

function namesOf(graph: FlowGraph): readonly (readonly string[])[] {
  return groupsAliveTogether(graph).map((group) => group.map((slot) => graph.slots[slot]?.name ?? ""));
}

const two = `
source Accept => Talk;
source Second every 1s => Tick;
Accept () => (int socket);
Tick = Take -> Write;
Talk (int socket) => ();
Take () => (char* lines);
Write (char* lines) => ();
`;

test("a timer's variables lie where those of a connection do", () => {
  expect(namesOf(graphOf(two))).toEqual([["socket"], ["lines"]]);
});

test("what meets in one place only, behind a move, does not share", () => {
  const text = `
source Accept => Talk;
Talk = First -> Second -> Third;
Accept () => (int socket);
First (int socket) => (char* words);
Second (char* words) => (long size);
Third (long size) => ();
`;
  for (const pair of pairsAliveTogether(graphOf(text))) expect(apart(graphOf(text), pair)).toBe(false);
});

test("one group, where everything meets", () => {
  const text = `
source Accept => Talk;
Accept () => (int socket, char* words);
Talk (int socket, char* words) => ();
`;
  expect(namesOf(graphOf(text))).toEqual([["socket", "words"]]);
});

const testdata = fileURLToPath(new URL("testdata/", import.meta.url));

test.each(readdirSync(testdata))("%s: whatever is alive together anywhere is of one group, and every slot of exactly one", (name) => {
  const graph = graphOf(readFileSync(`${testdata}/${name}/input.flux`, "utf8"));
  const groups = groupsAliveTogether(graph);
  expect(groups.flat().toSorted((one, other) => one - other)).toEqual([...graph.slots.keys()]);
  expect(groups.map(([first]) => first)).toEqual(groups.map(([first]) => first).toSorted((one, other) => (one ?? 0) - (other ?? 0)));
  expect([...pairsAliveTogether(graph)].filter((pair) => apart(graph, pair))).toEqual([]);
});

function apart(graph: FlowGraph, [one, other]: readonly [SlotId, SlotId]): boolean {
  return !groupsAliveTogether(graph).some((group) => group.includes(one) && group.includes(other));
}

/** By definition: every two of what is alive after every operation, and what moves at once. */
function* pairsAliveTogether(graph: FlowGraph): Iterable<readonly [SlotId, SlotId]> {
  for (const { alive, operations, exit } of graph.blocks) {
    for (const edge of edgesOf(exit)) {
      const now = new Set(alive);
      for (const operation of [undefined, ...operations, ...edge.operations]) {
        const also = operation === undefined ? [] : perform(operation, now);
        const there = [...new Set([...now, ...also])];
        for (const [index, one] of there.entries()) for (const other of there.slice(index + 1)) yield [one, other];
      }
    }
  }
}

/** Returns what is there while the operation goes on, beside what is alive after it. */
function perform(operation: Operation, now: Set<SlotId>): readonly SlotId[] {
  if (operation.kind === "construct") for (const slot of operation.slots) now.add(slot);
  if (operation.kind === "keep-error") now.add(operation.slot);
  if (operation.kind === "destroy") for (const slot of operation.slots) now.delete(slot);
  if (operation.kind !== "move") return [];
  for (const { from } of operation.moves) now.delete(from);
  for (const { to } of operation.moves) now.add(to);
  return operation.moves.map(({ from }) => from);
}
