/**
 * Recursion: which steps are tail calls, which nodes are targets of loops, and what cannot be a loop. Knows no types.
 *
 * Within a component of the node graph every step must be the last of its sequence, or it is recursion that is no loop.
 * Loops in one another are found as Havlak does it ("Nesting of reducible and irreducible loops", ACM TOPLAS 1997): walk
 * depth first from the places where flows begin; a step back to a node on the walk is a tail call to it; whatever leads
 * there without passing the target belongs to the loop, and must itself have been reached through the target.
 */
import type { Span } from "../../grammar/span.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { Adjacency } from "./adjacency.ts";
import { drawCycle } from "./cycle.ts";
import { nameSpan, type Declarations, type NodeEntry, type StepEntry } from "./declarations.ts";
import { stronglyConnected, type NodeGraph } from "./node-graph.ts";

export interface Loops {
  readonly tailCalls: ReadonlySet<StepEntry>;
  /** Ids of the nodes that tail calls enter again. */
  readonly targets: ReadonlySet<number>;
  /** Ids of nodes in a recursion that is in error. */
  readonly recursive: ReadonlySet<number>;
  /** By id: false for a node that never comes to an end unless it fails. */
  readonly ends: readonly boolean[];
}

/** FLX0401 to FLX0404. Linear, but for the inverse Ackermann function in the nesting of loops. */
export function findLoops(declarations: Declarations, graph: NodeGraph): Checked<Loops> {
  const diagnostics: Diagnostic[] = [];
  const recursive = new Set<number>();
  const ends = leastFixpoint(graph, "ends");
  let silent: readonly boolean[] | undefined;

  const cyclic: number[] = [];
  for (const [index, members] of graph.components.entries()) {
    const steps = graph.edges[members[0] ?? 0] ?? [];
    if (members.length === 1 && steps.length === 0) continue;
    const inside = (step: StepEntry): boolean => graph.componentOf[step.node.id] === index;
    if (members.length === 1 && !steps.some(inside)) continue;
    const wrong = firstOf(members, graph, (step) => inside(step) && step.index < step.body.steps.length - 1);
    if (wrong !== undefined) {
      diagnostics.push(notInTailPosition(wrong, graph));
      for (const member of members) recursive.add(member);
      continue;
    }
    silent ??= leastFixpoint(graph, "silent");
    const spin = silentRound(members, graph, inside, silent);
    if (spin !== undefined) {
      diagnostics.push(spin);
      for (const member of members) recursive.add(member);
    }
    cyclic.push(index);
  }

  const nesting = nestLoops(declarations, graph, new Set(cyclic));
  for (const { second, first, target } of nesting.secondEntries) {
    for (const member of graph.components[graph.componentOf[target.id] ?? 0] ?? []) recursive.add(member);
    const cycle = drawCycle(cycleThrough(target.id, graph).map((id) => nameOf(id, graph)));
    diagnostics.push(diagnostic("FLX0402", { at: second.span, first: first.span }, { target: target.name, second: second.node, cycle }));
  }
  for (const index of cyclic) {
    const members = graph.components[index] ?? [];
    if (nesting.unentered.has(index) || members.some((member) => recursive.has(member))) continue;
    const target = members.find((member) => nesting.outermost.has(member));
    const entry = graph.entries[target ?? -1];
    if (entry === undefined || ends[entry.id] === true) continue;
    const call = firstOf(members, graph, (step) => step.node === entry && nesting.tailCalls.has(step));
    diagnostics.push(diagnostic("FLX0404", { at: nameSpan(entry), call: call?.span ?? [] }, { name: entry.name }));
  }
  return { value: { tailCalls: nesting.tailCalls, targets: nesting.targets, recursive, ends }, diagnostics };
}

/**
 * Two properties of a node that follow from those of its steps, both least fixpoints over any recursion.
 * `ends`: some way through it comes to an end. `silent`: some way through it runs no concrete node.
 */
