/** The proof that lowering is right: random programs do under the flow graph what the language reference says they do. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { planLocks } from "../locks/plan-locks.ts";
import type { LockPlan } from "../locks/lock-plan.ts";
import type { Program } from "../check/program.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { interpretSource } from "./testing/interpret.ts";
import { everything, randomProgram } from "./testing/random-program.ts";
import { interpretReference } from "./testing/reference-interpreter.ts";
import { Script } from "./testing/script.ts";
import { verifyAlive } from "./verify-alive.ts";

/** What the planner refuses is tried again without its constraints. */
function planned(seed: number): { readonly program: Program; readonly plan: LockPlan } {
  const program = randomProgram(seed, everything);
  const { value, diagnostics } = planLocks(program);
  if (diagnostics.length === 0) return { program, plan: value };
  const free = randomProgram(seed, { ...everything, locks: 0 });
  return { program: free, plan: planLocks(free).value };
}

const seeds = fc.integer({ min: 1, max: 1_000_000_000 });

test("a flow graph constructs and destroys everything once on every path", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { program, plan } = planned(seed);
      expect(verifyAlive(buildFlowGraph(program, plan))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("a flow graph does what the program means", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { program, plan } = planned(seed);
      const graph = buildFlowGraph(program, plan);
      for (const [index] of program.sources.entries()) {
        for (const failures of [0, 0.05, 0.3]) {
          const [real, meant] = [new Script(seed, failures), new Script(seed, failures)];
          interpretSource(graph, index, real);
          interpretReference(program, plan.order, index, meant);
          expect(real.trace).toEqual(meant.trace);
        }
      }
    }),
    { numRuns: 300 },
  );
});
