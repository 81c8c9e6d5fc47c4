/**
 * Orders the constraints of a program so that no two flows can wait for each other, and says what every node acquires.
 *
 * `a -> b` where some flow can acquire `b` while it holds `a`. Where that relation has no cycle, any topological order of
 * it is a canonical order and no acquisition has to move; ties go by name, so the order of declarations changes nothing.
 * Re-entrance is removed here: what is held on every way into a node is not acquired again. For now everything beyond
 * program-scope locks that never nest out of order is refused with FLX0550 to FLX0554.
 *
 * @param program  checked, without errors. Linear in nodes × constraints / 32 (sets are bits).
 */
import type { Acquisition, NodeName, Program } from "../check/program.ts";
import { invariant, type Checked } from "../diagnostics/checked.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Bits } from "./bits.ts";
import { findNesting, type Nesting } from "./nesting.ts";
import type { LockPlan, PlannedAcquisition } from "./lock-plan.ts";
import { cycleRefused, refusedKinds, upgradesRefused } from "./refused.ts";

export function planLocks(program: Program): Checked<LockPlan> {
  const names = [...program.constraints.keys()].sort();
  if (names.length === 0) return { value: { order: [], acquires: new Map() }, diagnostics: [] };
  const kinds = refusedKinds(program);
  if (kinds.length > 0) return { value: { order: names, acquires: new Map() }, diagnostics: kinds };

  const nesting = findNesting(program, names);
  const relation = acquiredWhileHolding(nesting);
  const { order, cyclic } = topologicalOrder(relation);
  const diagnostics: readonly Diagnostic[] = [
    ...(cyclic.length === 0 ? [] : cycleRefused(nesting, relation, cyclic)),
    ...upgradesRefused(nesting),
  ];
  const ranked = order.map((id) => names[id] as string);
  return { value: { order: ranked, acquires: acquisitions(nesting, ranked) }, diagnostics };
}

/** By constraint: what can be acquired while it is held. */
function acquiredWhileHolding({ names, nodes }: Nesting): readonly Bits[] {
  const relation = names.map(() => new Bits(names.length));
  for (const { own, below, always } of nodes) {
    if (own.length === 0 || below === undefined) continue;
    const inside = below.copy();
    inside.remove(always);
    for (const { id } of own) inside.delete(id);
    for (const { id } of own) relation[id]?.addAll(inside);
  }
  return relation;
}

/** Again and again the first by name of those without a predecessor left (Kahn). `cyclic`: what is never without one. */
function topologicalOrder(relation: readonly Bits[]): { readonly order: readonly number[]; readonly cyclic: readonly number[] } {
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
  const placed = new Set(order);
  const cyclic = [...relation.keys()].filter((each) => !placed.has(each));
  return { order: [...order, ...cyclic], cyclic };
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

function acquisitions({ program, names, byName }: Nesting, order: readonly string[]): LockPlan["acquires"] {
  const rank = new Map(order.map((name, index) => [name, index]));
  const planned = new Map<NodeName, readonly PlannedAcquisition[]>();
  for (const { name, acquires } of program.nodes.values()) {
    const nested = acquires.length === 0 ? undefined : byName.get(name);
    // What nothing starts acquires nothing.
    if (nested === undefined) continue;
    const needed = acquires
      .filter(({ constraint }) => !nested.always.has(indexOf(names, constraint)))
      .sort((one, other) => (rank.get(one.constraint) ?? 0) - (rank.get(other.constraint) ?? 0))
      .map((acquisition) => plain(acquisition, nested.sometimes?.has(indexOf(names, acquisition.constraint)) === true));
    if (needed.length > 0) planned.set(name, needed);
  }
  return planned;
}

function plain({ constraint, mode, key }: Acquisition, ifNotHeld: boolean): PlannedAcquisition {
  return { constraint, mode, ...(key === undefined ? {} : { key }), ifNotHeld };
}

/** Place in a sorted list. */
export function indexOf(names: readonly string[], name: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  invariant(names[low] === name, `${name} is a constraint`);
  return low;
}
