/** As `lowering.test.ts`, for many more programs. */
import { expect, test } from "vitest";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { differences, plannedProgram } from "./testing/compare.ts";
import { verifyAlive } from "./verify-alive.ts";

test("20,000 random programs do as flow graphs what they mean", () => {
  for (let seed = 1; seed <= 20_000; seed++) {
    const { program, plan } = plannedProgram(seed);
    expect(verifyAlive(buildFlowGraph(program, plan)), `seed ${seed}`).toEqual([]);
    expect(differences(seed), `seed ${seed}`).toEqual([]);
  }
});
