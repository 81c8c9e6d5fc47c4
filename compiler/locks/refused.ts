/** FLX0550 to FLX0554: what the planner cannot do yet, shown with the places that ask for it. */
import type { Acquisition, Node, NodeName, Program } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Bits } from "./bits.ts";
import { stepsOf, type Nesting } from "./nesting.ts";
import { indexOf } from "./plan-locks.ts";

/** Session locks, keyed locks, pools: one report for each, at its first use. */
export function refusedKinds(program: Program): readonly Diagnostic[] {
  const uses = new Map<string, { readonly node: NodeName; readonly use: Acquisition }>();
  for (const { name, acquires } of program.nodes.values()) {
    for (const use of acquires) if (!uses.has(use.constraint)) uses.set(use.constraint, { node: name, use });
  }
  return [...program.constraints.values()].flatMap(({ name, kind }): readonly Diagnostic[] => {
    const first = uses.get(name);
    if (first === undefined || (kind.kind === "lock" && kind.scope === "program")) return [];
    const [spans, holes] = [{ at: first.use.span }, { constraint: name, node: first.node }];
    if (kind.kind === "lock") return [diagnostic("FLX0550", spans, holes)];
    if (kind.kind === "keyed") return [diagnostic("FLX0551", spans, holes)];
    return [diagnostic("FLX0552", spans, holes)];
  });
}

/** One report for each group of constraints that nest both ways: the shortest cycle through its first by name. */
export function cycleRefused(nesting: Nesting, relation: readonly Bits[], cyclic: readonly number[]): readonly Diagnostic[] {
  const left = new Set(cyclic);
  const diagnostics: Diagnostic[] = [];
  for (const start of cyclic) {
    if (!left.has(start)) continue;
    const cycle = shortestCycle(relation, start);
    if (cycle === undefined) continue;
    // What is on a cycle with this one is reported with it.
    for (const each of mutuallyReachable(relation, start)) left.delete(each);
    const names = cycle.map((id) => nesting.names[id] as string);
    const places = cycle.map((id, index) => witness(nesting, id, cycle[(index + 1) % cycle.length] as number));
    const [first, ...others] = places;
    invariant(first !== undefined, "a cycle has places");
    diagnostics.push(
      diagnostic(
        "FLX0553",
        { at: first.inner.span, outer: first.outer.span, others: others.map(({ inner }) => inner.span) },
        {
          cycle: [...names, names[0]].map((name) => `\`${name ?? ""}\``).join(" -> "),
          constraint: first.inner.constraint,
          held: first.outer.constraint,
          holder: first.holder,
          node: first.node,
        },
      ),
    );
  }
  return diagnostics;
}

/** A node that acquires for writing what is held for reading around it. */
export function upgradesRefused(nesting: Nesting): readonly Diagnostic[] {
  const { nodes, names } = nesting;
  // Few are read around anything.
  return nodes.filter(({ own, reading }) => own.length > 0 && reading !== undefined).flatMap(({ node, reading }) =>
    node.acquires.flatMap((use): readonly Diagnostic[] => {
      const id = indexOf(names, use.constraint);
      if (use.mode !== "write" || reading?.has(id) !== true) return [];
      const reader = nodes.find(
        ({ node: outer }) => outer.acquires.some(({ constraint, mode }) => constraint === use.constraint && mode === "read") && reaches(nesting, outer, node.name),
      );
      const outer = reader?.node.acquires.find(({ constraint }) => constraint === use.constraint);
      invariant(reader !== undefined && outer !== undefined, `somebody around ${node.name} reads ${use.constraint}`);
      const holes = { constraint: use.constraint, node: node.name, reader: reader.node.name };
      return [diagnostic("FLX0554", { at: use.span, outer: outer.span }, holes)];
    }),
  );
}

/** A node that holds one constraint, and one inside it that acquires the other. */
function witness(
  { nodes, names, program }: Nesting,
  held: number,
  acquired: number,
): { readonly holder: NodeName; readonly outer: Acquisition; readonly node: NodeName; readonly inner: Acquisition } {
  const find = (node: Node, id: number): Acquisition | undefined => node.acquires.find(({ constraint }) => constraint === names[id]);
  for (const { node: holder, always } of nodes) {
    const outer = find(holder, held);
    if (outer === undefined || always.has(acquired) || find(holder, acquired) !== undefined) continue;
    const open = stepsOf(holder).map((step) => step.node);
    const seen = new Set(open);
    for (const name of seen) {
      const node = program.nodes.get(name);
      if (node === undefined) continue;
      const inner = find(node, acquired);
      if (inner !== undefined) return { holder: holder.name, outer, node: name, inner };
      // A set that grows while it is walked.
      for (const step of stepsOf(node)) seen.add(step.node);
    }
  }
  invariant(false, `${names[acquired] ?? ""} is acquired inside ${names[held] ?? ""}`);
}

function reaches({ program }: Nesting, from: Node, to: NodeName): boolean {
  const seen = new Set(stepsOf(from).map((step) => step.node));
  for (const name of seen) {
    if (name === to) return true;
    const node = program.nodes.get(name);
    if (node !== undefined) for (const step of stepsOf(node)) seen.add(step.node);
  }
  return false;
}

/** Breadth first, lower names first. */
function shortestCycle(relation: readonly Bits[], start: number): readonly number[] | undefined {
  const from = new Map<number, number>();
  const queue = [start];
  for (const at of queue) {
    for (const next of relation[at] as Bits) {
      if (next === start) {
        const cycle = [at];
        for (let back = from.get(at); back !== undefined; back = from.get(back)) cycle.push(back);
        return cycle.reverse();
      }
      if (from.has(next)) continue;
      from.set(next, at);
      queue.push(next);
    }
  }
  return undefined;
}

function mutuallyReachable(relation: readonly Bits[], start: number): readonly number[] {
  const forward = reachable(relation, start);
  return [...forward].filter((each) => each === start || reachable(relation, each).has(start));
}

function reachable(relation: readonly Bits[], start: number): ReadonlySet<number> {
  const seen = new Set([start]);
  for (const at of seen) for (const next of relation[at] as Bits) seen.add(next);
  return seen;
}
