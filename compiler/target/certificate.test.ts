/** What `fluxc locks` says of programs: golden files, one folder a program. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import type { Program } from "../check/program.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import { describePlan } from "../locks/describe-plan.ts";
import { planJson } from "../locks/plan-json.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { explainPlan } from "../locks/reasons.ts";
import { toText } from "../text/lines.ts";
import { certificate } from "./certificate.ts";
import { findElisions } from "./find-elisions.ts";
import { promela } from "./promela.ts";
import { offloadedBy } from "./target.ts";

const root = join(import.meta.dirname, "testdata");

function read(name: string): Program {
  const { value, diagnostics } = checkOnly({ path: "input.flux", text: readFileSync(join(root, name, "input.flux"), "utf8") });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return value;
}

describe.each(readdirSync(root))("%s", (name) => {
  test("is explained, certified and modelled", async () => {
    const program = read(name);
    const { value: plan, diagnostics } = planLocks(program);
    const graph = buildFlowGraph(program, plan);
    const elisions = findElisions(graph, offloadedBy(graph));
    const golden = async (file: string, text: string): Promise<void> => expect(text).toMatchFileSnapshot(join(root, name, file));
    await golden("locks.txt", toText(describePlan(program, plan, explainPlan(program, plan), elisions, certificate(graph, elisions))));
    await golden("locks.json", planJson(program, plan, diagnostics, elisions));
    await golden("model.pml", toText(promela(graph)));
  });
});
