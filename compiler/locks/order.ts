/**
 * The canonical order of the constraints: any topological order of "can be acquired while it is held" where that has no
 * cycle. Inside a cycle (a strongly connected component) some constraint must be acquired early; which, is chosen here so
 * that it costs least. Ties go by name, so the order of declarations changes nothing.
 *
 * A constraint's number is its place by name.
 */
import { Bits } from "./bits.ts";
import { components } from "./components.ts";
import { earlyCosts } from "./early-costs.ts";
import type { Nesting } from "./nesting.ts";

export interface CanonicalOrder {
  /** From the one acquired first. */
  readonly order: readonly number[];
  /** Those with more than one constraint; each in its order. */
  readonly cycles: readonly (readonly number[])[];
}

/** Up to so many constraints of a cycle the cheapest of all orders is found; above, one that is good at each step. */
const mostExact = 8;

/** @param relation by constraint, what can be acquired while it is held */
export function canonicalOrder(nesting: Nesting, relation: readonly Bits[]): CanonicalOrder {
  const cycles = components(relation)
    .filter((members) => members.length > 1)
    .map((members) => (members.length <= mostExact ? cheapestOrder(nesting, members) : greedyOrder(nesting, relation, members)));
  if (cycles.length === 0) return { order: topologicalOrder(relation), cycles };

  const inCycle = new Map(cycles.flatMap((members, index) => members.map((member) => [member, index] as const)));
  const acyclic = relation.map((later, from) => {
    const index = inCycle.get(from);
    if (index === undefined) return later;
    const kept = new Bits(relation.length);
    for (const to of later) if (inCycle.get(to) !== index) kept.add(to);
    return kept;
  });
  for (const members of cycles) for (const [at, to] of members.entries()) if (at > 0) acyclic[members[at - 1] as number]?.add(to);
  return { order: topologicalOrder(acyclic), cycles };
}

/** Again and again the first by name of those without a predecessor left (Kahn). */
function topologicalOrder(relation: readonly Bits[]): readonly number[] {
  const before = relation.map(() => 0);
  for (const later of relation) for (const each of later) before[each] = (before[each] as number) + 1;
  const ready = new FirstOut();
  for (const [each, count] of before.entries()) if (count === 0) ready.push(each);
  const order: number[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    order.push(next);
    for (const later of relation[next] as Bits) {
      const left = (before[later] as number) - 1;
      before[later] = left;
      if (left === 0) ready.push(later);
    }
  }
  return order;
}

/** By constraint: its place in the order. */
export function ranks(order: readonly number[]): Int32Array {
  const rank = new Int32Array(order.length);
  for (const [place, id] of order.entries()) rank[id] = place;
  return rank;
}

interface Arrangement {
  readonly cost: number;
  readonly moves: number;
  readonly order: readonly number[];
}

/**
 * Dynamic programming over the subsets of the cycle (Held and Karp): what a constraint costs depends only on which others
 * come after it, not on their order. Least cost, then fewest moves, then first by name.
 */
function cheapestOrder(nesting: Nesting, members: readonly number[]): readonly number[] {
  const costs = earlyCosts(nesting, members);
  const all = (1 << members.length) - 1;
  /** The best order of each subset in front of all others. */
  const best: Arrangement[] = [{ cost: 0, moves: 0, order: [] }];
  for (let subset = 1; subset <= all; subset++) {
    let found: Arrangement | undefined;
    for (let last = 0; last < members.length; last++) {
      if ((subset & (1 << last)) === 0) continue;
      const before = best[subset & ~(1 << last)] as Arrangement;
      const { cost, moves } = costs(last, all & ~subset);
      const made = { cost: before.cost + cost, moves: before.moves + moves, order: [...before.order, members[last] as number] };
      if (found === undefined || isBetter(made, found)) found = made;
    }
    best.push(found as Arrangement);
  }
  return (best[all] as Arrangement).order;
}

function isBetter(one: Arrangement, other: Arrangement): boolean {
  if (one.cost !== other.cost) return one.cost < other.cost;
  if (one.moves !== other.moves) return one.moves < other.moves;
  for (const [at, id] of one.order.entries()) if (id !== other.order[at]) return id < (other.order[at] as number);
  return false;
}

/** Always the constraint next that fewest of the nodes left would have to acquire early for it. */
function greedyOrder({ nodes }: Nesting, relation: readonly Bits[], members: readonly number[]): readonly number[] {
  const isMember = new Set(members);
  /** By constraint: nodes that hold it, and need the other below. */
  const weight = new Map(members.map((member) => [member, new Map<number, number>()]));
  for (const { own, below, always } of nodes) {
    if (below === undefined) continue;
    for (const { id: held } of own) {
      if (!isMember.has(held)) continue;
      for (const needed of relation[held] as Bits) {
        if (!isMember.has(needed) || !below.has(needed) || always.has(needed)) continue;
        const before = weight.get(needed);
        before?.set(held, (before.get(held) ?? 0) + 1);
      }
    }
  }
  const left = new Set(members);
  const order: number[] = [];
  while (left.size > 0) {
    let chosen: { readonly id: number; readonly cost: number } | undefined;
    for (const id of left) {
      let cost = 0;
      for (const [held, count] of weight.get(id) ?? []) if (left.has(held)) cost += count;
      if (chosen === undefined || cost < chosen.cost) chosen = { id, cost };
    }
    if (chosen === undefined) break;
    order.push(chosen.id);
    left.delete(chosen.id);
  }
  return order;
}

/** A binary heap of small numbers. */
class FirstOut {
  readonly #heap: number[] = [];

  push(value: number): void {
    let at = this.#heap.push(value) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#heap[parent] as number) <= value) break;
      this.#heap[at] = this.#heap[parent] as number;
      at = parent;
    }
    this.#heap[at] = value;
  }

  pop(): number | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const child = right < this.#heap.length && (this.#heap[right] as number) < (this.#heap[left] as number) ? right : left;
      if (child >= this.#heap.length || (this.#heap[child] as number) >= last) break;
      this.#heap[at] = this.#heap[child] as number;
      at = child;
    }
    this.#heap[at] = last;
    return first;
  }
}
