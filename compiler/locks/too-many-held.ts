/** FLX0533: more locks than the record of a flow can count. Finds the node around which, with its own, they become too many. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LockPlan, PlannedAcquisition } from "./lock-plan.ts";
import type { NestedNode, Nesting } from "./nesting.ts";

/** A flow counts what it holds in one byte. */
const most = 255;

/** @param nesting of the program as it is planned */
export function tooManyHeld({ nodes }: Nesting, plan: LockPlan): readonly Diagnostic[] {
  if (heldByOne(plan) <= most) return [];
  const around = new Map<NestedNode, number>();
  const found: Diagnostic[] = [];
  for (const place of nodes) {
    const before = around.get(place) ?? 0;
    const held = before + locksOf(plan.acquires.get(place.node.name) ?? []);
    const last = place.node.acquires.at(-1);
    if (held > most && before <= most && last !== undefined) {
      found.push(diagnostic("FLX0533", { at: last.span }, { node: place.node.name, held: String(held), most: String(most) }));
    }
    for (const inner of place.inside) around.set(inner, Math.max(around.get(inner) ?? 0, held));
  }
  return found;
}

/** A flow holds each lock once, and no more keys of one than some node asks for. */
function heldByOne({ locks, acquires }: LockPlan): number {
  const keysOf = new Map(locks.map(({ name }) => [name, 1]));
  for (const { lock, keys } of [...acquires.values()].flat()) keysOf.set(lock, Math.max(keysOf.get(lock) ?? 1, keys?.length ?? 1));
  return [...keysOf.values()].reduce((sum, each) => sum + each, 0);
}

function locksOf(all: readonly PlannedAcquisition[]): number {
  return all.reduce((sum, { keys }) => sum + (keys?.length ?? 1), 0);
}
