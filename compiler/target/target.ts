/**
 * What one runtime makes of a flow graph. Which locks could be left out is decided once this plan knows which flows share
 * a loop; for now every lock is real, and says so.
 */
import type { ConcreteNode, Node } from "../check/program.ts";
import type { FlowGraph } from "../flow/flow-graph.ts";
import type { RuntimeManifest } from "./manifest.ts";
import type { TargetPlan } from "./target-plan.ts";

export function target(graph: FlowGraph, runtime: RuntimeManifest): TargetPlan {
  return {
    graph,
    runtime,
    locks: ranked(graph),
    offloaded: new Set(runtime.blockingNodes === "must-not" ? mayBlock(graph).map(({ name }) => name) : []),
  };
}

/** The order that every runtime keeps. */
export function ranked({ locks }: FlowGraph): TargetPlan["locks"] {
  return locks.map((lock, rank) => ({ ...lock, rank, reason: "its flows can run at the same time" }));
}

/** A program of the published form knows neither `wait` nor `blocking`: there every node is an ordinary function that blocks. */
function mayBlock({ program }: FlowGraph): readonly ConcreteNode[] {
  const concrete = [...program.nodes.values()].filter(isConcrete);
  const saysNothing = concrete.every(({ wait, blocking }) => wait.length === 0 && !blocking);
  return program.form === "published" && saysNothing ? concrete : concrete.filter(({ blocking }) => blocking);
}

function isConcrete(node: Node): node is ConcreteNode {
  return node.kind === "concrete";
}
