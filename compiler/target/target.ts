/** What one runtime makes of a flow graph: which locks it may leave out, and which nodes it has called by a helper. */
import type { ConcreteNode, Node } from "../check/program.ts";
import type { FlowGraph } from "../flow/flow-graph.ts";
import type { Elisions } from "../locks/elision.ts";
import { findElisions } from "./find-elisions.ts";
import type { RuntimeManifest } from "./manifest.ts";
import type { TargetPlan } from "./target-plan.ts";

export function target(graph: FlowGraph, runtime: RuntimeManifest): TargetPlan {
  const offloaded: ReadonlySet<string> = runtime.blockingNodes === "must-not" ? offloadedBy(graph) : new Set();
  const elisions = runtime.cooperative === true ? findElisions(graph, offloaded) : new Map<string, never>();
  return { graph, runtime, locks: ranked(graph, elisions), offloaded };
}

/** The order that every runtime keeps. */
export function ranked({ locks }: FlowGraph, elisions: Elisions): TargetPlan["locks"] {
  return locks.map((lock, rank) => {
    const { obstacle, users } = elisions.get(lock.constraint) ?? {};
    return { ...lock, rank, ...(users === undefined || users.length === 0 || obstacle !== undefined ? {} : { users }) };
  });
}

/** What a runtime whose flows must not block has called elsewhere. */
export function offloadedBy({ program }: FlowGraph): ReadonlySet<string> {
  const concrete = [...program.nodes.values()].filter(isConcrete);
  // A program of the published form knows neither `wait` nor `blocking`: there every node is an ordinary function that blocks.
  const saysNothing = concrete.every(({ wait, blocking }) => wait.length === 0 && !blocking);
  const all = program.form === "published" && saysNothing;
  return new Set(concrete.filter(({ blocking }) => all || blocking).map(({ name }) => name));
}

function isConcrete(node: Node): node is ConcreteNode {
  return node.kind === "concrete";
}
