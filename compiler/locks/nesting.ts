/**
 * Which constraints are needed under every node, and which are held on the way into it. Two passes over the nodes, in
 * topological order and back; tail calls are no edges: they hold nothing of their loop. Ways are never told apart one by one.
 */
import type { Acquisition, Node, NodeName, Program, Step } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { Bits } from "./bits.ts";
import { findKeyNeeds, type KeyNeeds } from "./key-needs.ts";
import type { PlannedKey } from "./lock-plan.ts";
import { indexOf } from "./plan-locks.ts";

export interface Nesting {
  readonly program: Program;
  /** Sorted; a constraint's bit is its place. */
  readonly names: readonly string[];
  /** Those that something starts, callers before callees. */
  readonly nodes: readonly NestedNode[];
  readonly byName: ReadonlyMap<NodeName, NestedNode>;
  /** Those that a flow begins with, or a handler. */
  readonly starts: readonly NestedNode[];
  /** Where the program has keys. */
  readonly keys: KeyNeeds | undefined;
}

export interface NestedNode {
  readonly node: Node;
  /** The nodes that run inside it, as often as it mentions them. */
  readonly inside: readonly NestedNode[];
  /** What it acquires itself: the constraints' bits, and how. */
  readonly own: readonly Own[];
  /** What nodes inside acquire, the node itself left out; and what of it as writers. `undefined`: nothing. */
  readonly below: Bits | undefined;
  readonly written: Bits | undefined;
  /** Held on every way in. */
  readonly always: Bits;
  /** Held on some way in. `undefined`: nothing. */
  readonly sometimes: Bits | undefined;
}

export interface Own {
  readonly id: number;
  /** Of several keys the strongest. Who takes the whole class of keys is always a writer: that keeps out who writes any. */
  readonly mode: "read" | "write";
  /** Of a constraint with keys; none: the whole class. */
  readonly keys?: readonly PlannedKey[];
  /** The node inside for which this is the whole class. */
  readonly wholeFor?: NodeName;
}

/** While it is found out. */
type Open = { -readonly [K in Exclude<keyof NestedNode, "inside">]: NestedNode[K] } & { inside: readonly Open[]; isReached: boolean };

export function findNesting(program: Program, names: readonly string[]): Nesting {
  // What is held nowhere never becomes held: one set for all of those.
  const nothing = new Bits(names.length);
  const byName = new Map<NodeName, Open>();
  const placeOf = (name: NodeName): Open => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const node = program.nodes.get(name);
    invariant(node !== undefined, `${name} is a node`);
    const own = node.acquires.length === 0 ? none : ownOf(program, names, node.acquires);
    const held = { always: nothing, sometimes: undefined, isReached: false };
    const place = { node, inside: none, own, below: undefined, written: undefined, ...held };
    byName.set(name, place);
    return place;
  };
  const starts: Open[] = [];
  for (const { node, target } of program.sources) starts.push(...(node === undefined ? none : [placeOf(node)]), placeOf(target));
  for (const { handler } of program.handlers) starts.push(placeOf(handler));
  const nodes = inOrder(starts, placeOf);

  for (let at = nodes.length - 1; at >= 0; at--) findNeeds(nodes[at] as Open, names.length);
  for (const start of starts) start.isReached = true;
  for (const place of nodes) handDown(place, nothing);
  return { program, names, nodes, byName, starts, keys: findKeyNeeds(program, names, nodes) };
}

function ownOf({ constraints }: Program, names: readonly string[], acquires: readonly Acquisition[]): readonly Own[] {
  const own = new Map<number, Own>();
  for (const { constraint, mode, key } of acquires) {
    const id = indexOf(names, constraint);
    const keyed = constraints.get(constraint)?.kind.kind === "keyed";
    const known = own.get(id);
    const strongest = known?.mode === "write" ? known.mode : mode;
    if (!keyed) own.set(id, { id, mode: strongest });
    else if (key === undefined || (known !== undefined && known.keys === undefined)) own.set(id, { id, mode: "write" });
    else own.set(id, { id, mode: strongest, keys: [...(known?.keys ?? none), { input: key, mode }] });
  }
  return [...own.values()];
}

