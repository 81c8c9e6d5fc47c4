/** Path numbers: every path a different one, none left out, and none of it costs more than the program is long. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { planLocks } from "../locks/plan-locks.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { enumeratePaths } from "./testing/enumerate-paths.ts";
import { everything, randomProgram } from "./testing/random-program.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000_000 });

test("every path has a number of its own, and every number is of a path", () => {
  let checked = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const program = randomProgram(seed, { ...everything, nodes: 5, locks: 0 });
      const graph = buildFlowGraph(program, planLocks(program).value);
      const total = graph.paths.units.reduce((sum, { count }) => sum + count, 0n);
      if (total > 3000n) return;
      const paths = enumeratePaths(graph, 3000);
      expect(paths?.length).toBe(Number(total));
      for (const [unit, { count, name }] of graph.paths.units.entries()) {
        const found = (paths ?? []).filter((path) => path.unit === unit);
        const numbers = found.map(({ number }) => number).sort((a, b) => (a < b ? -1 : Number(a > b)));
        expect(numbers, name).toEqual(Array.from({ length: Number(count) }, (_, index) => BigInt(index)));
      }
      checked += 1;
    }),
    { numRuns: 300 },
  );
  expect(checked).toBeGreaterThan(100);
});
