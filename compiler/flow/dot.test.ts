/** Tests of the DOT text: it holds every block and every edge once, and names that need it are quoted. */
import { expect, test } from "vitest";
import { planLocks } from "../locks/plan-locks.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { toDot } from "./dot.ts";
import { edgesOf } from "./draft.ts";
import { everything, randomProgram } from "./testing/random-program.ts";

test("a picture has every block and every edge", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const program = randomProgram(seed, { ...everything, locks: 0 });
    const graph = buildFlowGraph(program, planLocks(program).value);
    const lines = toDot(graph).split("\n");
    expect(lines.filter((line) => line.includes("[label="))).toHaveLength(graph.blocks.length);
    const edges = graph.blocks.flatMap(({ exit }) => edgesOf(exit)).length;
    const starts = graph.entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow])).length;
    expect(lines.filter((line) => line.includes(" -> "))).toHaveLength(edges + starts);
    // A line is a whole statement: no quote is left open.
    for (const line of lines) expect(line.replaceAll("\\\"", "").split('"').length % 2).toBe(1);
  }
});