function leastFixpoint({ entries }: NodeGraph, property: "ends" | "silent"): readonly boolean[] {
  const holds = new Array<boolean>(entries.length).fill(false);
  const users = new Adjacency(entries.length);
  const owners: number[] = [];
  const missing: number[] = [];
  const ready: number[] = [];
  const settle = (id: number): void => {
    if (holds[id]) return;
    holds[id] = true;
    ready.push(id);
  };
  for (const entry of entries) {
    if (entry.bodies.length === 0 && property === "ends") settle(entry.id);
    for (const { steps } of entry.bodies) {
      if (steps.length === 0) settle(entry.id);
      for (const step of steps) users.add(step.node.id, owners.length);
      owners.push(entry.id);
      missing.push(steps.length);
    }
  }
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    users.forEach(id, (body) => {
      const left = (missing[body] ?? 0) - 1;
      missing[body] = left;
      if (left === 0) settle(owners[body] ?? 0);
    });
  }
  return holds;
}

function firstOf(
  members: readonly number[],
  graph: NodeGraph,
  wanted: (step: StepEntry) => boolean,
): StepEntry | undefined {
  let first: StepEntry | undefined;
  for (const member of members) {
    for (const step of graph.edges[member] ?? []) {
      if (wanted(step) && (first === undefined || step.span.start < first.span.start)) first = step;
    }
  }
  return first;
}

function notInTailPosition(step: StepEntry, graph: NodeGraph): Diagnostic {
  const owner = step.body.owner;
  const way = step.node === owner ? [] : shortestWay(step.node.id, owner.id, graph);
  const back = (graph.edges[way.at(-2) ?? -1] ?? []).find((other) => other.node === owner);
  const after = step.body.steps[step.index + 1];
  return diagnostic(
    "FLX0401",
    { at: step.span, back: back?.span ?? [], after: after?.span ?? [] },
    { name: owner.name, cycle: drawCycle([owner.name, ...way.slice(0, -1).map((id) => nameOf(id, graph))]) },
  );
}

/** A round of tail calls with no concrete node in front of any of them. */
function silentRound(
  members: readonly number[],
  graph: NodeGraph,
  inside: (step: StepEntry) => boolean,
  silent: readonly boolean[],
): Diagnostic | undefined {
  const local = new Map(members.map((member, index) => [member, index]));
  const quiet = members.map((member) =>
    (graph.edges[member] ?? []).filter(
      (step) => inside(step) && step.body.steps.every((before) => before === step || silent[before.node.id] === true),
    ),
  );
  const successors = quiet.map((steps) => steps.map((step) => local.get(step.node.id) ?? 0));
  const { componentOf } = stronglyConnected(successors);
  for (const steps of quiet) {
    for (const step of steps) {
      const [from, to] = [local.get(step.body.owner.id) ?? 0, local.get(step.node.id) ?? 0];
      if (componentOf[from] !== componentOf[to]) continue;
      const way = (from === to ? [] : wayIn(successors, to, from)).map((index) => nameOf(members[index] ?? 0, graph));
      return diagnostic("FLX0403", { at: step.span }, { name: step.node.name, cycle: drawCycle([step.body.owner.name, ...way.slice(0, -1)]) });
    }
  }
  return undefined;
}

interface Entry {
  readonly span: Span;
  /** Which node of the loop it enters. */
  readonly node: string;
}

interface Nesting {
  readonly tailCalls: ReadonlySet<StepEntry>;
  readonly targets: ReadonlySet<number>;
  /** Targets that lie in no other loop. */
  readonly outermost: ReadonlySet<number>;
  /** Components nothing enters: which node would be the target of their loop nobody can say. */
  readonly unentered: ReadonlySet<number>;
  readonly secondEntries: readonly { readonly target: NodeEntry; readonly first: Entry; readonly second: Entry }[];
}

