/**
 * Which constraints are needed under every node, and which are held on the way into it. Two passes over the nodes, in
 * topological order and back; tail calls are no edges: they hold nothing of their loop. Ways are never told apart one by one.
 */
import type { Node, NodeName, Program, Step } from "../check/program.ts";
import { Bits } from "./bits.ts";
import { indexOf } from "./plan-locks.ts";

export interface Nesting {
  readonly program: Program;
  /** Sorted; a constraint's bit is its place. */
  readonly names: readonly string[];
  /** Those that something starts, callers before callees. */
  readonly nodes: readonly Node[];
  /** What nodes inside acquire, the node itself left out. Absent: nothing. */
  readonly below: ReadonlyMap<NodeName, Bits>;
  /** Held on every way in; on some way in; held for reading only on some way in. Absent: nothing. */
  readonly always: ReadonlyMap<NodeName, Bits>;
  readonly sometimes: ReadonlyMap<NodeName, Bits>;
  readonly reading: ReadonlyMap<NodeName, Bits>;
}

export function findNesting(program: Program, names: readonly string[]): Nesting {
  const starts = new Set<NodeName>();
  for (const { node, target } of program.sources) {
    starts.add(target);
    if (node !== undefined) starts.add(node);
  }
  for (const { handler } of program.handlers) starts.add(handler);
  const placed = inOrder(program, starts);
  const bits = (): Bits => new Bits(names.length);
  const own = new Map<NodeName, readonly Own[]>();
  for (const { node } of placed) {
    if (node.acquires.length > 0) own.set(node.name, node.acquires.map(({ constraint, mode }) => ({ id: indexOf(names, constraint), mode })));
  }

  const below = new Map<NodeName, Bits>();
  for (let at = placed.length - 1; at >= 0; at--) {
    const { node, steps } = placed[at] as Placed;
    let needs: Bits | undefined;
    for (const { node: child } of steps) {
      const inside = below.get(child);
      const acquired = own.get(child);
      if (inside === undefined && acquired === undefined) continue;
      needs ??= bits();
      if (inside !== undefined) needs.addAll(inside);
      if (acquired !== undefined) for (const { id } of acquired) needs.add(id);
    }
    if (needs !== undefined) below.set(node.name, needs);
  }

  const always = new Map<NodeName, Bits>();
  const sometimes = new Map<NodeName, Bits>();
  const reading = new Map<NodeName, Bits>();
  // What is held nowhere never becomes held: one set for all of those.
  const nothing = bits();
  for (const name of starts) always.set(name, nothing);
  for (const { node, steps } of placed) {
    if (steps.length === 0) continue;
    const [must, may, read] = [always, sometimes, reading].map((sets) => sets.get(node.name)?.copy() ?? bits()) as [Bits, Bits, Bits];
    for (const { id, mode } of own.get(node.name) ?? []) {
      if (mode === "read" && !must.has(id)) read.add(id);
      must.add(id);
      may.add(id);
    }
    for (const { node: child } of steps) {
      const known = always.get(child);
      if (known === undefined) always.set(child, must.isEmpty() ? nothing : must.copy());
      else known.keep(must);
      addTo(sometimes, child, may);
      addTo(reading, child, read);
    }
  }
  return { program, names, nodes: placed.map(({ node }) => node), below, always, sometimes, reading };
}

/** What a node itself acquires: a constraint's bit, and how. */
interface Own {
  readonly id: number;
  readonly mode: "read" | "write";
}

/** The nodes that run inside a node, as often as it mentions them. */
export function stepsOf(node: Node): readonly Step[] {
  switch (node.kind) {
    case "concrete":
      return [];
    case "sequence":
      return withoutTailCalls(node.steps);
    case "dispatch":
      return withoutTailCalls(node.cases.flatMap((each) => each.steps));
  }
}

/** Most nodes have none, and a large program need not keep their steps twice. */
function withoutTailCalls(steps: readonly Step[]): readonly Step[] {
  return steps.some((step) => step.tailCall) ? steps.filter((step) => !step.tailCall) : steps;
}

function addTo(sets: Map<NodeName, Bits>, name: NodeName, added: Bits): void {
  if (added.isEmpty()) return;
  const known = sets.get(name);
  if (known === undefined) sets.set(name, added.copy());
  else known.addAll(added);
}

interface Placed {
  readonly node: Node;
  /** `stepsOf` it. */
  readonly steps: readonly Step[];
}

/** Depth first with a stack of its own: programs nest deeper than the machine's goes. */
function inOrder(program: Program, starts: ReadonlySet<NodeName>): readonly Placed[] {
  const seen = new Set<NodeName>();
  const finished: Placed[] = [];
  const stack: { readonly placed: Placed; next: number }[] = [];
  const enter = (name: NodeName): void => {
    const node = program.nodes.get(name);
    if (node === undefined || seen.has(name)) return;
    seen.add(name);
    const placed = { node, steps: stepsOf(node) };
    // What has no steps is finished as soon as it is entered.
    if (placed.steps.length === 0) finished.push(placed);
    else stack.push({ placed, next: 0 });
  };
  for (const start of starts) {
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.placed.steps[top.next++];
      if (step !== undefined) enter(step.node);
      else {
        finished.push(top.placed);
        stack.pop();
      }
    }
  }
  return finished.reverse();
}
