/** What `fluxc locks` does: reads, checks, plans, has the plan certified, prints. What is said stands in `compiler/locks` and `compiler/target`. */
import { checkOnly } from "../compile.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import { describePlan } from "../locks/describe-plan.ts";
import { noLocks } from "../locks/lock-plan.ts";
import { planJson } from "../locks/plan-json.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { explainPlan } from "../locks/reasons.ts";
import { certificate } from "../target/certificate.ts";
import { findElisions } from "../target/find-elisions.ts";
import { promela } from "../target/promela.ts";
import { offloadedBy } from "../target/target.ts";
import { toText } from "../text/lines.ts";
import { printData } from "./console.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import type { LocksArguments } from "./locks.ts";
import type { ReportChoices } from "./options.ts";
import { readProgram } from "./read-program.ts";
import { printReport, verdict } from "./reporting.ts";

/** @throws Failure the file cannot be read */
export function showLocks({ file, format, promela: asModel }: LocksArguments, choices: ReportChoices): ExitCode {
  const source = readProgram(file);
  const { value: program, diagnostics: found } = checkOnly(source);
  const isSound = verdict(found, choices) === exitCode.fine;
  const { value: plan, diagnostics: planned } = isSound ? planLocks(program) : { value: noLocks, diagnostics: [] };
  const diagnostics = [...found, ...planned];
  if (verdict(diagnostics, choices) !== exitCode.fine) {
    if (format === "json") printData(planJson({ ...program, nodes: new Map() }, noLocks, diagnostics, new Map()));
    else printReport(diagnostics, source, choices);
    return exitCode.wrong;
  }
  const graph = buildFlowGraph(program, plan);
  const elisions = findElisions(graph, offloadedBy(graph));
  const proof = certificate(graph, elisions);
  if (asModel === true) printData(toText(promela(graph)));
  else if (format === "json") printData(planJson(program, plan, diagnostics, elisions));
  else printData(toText(describePlan(program, plan, explainPlan(program, plan), elisions, proof)));
  return exitCode.fine;
}