/** The same nodes where some acquire something else: what is held around each then. What they need below is left as it was. */
export function acquiring({ program, names, nodes, starts, keys }: Nesting, other: ReadonlyMap<NestedNode, readonly Own[]>): Nesting {
  const nothing = new Bits(names.length);
  const copies = new Map<NestedNode, Open>();
  const unreached = { always: nothing, sometimes: undefined, isReached: false };
  for (const place of nodes) copies.set(place, { ...place, inside: none, own: other.get(place) ?? place.own, ...unreached });
  const copyOf = (place: NestedNode): Open => copies.get(place) as Open;
  for (const place of nodes) copyOf(place).inside = place.inside.map(copyOf);
  for (const start of starts) copyOf(start).isReached = true;
  for (const place of copies.values()) handDown(place, nothing);
  const copied = [...copies.values()];
  return { program, names, keys, nodes: copied, starts: starts.map(copyOf), byName: new Map(copied.map((place) => [place.node.name, place])) };
}

const none: readonly never[] = [];

/** From the nodes inside to the one around them. */
function findNeeds(place: Open, constraints: number): void {
  for (const { below, written, own } of place.inside) {
    if (below === undefined && own.length === 0) continue;
    place.below ??= new Bits(constraints);
    if (below !== undefined) place.below.addAll(below);
    place.written = written === undefined ? place.written : union(place.written, written);
    for (const { id, mode } of own) {
      place.below.add(id);
      if (mode === "write") (place.written ??= new Bits(constraints)).add(id);
    }
  }
}

/** What is held in a node, to the nodes inside it. */
function handDown(place: Open, nothing: Bits): void {
  if (place.inside.length === 0) return;
  const [must, may] = [place.always.copy(), (place.sometimes ?? nothing).copy()];
  for (const { id } of place.own) {
    must.add(id);
    may.add(id);
  }
  for (const inner of place.inside) {
    if (inner.isReached) inner.always.keep(must);
    else if (!must.isEmpty()) inner.always = must.copy();
    inner.isReached = true;
    inner.sometimes = union(inner.sometimes, may);
  }
}

function union(known: Bits | undefined, added: Bits): Bits | undefined {
  if (added.isEmpty()) return known;
  if (known === undefined) return added.copy();
  known.addAll(added);
  return known;
}

/** The nodes that run inside a node, as often as it mentions them. */
export function stepsOf(node: Node): readonly Step[] {
  return withoutTailCalls(allStepsOf(node));
}

/** Those, and the tail calls with which it goes on. */
export function allStepsOf(node: Node): readonly Step[] {
  switch (node.kind) {
    case "concrete":
      return none;
    case "sequence":
      return node.steps;
    case "dispatch":
      return node.cases.flatMap((each) => each.steps);
  }
}

/** Most nodes have none, and a large program need not keep their steps twice. */
function withoutTailCalls(steps: readonly Step[]): readonly Step[] {
  return steps.some((step) => step.tailCall) ? steps.filter((step) => !step.tailCall) : steps;
}

/** Depth first with a stack of its own: programs nest deeper than the machine's goes. Finds out what is inside each, too. */
function inOrder(starts: readonly Open[], placeOf: (name: NodeName) => Open): readonly Open[] {
  const finished: Open[] = [];
  const seen = new Set<Open>();
  const stack: { readonly place: Open; next: number }[] = [];
  const enter = (place: Open): void => {
    if (seen.has(place)) return;
    seen.add(place);
    const steps = stepsOf(place.node);
    if (steps.length > 0) {
      place.inside = steps.map((step) => placeOf(step.node));
      stack.push({ place, next: 0 });
    } else finished.push(place);
  };
  for (const start of starts) {
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const inner = top.place.inside[top.next++];
      if (inner !== undefined) enter(inner);
      else {
        finished.push(top.place);
        stack.pop();
      }
    }
  }
  return finished.reverse();
}
