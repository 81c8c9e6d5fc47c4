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
  const starts = new Set<NodeName>([
    ...program.sources.flatMap(({ node, target }) => (node === undefined ? [target] : [node, target])),
    ...program.handlers.map(({ handler }) => handler),
  ]);
  const nodes = inOrder(program, starts);
  const bits = (): Bits => new Bits(names.length);
  const own = new Map(
    nodes.filter(({ acquires }) => acquires.length > 0).map((node) => [node.name, node.acquires.map(({ constraint, mode }) => ({ id: indexOf(names, constraint), mode }))]),
  );

  const below = new Map<NodeName, Bits>();
  for (const node of nodes.toReversed()) {
    let needs: Bits | undefined;
    for (const { node: child } of stepsOf(node)) {
      const inside = below.get(child);
      const acquired = own.get(child) ?? [];
      if (inside === undefined && acquired.length === 0) continue;
      needs ??= bits();
      if (inside !== undefined) needs.addAll(inside);
      for (const { id } of acquired) needs.add(id);
    }
    if (needs !== undefined) below.set(node.name, needs);
  }

  const always = new Map<NodeName, Bits>();
  const sometimes = new Map<NodeName, Bits>();
  const reading = new Map<NodeName, Bits>();
  for (const name of starts) always.set(name, bits());
  for (const node of nodes) {
    const steps = stepsOf(node);
    if (steps.length === 0) continue;
    const [must, may, read] = [always, sometimes, reading].map((sets) => sets.get(node.name)?.copy() ?? bits()) as [Bits, Bits, Bits];
    for (const { id, mode } of own.get(node.name) ?? []) {
      if (mode === "read" && !must.has(id)) read.add(id);
      must.add(id);
      may.add(id);
    }
    for (const { node: child } of steps) {
      const known = always.get(child);
      if (known === undefined) always.set(child, must.copy());
      else known.keep(must);
      addTo(sometimes, child, may);
      addTo(reading, child, read);
    }
  }
  return { program, names, nodes, below, always, sometimes, reading };
}

/** The nodes that run inside a node, as often as it mentions them. */
export function stepsOf(node: Node): readonly Step[] {
  if (node.kind === "concrete") return [];
  const steps = node.kind === "sequence" ? node.steps : node.cases.flatMap((each) => each.steps);
  return steps.filter((step) => !step.tailCall);
}

function addTo(sets: Map<NodeName, Bits>, name: NodeName, added: Bits): void {
  const known = sets.get(name);
  if (known === undefined) sets.set(name, added.copy());
  else known.addAll(added);
}

/** Depth first with a stack of its own: programs nest deeper than the machine's goes. */
function inOrder(program: Program, starts: ReadonlySet<NodeName>): readonly Node[] {
  const seen = new Set<NodeName>();
  const finished: Node[] = [];
  const stack: { readonly node: Node; readonly next: Iterator<Step> }[] = [];
  const enter = (name: NodeName): void => {
    const node = program.nodes.get(name);
    if (node === undefined || seen.has(name)) return;
    seen.add(name);
    stack.push({ node, next: stepsOf(node).values() });
  };
  for (const start of starts) {
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.next.next();
      if (step.done !== true) enter(step.value.node);
      else finished.push((stack.pop() as { node: Node }).node);
    }
  }
  return finished.reverse();
}
