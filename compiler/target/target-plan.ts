/** What one runtime makes of a flow graph: the last data before text. */
import type { FlowGraph } from "../flow/flow-graph.ts";
import type { Lock } from "../locks/lock-plan.ts";
import type { User } from "../locks/elision.ts";
import type { RuntimeManifest } from "./manifest.ts";

export interface TargetPlan {
  readonly graph: FlowGraph;
  readonly runtime: RuntimeManifest;
  /** Canonical order, outermost first. */
  readonly locks: readonly PlannedLock[];
  /** Concrete nodes that this runtime runs on a helper thread. */
  readonly offloaded: ReadonlySet<string>;
}

export interface PlannedLock extends Lock {
  readonly rank: number;
  /** Where the lock can be left out: who acquires it, or what is acquired inside. The server leaves it out if it runs all of those on one loop. */
  readonly users?: readonly User[];
}
