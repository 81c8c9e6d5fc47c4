/** A program as far as the certificate reads it, for any runtime. */
import type { Program } from "../../check/program.ts";
import { buildFlowGraph } from "../../flow/build-flow-graph.ts";
import type { LockPlan } from "../../locks/lock-plan.ts";
import { planLocks } from "../../locks/plan-locks.ts";
import type { RuntimeManifest } from "../manifest.ts";
import { target } from "../target.ts";
import type { TargetPlan } from "../target-plan.ts";

export function planned(program: Program, plan: LockPlan = planLocks(program).value): TargetPlan {
  const runtime: RuntimeManifest = { name: "any", title: "any", header: "any.hpp", worker: "any::worker", run: "any::run", blockingNodes: "worker" };
  return target(buildFlowGraph(program, plan), runtime);
}
