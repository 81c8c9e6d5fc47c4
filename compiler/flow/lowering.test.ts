/** The proof that lowering is right: random programs do under the flow graph what the language reference says they do. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { differences, plannedProgram } from "./testing/compare.ts";
import { findKeptTooLong, verifyAlive } from "./verify-alive.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000_000 });

test("a flow graph constructs everything once and destroys it once, as soon as nothing reads it", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { program, plan } = plannedProgram(seed);
      const graph = buildFlowGraph(program, plan);
      expect(verifyAlive(graph)).toEqual([]);
      expect(findKeptTooLong(graph)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test("a flow graph does what the program means", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(differences(seed)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