function nestLoops(declarations: Declarations, graph: NodeGraph, cyclic: ReadonlySet<number>): Nesting {
  if (cyclic.size === 0) return noLoops;
  const isCyclic = (id: number): boolean => cyclic.has(graph.componentOf[id] ?? -1);
  const { entries: outside, unentered } = outsideEntries(declarations, graph, isCyclic);
  const { preorder, last, byOrder } = walk(graph, outside, isCyclic);
  const isUnder = (ancestor: number, id: number): boolean =>
    (preorder[ancestor] ?? 0) <= (preorder[id] ?? -1) && (preorder[id] ?? -1) <= (last[ancestor] ?? 0);

  const tailCalls = new Set<StepEntry>();
  const targets = new Set<number>();
  const back = new Map<number, number[]>();
  const forward = new Map<number, StepEntry[]>();
  for (const from of byOrder) {
    for (const step of graph.edges[from] ?? []) {
      const to = step.node.id;
      if (graph.componentOf[to] !== graph.componentOf[from]) continue;
      if (isUnder(to, from)) {
        tailCalls.add(step);
        targets.add(to);
        push(back, to, from);
      } else push(forward, to, step);
    }
  }

  const merged = Int32Array.from(graph.entries.keys());
  const find = (id: number): number => {
    let root = id;
    while (merged[root] !== root) root = merged[root] ?? root;
    for (let at = id; at !== root; ) {
      const next = merged[at] ?? root;
      merged[at] = root;
      at = next;
    }
    return root;
  };
  const outermost = new Set(targets);
  const secondEntries = new Map<number, { target: NodeEntry; first: Entry; second: Entry }>();
  for (const target of byOrder.toReversed()) {
    if (!targets.has(target)) continue;
    const body = new Set((back.get(target) ?? []).map(find).filter((id) => id !== target));
    for (const member of body) {
      const entered = outside.get(member)?.[0];
      if (entered !== undefined) second(target, { span: entered, node: nameOf(member, graph) });
      for (const step of forward.get(member) ?? []) {
        const from = find(step.body.owner.id);
        if (!isUnder(target, from)) second(target, { span: step.span, node: step.node.name });
        else if (from !== target) body.add(from);
      }
    }
    for (const member of body) {
      outermost.delete(member);
      merged[member] = target;
    }
  }

  function second(id: number, entry: Entry): void {
    const component = graph.componentOf[id] ?? 0;
    const target = graph.entries[id];
    if (target === undefined || secondEntries.has(component) || unentered.has(component)) return;
    const into = (step: StepEntry): boolean => step.node.id === id && !tailCalls.has(step);
    const first = outside.get(id)?.[0] ?? (forward.get(id) ?? []).find(into)?.span ?? nameSpan(target);
    secondEntries.set(component, { target, first: { span: first, node: target.name }, second: entry });
  }
  return { tailCalls, targets, outermost, unentered, secondEntries: [...secondEntries.values()] };
}

const noLoops: Nesting = { tailCalls: new Set(), targets: new Set(), outermost: new Set(), unentered: new Set(), secondEntries: [] };

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const found = lists.get(key);
  if (found === undefined) lists.set(key, [value]);
  else found.push(value);
}

/** How flows come into the components that matter, from anywhere else; a component nothing enters is entered at its first node. */
function outsideEntries(
  { sources, handlers, nodes }: Declarations,
  graph: NodeGraph,
  isCyclic: (id: number) => boolean,
): { readonly entries: ReadonlyMap<number, readonly Span[]>; readonly unentered: ReadonlySet<number> } {
  const entries = new Map<number, Span[]>();
  const enter = (name: string, span: Span): void => {
    const node = nodes.get(name);
    if (node !== undefined && isCyclic(node.id)) push(entries, node.id, span);
  };
  for (const source of sources.values()) {
    enter(source.target.text, source.target.span);
    if (source.every === undefined) enter(source.name.text, source.name.span);
  }
  for (const { handler } of handlers) enter(handler.text, handler.span);
  for (const steps of graph.edges) {
    for (const step of steps) {
      const [from, to] = [graph.componentOf[step.body.owner.id], graph.componentOf[step.node.id]];
      if (from !== to && isCyclic(step.node.id)) push(entries, step.node.id, step.span);
    }
  }
  const entered = new Set([...entries.keys()].map((id) => graph.componentOf[id]));
  const unentered = new Set<number>();
  for (const entry of graph.entries) {
    const component = graph.componentOf[entry.id];
    if (component === undefined || !isCyclic(entry.id) || entered.has(component)) continue;
    entered.add(component);
    unentered.add(component);
    entries.set(entry.id, [nameSpan(entry)]);
  }
  return { entries, unentered };
}

