/**
 * FLX0510 and FLX0511 for what only the plan holds: a program-wide lock acquired early, or all of a class in place of a key, around
 * nodes that wait or block. What the program asks for itself is `check`'s business.
 */
import type { ConcreteNode } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LockPlan, PlannedAcquisition } from "./lock-plan.ts";
import type { NestedNode, Nesting } from "./nesting.ts";

/** Each takes a look at what is inside a node. */
const mostSought = 200;

/** @param nesting of the program as it is written */
export function earlyHazards({ byName }: Nesting, { acquires, locks }: LockPlan): readonly Diagnostic[] {
  const programWide = new Set(locks.flatMap(({ name, kind }) => (kind === "program" || kind === "class" ? [name] : [])));
  const early = [...acquires].flatMap(([name, all]) =>
    // The readers' share of a class is nobody's wait: it is kept from those alone who want all of it.
    all.filter(({ lock, mode, movedFor, wholeFor, constraint }) => programWide.has(lock) && (wholeFor ?? movedFor) !== undefined && !(mode === "read" && isKeyed(all, constraint))).map((one) => ({ name, one })),
  );
  return early.slice(0, mostSought).flatMap(({ name, one }) => {
    const place = byName.get(name);
    invariant(place !== undefined, `${name} is started by something`);
    return [...hazardsOf(place, one)];
  });
}

function isKeyed(all: readonly PlannedAcquisition[], constraint: string): boolean {
  return all.some((one) => one.constraint === constraint && one.keys !== undefined);
}

function* hazardsOf(place: NestedNode, { constraint, mode }: PlannedAcquisition): Iterable<Diagnostic> {
  const { node } = place;
  const at = (node.acquires.find((one) => one.constraint === constraint) ?? node.acquires.at(-1))?.span;
  invariant(at !== undefined, `${node.name} acquires something`);
  const holes = { name: constraint, holder: node.name };
  const waits = firstInside(place, constraint, ({ wait }) => wait.length > 0);
  const wait = waits?.wait[0];
  if (waits !== undefined && wait !== undefined) {
    yield diagnostic("FLX0510", { at, wait: wait.span }, { ...holes, node: waits.name, as: mode === "read" ? " as writer" : "" });
  }
  const blocks = mode === "write" ? firstInside(place, constraint, ({ blocking }) => blocking) : undefined;
  if (blocks !== undefined) yield diagnostic("FLX0511", { at, blocking: blocks.nameSpan }, { ...holes, node: blocks.name });
}

/** In the order in which they run. What is inside a node that asks for all of the constraint itself was said of that. */
function firstInside(place: NestedNode, constraint: string, is: (node: ConcreteNode) => boolean): ConcreteNode | undefined {
  const seen = new Set<NestedNode>();
  const open = [place];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at) || (at !== place && at.node.acquires.some((one) => one.constraint === constraint && one.key === undefined))) continue;
    seen.add(at);
    if (at.node.kind === "concrete" && is(at.node)) return at.node;
    open.push(...at.inside.toReversed());
  }
  return undefined;
}
