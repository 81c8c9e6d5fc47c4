/** A planned program with one mistake put into it: in what is planned, or in what is made of that. */
import type { Program } from "../../check/program.ts";
import type { Block, Edge, Exit, FlowGraph, Operation } from "../../flow/flow-graph.ts";
import { mapEdges } from "../../flow/finish.ts";
import { acquireEarly } from "../../locks/early.ts";
import { keysOf, type LockPlan, type PlannedAcquisition, type PlannedKey } from "../../locks/lock-plan.ts";
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
      yield mutant(`${node} does not acquire ${one.lock}`, changed(all.toSpliced(index, 1)));
      if (one.keys === undefined && one.mode === "write") yield mutant(`${node} only reads ${one.constraint}`, changed(all.with(index, { ...one, mode: "read" })));
      yield mutant(`${node} asks the other way whether ${one.constraint} is held`, changed(all.with(index, { ...one, ifNotHeld: !one.ifNotHeld })));
      if (index > 0) yield mutant(`${node} acquires in another order`, changed(all.with(index, all[index - 1] as PlannedAcquisition).with(index - 1, one)));
    }
  }
  for (const [says, acquires] of otherKeys(program, plan)) yield mutant(says, { ...plan, locks: locksOf(program, plan.order, acquires), acquires });
  for (const [node, inputs] of plan.fixed) {
    for (const input of inputs) yield mutant(`${node} may change its input ${input}`, { ...plan, fixed: new Map(plan.fixed).set(node, inputs.filter((each) => each !== input)) });
  }
  for (const [at, lock] of plan.locks.entries()) {
    if (lock.kind === "session" || lock.kind === "program") {
      const kind = lock.kind === "session" ? "program" : "session";
      yield mutant(`${lock.name} is of the ${kind}`, { ...plan, locks: plan.locks.with(at, { ...lock, kind }) });
    }
  }
  yield mutant("nothing is acquired early", withoutMoves(program));
  const right = planned(program, plan);
  for (const [says, graph] of mutatedGraphs(right.graph)) yield { says, plan: { ...right, graph } };
}

/** A key left out, another input for a key, a key for reading only, one key where it should be all of them. */
function* otherKeys({ nodes, constraints }: Program, plan: LockPlan): Generator<readonly [string, LockPlan["acquires"]]> {
  for (const [node, all] of plan.acquires) {
    const inputs = nodes.get(node)?.inputs ?? [];
    for (const [index, one] of all.entries()) {
      const put = (...made: readonly PlannedAcquisition[]): LockPlan["acquires"] => new Map(plan.acquires).set(node, all.toSpliced(index, 1, ...made));
      const having = (keys: readonly PlannedKey[]): PlannedAcquisition => ({ ...one, keys, mode: keys.some(({ mode }) => mode === "write") ? "write" : "read" });
      const kind = constraints.get(one.constraint)?.kind;
      if (kind?.kind !== "keyed") continue;
      const possible = [...inputs.keys()].filter((input) => inputs[input]?.type === kind.keyType);
      const { keys } = one;
      if (keys !== undefined) {
        for (const [at, { input, mode }] of keys.entries()) {
          if (keys.length > 1) yield [`${node} does not acquire ${one.constraint}[${input}]`, put(having(keys.toSpliced(at, 1)))];
          if (mode === "write") yield [`${node} only reads ${one.constraint}[${input}]`, put(having(keys.with(at, { input, mode: "read" })))];
          for (const other of possible.filter((each) => keys.every((key) => key.input !== each))) {
            yield [`${node} acquires ${one.constraint}[${other}] for its ${input}`, put(having(keys.with(at, { input: other, mode })))];
          }
        }
      } else if (one.mode === "write") {
        const share: PlannedAcquisition = { ...one, mode: "read" };
        for (const input of possible) {
          const key: PlannedAcquisition = { ...one, lock: keysOf(one.constraint), keys: [{ input, mode: "write" }] };
          yield [`${node} acquires ${one.constraint}[${input}] for all`, put(share, key)];
        }
      }
    }
  }
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
    for (const [says, mutated] of withOtherKeys(graph, exit)) yield [`${block.label} ${says}`, put({ ...block, exit: mutated })];
    for (const [at, operation] of block.operations.entries()) {
      for (const less of lessOf(operation)) yield [`${block.label} gives back less`, put({ ...block, operations: block.operations.toSpliced(at, 1, ...less) })];
    }
    for (const mutated of edgesWithLess(exit)) yield [`${block.label} gives back less on its way out`, put({ ...block, exit: mutated })];
  }
}

/** What is printed of keys, changed where it is printed. */
function* withOtherKeys({ blocks, heldBits, locks }: FlowGraph, exit: Exit): Generator<readonly [string, Exit]> {
  if (exit.kind === "call") {
    for (const [at, argument] of exit.inputs.entries()) {
      if (argument.kind !== "slot" || !argument.constant) continue;
      yield [`may change its input ${at}`, { ...exit, inputs: exit.inputs.with(at, { ...argument, constant: false }) }];
    }
  }
  if (exit.kind !== "acquire" || exit.keys === undefined) return;
  const constraint = locks.find(({ name }) => name === exit.lock)?.constraint;
  const slots = new Set(blocks.flatMap((block) => (block.exit.kind === "acquire" ? (block.exit.keys ?? []).map(({ slot }) => slot) : [])));
  for (const [at, { slot, mode }] of exit.keys.entries()) {
    for (const other of slots) if (other !== slot) yield [`acquires what is in slot ${other}`, { ...exit, keys: exit.keys.with(at, { slot: other, mode }) }];
  }
  for (const [bit, lock] of heldBits.entries()) {
    if (lock !== constraint || exit.unless.includes(bit)) continue;
    yield [`takes a share for all: bit ${bit}`, { ...exit, unless: [...exit.unless, bit] }];
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
      return operation.releases.flatMap((release, at) => [
        [{ ...operation, releases: operation.releases.toSpliced(at, 1) }],
        ...(release.most > 1 ? [[{ ...operation, releases: operation.releases.with(at, { ...release, most: 1 }) }]] : []),
      ]);
    case "release-all":
    case "release-to-mark":
      return [[]];
    default:
      return [];
  }
}
