/** Which time limits can be running at each block: what a wait must look at. Prints nothing. */
import { edgesOf } from "../flow/draft.ts";
import type { BlockId, FlowGraph, Operation } from "../flow/flow-graph.ts";

/**
 * By block, the deadlines that may be set when its exit is reached, ascending. A forward fixpoint over sets that only grow:
 * linear in blocks and edges for each deadline, and those are as few as limits nest.
 */
export function runningDeadlines(graph: FlowGraph): readonly (readonly number[])[] {
  const none: readonly number[] = [];
  if (graph.deadlines === 0) return graph.blocks.map(() => none);
  const atEntry: (bigint | undefined)[] = graph.blocks.map(() => undefined);
  const open: BlockId[] = [];
  const reach = (id: BlockId, running: bigint): void => {
    const before = atEntry[id];
    const after = (before ?? 0n) | running;
    if (before === after) return;
    atEntry[id] = after;
    open.push(id);
  };
  for (const { activation, flow } of graph.entries) {
    if (activation !== undefined) reach(activation, 0n);
    reach(flow, 0n);
  }
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const block = graph.blocks[id];
    if (block === undefined) continue;
    const running = through(block.operations, atEntry[id] ?? 0n);
    for (const { operations, to } of edgesOf(block.exit)) reach(to, through(operations, running));
  }
  const indices = Array.from({ length: graph.deadlines }, (_, index) => index);
  return graph.blocks.map(({ operations }, id) => {
    const running = through(operations, atEntry[id] ?? 0n);
    return indices.filter((index) => ((running >> BigInt(index)) & 1n) !== 0n);
  });
}

function through(operations: readonly Operation[], running: bigint): bigint {
  let now = running;
  for (const operation of operations) {
    if (operation.kind === "set-deadline") now |= 1n << BigInt(operation.deadline);
    if (operation.kind === "clear-deadlines") for (const deadline of operation.deadlines) now &= ~(1n << BigInt(deadline));
  }
  return now;
}
