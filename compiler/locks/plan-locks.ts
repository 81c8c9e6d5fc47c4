/**
 * Orders the constraints of a program so that no two flows can wait for each other, and says what every node acquires.
 *
 * `a -> b` where some flow can acquire `b` while it holds `a`. Flows acquire in one order (`order.ts`); what would come
 * against it is acquired earlier, by the node around it that holds the later one (`early.ts`). Re-entrance is removed
 * here: what is held on every way into a node is not acquired again. A session's lock is planned as the program's is, since a
 * flow has one id, and so is a unit of a pool, of which a flow takes one. A constraint with keys is one place in the order:
 * inside what holds some of its keys nobody may ask for another, so that would be the whole class (`key-needs.ts`).
 *
 * @param program  checked, without errors. Linear in nodes × constraints / 32 (sets are bits).
 */
import type { NodeName, Program } from "../check/program.ts";
import { invariant, type Checked } from "../diagnostics/checked.ts";
import { Bits } from "./bits.ts";
import { acquireEarly, type Early } from "./early.ts";
import { fixedInputs } from "./fixed-inputs.ts";
import { acquiring, findNesting, type NestedNode, type Nesting, type Own } from "./nesting.ts";
import { keysOf, noLocks, type Lock, type LockPlan, type PlannedAcquisition } from "./lock-plan.ts";
import { canonicalOrder, ranks } from "./order.ts";
import { earlyHazards } from "./hazards.ts";
import { tooManyHeld } from "./too-many-held.ts";
import { earlyWarnings } from "./warnings.ts";

export function planLocks(program: Program): Checked<LockPlan> {
  const names = [...program.constraints.keys()].sort();
  if (names.length === 0) return { value: noLocks, diagnostics: [] };

  const written = findNesting(program, names);
  const relation = acquiredWhileHolding(written);
  const { order } = canonicalOrder(written, relation);
  const early = acquireEarly(written, order);
  const nesting = early.own.size === 0 ? written : acquiring(written, early.own);
  const inOrder = order.map((id) => names[id] as string);
  const acquires = acquisitions(nesting, early, order);
  const plan = { order: inOrder, locks: locksOf(program, inOrder, acquires), acquires, fixed: fixedInputs(nesting, acquires) };
  return { value: plan, diagnostics: [...earlyWarnings(written, relation, plan, early), ...earlyHazards(written, plan), ...tooManyHeld(nesting, plan)] };
}

/** By constraint: what can be acquired while it is held. */
export function acquiredWhileHolding({ names, nodes }: Nesting): readonly Bits[] {
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

/** What every node acquires in an order, with what it acquires early for others. */
export function acquisitions({ program, names, byName }: Nesting, { askedBy }: Early, order: readonly number[]): LockPlan["acquires"] {
  const rank = ranks(order);
  const needed: (readonly [NestedNode, readonly Own[]])[] = [];
  const whole = new Set<number>();
  for (const name of program.nodes.keys()) {
    const place = byName.get(name);
    // What nothing starts acquires nothing.
    if (place === undefined || place.own.length === 0) continue;
    const own = place.own.filter(({ id }) => !place.always.has(id));
    if (own.length === 0) continue;
    needed.push([place, own.sort((one, other) => (rank[one.id] as number) - (rank[other.id] as number))]);
    for (const { id, keys } of own) if (keys === undefined) whole.add(id);
  }
  const planned = new Map<NodeName, readonly PlannedAcquisition[]>();
  for (const [{ node, sometimes }, own] of needed) {
    const made = own.flatMap(({ id, mode, keys, wholeFor }): readonly PlannedAcquisition[] => {
      const constraint = names[id] as string;
      const movedFor = askedBy.get(node.name)?.get(id);
      const base = { constraint, ...(movedFor === undefined ? {} : { movedFor }), ifNotHeld: sometimes?.has(id) === true };
      if (keys === undefined) return [{ ...base, lock: constraint, mode, ...(wholeFor === undefined ? {} : { wholeFor }) }];
      const share: PlannedAcquisition = { ...base, lock: constraint, mode: "read" };
      return [...(whole.has(id) ? [share] : []), { ...base, lock: keysOf(constraint), mode, keys }];
    });
    planned.set(node.name, made);
  }
  return planned;
}

/** The locks of the constraints, in the same order: of those with keys what is acquired, the class first. */
export function locksOf({ constraints }: Program, order: readonly string[], acquires: LockPlan["acquires"]): readonly Lock[] {
  const acquired = new Set([...acquires.values()].flatMap((all) => all.map(({ lock }) => lock)));
  return order.flatMap((name): readonly Lock[] => {
    const kind = constraints.get(name)?.kind;
    invariant(kind !== undefined, `${name} is a constraint`);
    if (kind.kind !== "keyed") return [{ name, constraint: name, kind: kind.kind === "lock" ? kind.scope : "pool" }];
    const both: readonly Lock[] = [{ name, constraint: name, kind: "class" }, { name: keysOf(name), constraint: name, kind: "keys" }];
    return both.filter((lock) => acquired.has(lock.name));
  });
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
