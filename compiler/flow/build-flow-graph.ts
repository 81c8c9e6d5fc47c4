/**
 * Program and lock plan -> flow graph. The steps and nothing else.
 *
 * @param program  checked, without errors
 * Never fails: what cannot be lowered was refused before. Linear in the size of the program.
 */
import type { Program } from "../check/program.ts";
import type { LockPlan } from "../locks/lock-plan.ts";
import { collectCalls } from "./calls.ts";
import { planExtents } from "./extents.ts";
import { resolveFailures } from "./failures.ts";
import { finish } from "./finish.ts";
import type { FlowGraph } from "./flow-graph.ts";
import { findLive } from "./liveness.ts";
import { lowerRoots } from "./lower-root.ts";
import { Lowering } from "./lowering.ts";
import { numberPaths } from "./paths.ts";
import { allocate } from "./slots.ts";
import { collectTuples, handlersUsed } from "./tuples.ts";

export function buildFlowGraph(program: Program, plan: LockPlan): FlowGraph {
  const withoutHandlers = collectCalls(program, plan, []);
  const failures = resolveFailures(withoutHandlers);
  const handlers = handlersUsed(withoutHandlers, failures);
  const calls = handlers.length === 0 ? withoutHandlers : collectCalls(program, plan, handlers);

  const tuples = collectTuples(calls, failures);
  const live = findLive(tuples);
  const storage = allocate(tuples, live);
  const extents = planExtents(calls);

  const lowering = new Lowering({ calls, failures, tuples, live, storage, extents });
  const entries = lowerRoots(lowering);
  const { paths, returnLevels } = numberPaths(lowering, entries, calls.returnLevels);
  const finished = finish(lowering.draft, entries, paths);
  const { deadlines, heldDepth } = calls;
  const { heldBits, heldMarks } = extents;
  return {
    ...{ program, slots: storage.slots, ...finished },
    ...{ returnLevels, deadlines, locks: plan.locks, heldDepth, heldBits, heldMarks },
  };
}
