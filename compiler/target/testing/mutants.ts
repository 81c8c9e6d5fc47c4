/** A planned program with one mistake put into it: in what is planned, or in what is made of that. */
import type { Program } from "../../check/program.ts";
import type { Block, Edge, Exit, FlowGraph, Operation } from "../../flow/flow-graph.ts";
import { mapEdges } from "../../flow/finish.ts";
import { acquireEarly } from "../../locks/early.ts";
import type { LockPlan, PlannedAcquisition } from "../../locks/lock-plan.ts";
import { findNesting } from "../../locks/nesting.ts";
import { canonicalOrder } from "../../locks/order.ts";
import { acquiredWhileHolding, acquisitions, locksOf } from "../../locks/plan-locks.ts";
import type { TargetPlan } from "../target-plan.ts";
import { planned } from "./planned.ts";

export interface Mutant {
  readonly says: string;
  readonly plan: TargetPlan;
}

/** Every acquisition where the program asks for it, in the canonical order at each node: what nests both ways deadlocks. */
export function withoutMoves(program: Program): LockPlan {
  const names = [...program.constraints.keys()].sort();
  const written = findNesting(program, names);
  const { order } = canonicalOrder(written, acquiredWhileHolding(written));
  const early = { ...acquireEarly(written, []), own: new Map(), askedBy: new Map(), upgrades: [] };
  const inOrder = order.map((id) => names[id] as string);
  const acquires = acquisitions(written, early, order);
  return { order: inOrder, locks: locksOf(program, inOrder, acquires), acquires, fixed: new Map() };
}

export function* mutants(program: Program, plan: LockPlan): Generator<Mutant> {
  const mutant = (says: string, mutated: LockPlan): Mutant => ({ says, plan: planned(program, mutated) });
  for (let at = 1; at < plan.order.length; at++) {
    const order = plan.order.with(at, plan.order[at - 1] as string).with(at - 1, plan.order[at] as string);
    const byRank = (one: PlannedAcquisition, other: PlannedAcquisition): number => order.indexOf(one.constraint) - order.indexOf(other.constraint);
    const acquires = new Map([...plan.acquires].map(([node, all]) => [node, all.toSorted(byRank)]));
    yield mutant(`ranks of ${order[at]} and ${order[at - 1]} are swapped`, { ...plan, order, locks: locksOf(program, order, acquires), acquires });
  }
  for (const [node, all] of plan.acquires) {
    for (const [index, one] of all.entries()) {
      const changed = (other: readonly PlannedAcquisition[]): LockPlan => ({ ...plan, acquires: new Map(plan.acquires).set(node, other) });
      yield mutant(`${node} does not acquire ${one.constraint}`, changed(all.toSpliced(index, 1)));
      if (one.mode === "write") yield mutant(`${node} only reads ${one.constraint}`, changed(all.with(index, { ...one, mode: "read" })));
      yield mutant(`${node} asks the other way whether ${one.constraint} is held`, changed(all.with(index, { ...one, ifNotHeld: !one.ifNotHeld })));
      if (index > 0) yield mutant(`${node} acquires in another order`, changed(all.with(index, all[index - 1] as PlannedAcquisition).with(index - 1, one)));
    }
  }
  yield mutant("nothing is acquired early", withoutMoves(program));
  const right = planned(program, plan);
  for (const [says, graph] of mutatedGraphs(right.graph)) yield { says, plan: { ...right, graph } };
}

function* mutatedGraphs(graph: FlowGraph): Generator<readonly [string, FlowGraph]> {
  for (const [id, block] of graph.blocks.entries()) {
    const put = (mutated: Block): FlowGraph => ({ ...graph, blocks: graph.blocks.with(id, mutated) });
    const { exit } = block;
    if (exit.kind === "acquire") {
      for (const bit of exit.unless) yield [`${block.label} forgets bit ${bit}`, put({ ...block, exit: { ...exit, unless: exit.unless.filter((each) => each !== bit) } })];
      if (exit.bit !== undefined) {
        const { bit, ...unmarked } = exit;
        yield [`${block.label} does not set bit ${bit}`, put({ ...block, exit: unmarked })];
      }
    }
    for (const [at, operation] of block.operations.entries()) {
      for (const less of lessOf(operation)) yield [`${block.label} gives back less`, put({ ...block, operations: block.operations.toSpliced(at, 1, ...less) })];
    }
    for (const mutated of edgesWithLess(exit)) yield [`${block.label} gives back less on its way out`, put({ ...block, exit: mutated })];
  }
}

function edgesWithLess(exit: Exit): readonly Exit[] {
  const edges: Edge[] = [];
  mapEdges(exit, (edge) => (edges.push(edge), edge));
  return edges.flatMap((edge) =>
    edge.operations.flatMap((operation, at) =>
      lessOf(operation).map((less) => mapEdges(exit, (each) => (each === edge ? { ...edge, operations: edge.operations.toSpliced(at, 1, ...less) } : each))),
    ),
  );
}

/** The ways to leave something out of an operation on locks. */
function lessOf(operation: Operation): readonly (readonly Operation[])[] {
  switch (operation.kind) {
    case "release":
      return operation.releases.map((_, at) => [{ ...operation, releases: operation.releases.toSpliced(at, 1) }]);
    case "release-all":
    case "release-to-mark":
      return [[]];
    default:
      return [];
  }
}
