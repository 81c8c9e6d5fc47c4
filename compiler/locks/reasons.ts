/**
 * Why the plan is as it is, as data: which node makes a constraint come before another, where constraints nest both ways,
 * what is acquired early for that and what it costs. For `fluxc locks`; decides nothing.
 */
import type { Acquisition, NodeName, Program } from "../check/program.ts";
import { withoutShares, type LockPlan } from "./lock-plan.ts";
import { findNesting, type NestedNode, type Nesting } from "./nesting.ts";
import { canonicalOrder } from "./order.ts";
import { acquiredWhileHolding, indexOf } from "./plan-locks.ts";
import { acquisitionOf, shortestWay, witness } from "./warnings.ts";

/** `outer` holds `before`, and `inner`, which runs inside it, acquires `after`. */
export interface Nested {
  readonly before: string;
  readonly after: string;
  readonly outer: Asking;
  readonly inner: Asking;
}

export interface Asking {
  readonly node: NodeName;
  readonly acquisition: Acquisition;
}

export interface Move {
  readonly node: NodeName;
  readonly constraint: string;
  readonly for: NodeName;
  /** Concrete nodes in the program, by mention, that run with it held and would not otherwise. */
  readonly calls: number;
}

export interface Reasons {
  /** For neighbours in the order; those that nothing nests go by name. */
  readonly neighbours: readonly Nested[];
  /** Each in its order, with one way round it: the first is the last one's `after`. */
  readonly cycles: readonly { readonly order: readonly string[]; readonly round: readonly Nested[] }[];
  readonly moves: readonly Move[];
}

/** Finding one takes a look through the program. */
const mostExplained = 200;

/** @param program  one that `planLocks` took */
export function explainPlan(program: Program, plan: LockPlan): Reasons {
  const names = [...program.constraints.keys()].sort();
  const nesting = findNesting(program, names);
  const relation = acquiredWhileHolding(nesting);
  const order = plan.order.map((name) => indexOf(names, name));
  const { cycles } = canonicalOrder(nesting, relation);
  const moves = [...plan.acquires].flatMap(([node, all]) => withoutShares(all).flatMap(({ constraint, movedFor }) => (movedFor === undefined ? [] : { node, constraint, for: movedFor })));
  return {
    neighbours: order.slice(1, mostExplained).flatMap((to, index) => (relation[order[index] as number]?.has(to) === true ? nestedIn(nesting, order[index] as number, to) : [])),
    cycles: cycles.slice(0, mostExplained).map((members) => {
      const last = members.findLast((member) => members.some((other) => relation[member]?.has(other) === true && members.indexOf(other) < members.indexOf(member))) as number;
      const first = members.find((member) => relation[last]?.has(member)) as number;
      const way = [last, ...shortestWay(relation, first, last)];
      return { order: members.map((id) => names[id] as string), round: way.slice(1).map((to, index) => nestedIn(nesting, way[index] as number, to)) };
    }),
    moves: moves.slice(0, mostExplained).map((move) => ({ ...move, calls: callsHolding(nesting, move.node, indexOf(names, move.constraint)) })),
  };
}

/** Every pair of which one is acquired while the other is held, in the order of the plan: at most as many as are explained. */
export function explainNesting(program: Program, plan: LockPlan): readonly Nested[] {
  const names = [...program.constraints.keys()].sort();
  const nesting = findNesting(program, names);
  const relation = acquiredWhileHolding(nesting);
  const order = plan.order.map((name) => indexOf(names, name));
  const all: Nested[] = [];
  for (const from of order) {
    for (const to of order) if (all.length < mostExplained && relation[from]?.has(to) === true) all.push(nestedIn(nesting, from, to));
  }
  return all;
}

function nestedIn(nesting: Nesting, from: number, to: number): Nested {
  const { names } = nesting;
  const { outer, inner } = witness(nesting, from, to);
  return {
    ...{ before: names[from] as string, after: names[to] as string },
    outer: { node: outer.node.name, acquisition: acquisitionOf(outer, names, from) },
    inner: { node: inner.node.name, acquisition: acquisitionOf(inner, names, to) },
  };
}

/** Mentions of concrete nodes under a node, those left out that are under one that asks for the constraint itself. */
function callsHolding({ byName }: Nesting, name: NodeName, id: number): number {
  const seen = new Set<NestedNode>();
  const start = byName.get(name);
  let calls = start?.node.kind === "concrete" ? 1 : 0;
  for (const place of start === undefined ? [] : seen.add(start)) {
    for (const inner of place.inside) {
      if (inner.own.some((own) => own.id === id)) continue;
      if (inner.node.kind === "concrete") calls += 1;
      else seen.add(inner);
    }
  }
  return calls;
}