/** Depth first over the cyclic components. `last[id]` is the highest preorder number under `id`. */
function walk(
  graph: NodeGraph,
  roots: ReadonlyMap<number, unknown>,
  isCyclic: (id: number) => boolean,
): { readonly preorder: Int32Array; readonly last: Int32Array; readonly byOrder: readonly number[] } {
  const preorder = new Int32Array(graph.entries.length).fill(-1);
  const last = new Int32Array(graph.entries.length).fill(-1);
  const nextEdge = new Int32Array(graph.entries.length);
  const byOrder: number[] = [];
  for (const root of [...roots.keys()].sort((a, b) => a - b)) {
    if (preorder[root] !== -1) continue;
    const path = [root];
    while (path.length > 0) {
      const at = path[path.length - 1] ?? 0;
      if (preorder[at] === -1) {
        preorder[at] = byOrder.length;
        byOrder.push(at);
      }
      const step = graph.edges[at]?.[nextEdge[at] ?? 0];
      if (step === undefined) {
        last[at] = byOrder.length - 1;
        path.pop();
        continue;
      }
      nextEdge[at] = (nextEdge[at] ?? 0) + 1;
      if (isCyclic(step.node.id) && preorder[step.node.id] === -1) path.push(step.node.id);
    }
  }
  return { preorder, last, byOrder };
}

function cycleThrough(id: number, graph: NodeGraph): readonly number[] {
  return shortestWay(id, id, graph).slice(0, -1);
}

/** Ids from `from` to `to`, both included, inside their component; for `from === to` a whole round. */
function shortestWay(from: number, to: number, graph: NodeGraph): readonly number[] {
  const component = graph.componentOf[from];
  return wayIn(
    (id) => (graph.edges[id] ?? []).map((step) => step.node.id).filter((next) => graph.componentOf[next] === component),
    from,
    to,
  );
}

function wayIn(
  successors: readonly (readonly number[])[] | ((id: number) => readonly number[]),
  from: number,
  to: number,
): readonly number[] {
  const next = typeof successors === "function" ? successors : (id: number) => successors[id] ?? [];
  if (from === to && !next(from).includes(to)) return roundTrip(next, from);
  if (from === to) return [from, to];
  const came = new Map<number, number>([[from, from]]);
  const queue = [from];
  for (const at of queue) {
    for (const id of next(at)) {
      if (came.has(id)) continue;
      came.set(id, at);
      if (id === to) return trace(came, from, to);
      queue.push(id);
    }
  }
  return [from, to];
}

function roundTrip(next: (id: number) => readonly number[], start: number): readonly number[] {
  const came = new Map<number, number>();
  const queue = [start];
  for (const at of queue) {
    for (const id of next(at)) {
      if (id === start) return [start, ...(at === start ? [] : trace(came, start, at).slice(1)), start];
      if (came.has(id)) continue;
      came.set(id, at);
      queue.push(id);
    }
  }
  return [start, start];
}

function trace(came: ReadonlyMap<number, number>, from: number, to: number): readonly number[] {
  const way = [to];
  for (let at = to; at !== from; ) {
    at = came.get(at) ?? from;
    way.push(at);
  }
  return way.reverse();
}

function nameOf(id: number, graph: NodeGraph): string {
  return graph.entries[id]?.name ?? "";
}
