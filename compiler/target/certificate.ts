/** What `verify-locks.ts` has read, in a sentence, for people. */
import type { FlowGraph } from "../flow/flow-graph.ts";
import type { Elisions } from "../locks/elision.ts";
import { offloadedBy, ranked } from "./target.ts";
import { verifyLocks } from "./verify-locks.ts";

/**
 * Holds on every runtime, also on one that leaves out what it may.
 *
 * @throws Error the certificate cannot be given: a mistake in the compiler
 */
export function certificate(graph: FlowGraph, elisions: Elisions): string {
  verifyLocks({ graph, locks: ranked(graph, elisions), offloaded: offloadedBy(graph) });
  const { blocks } = graph;
  const acquisitions = blocks.filter(({ exit }) => exit.kind === "acquire").length;
  const calls = blocks.filter(({ exit }) => exit.kind === "call").length;
  return `${acquisitions} acquisitions and ${calls} calls in ${blocks.length} blocks: none comes against the order, none runs without what is asked for, every way out gives back what it took`;
}
