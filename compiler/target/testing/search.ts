/** What is wrong with a planned program, found by running two and three flows of it in all interleavings. */
import { expect } from "vitest";
import { planLocks } from "../../locks/plan-locks.ts";
import type { TargetPlan } from "../target-plan.ts";
import { verifyLocks } from "../verify-locks.ts";
import { lockPoints, type LockPoints, type Point } from "./lock-points.ts";
import { mutants } from "./mutants.ts";
import { planned } from "./planned.ts";
import { searchDeadlock } from "./search-deadlocks.ts";
import { smallProgram } from "./small-program.ts";

export interface Found {
  /** In words; the first is what flows wait for. */
  readonly wrong: readonly string[];
  /** False where some of it was too large to search. */
  readonly complete: boolean;
}

export function searchAll({ graph }: TargetPlan, mostStates = 3000, mostMoments = 20_000, flowsAtOnce: 2 | 3 | "both" = "both"): Found {
  const starts = graph.entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow]));
  const found = starts.map((start) => lockPoints(graph, start, mostStates));
  const flows = found.filter((each): each is LockPoints => each !== undefined);
  const faults = flows.flatMap((each) => [...each.faults]);
  const points = flows.filter(({ count }) => count > 0).map(({ start }) => start);
  const results = [...groups(points)].filter(({ length }) => flowsAtOnce === "both" || length === flowsAtOnce).map((group) => searchDeadlock(group, mostMoments));
  const deadlock = results.find((result) => Array.isArray(result));
  return {
    wrong: [...(deadlock === undefined ? [] : [`flows wait at ${deadlock.toString()}`]), ...faults],
    complete: flows.length === found.length && !results.includes("too many"),
  };
}

/** Every two, each with itself too, and every three in a row. */
function* groups(points: readonly Point[]): Generator<readonly Point[]> {
  for (const [index, one] of points.entries()) {
    for (const other of points.slice(index)) yield [one, other];
    yield [one, points[(index + 1) % points.length] ?? one, points[(index + 2) % points.length] ?? one];
  }
}

/** Nothing is wrong with any of these programs. @returns how many were small enough to be searched to the end */
export function completelySearched(first: number, last: number): number {
  let complete = 0;
  for (let seed = first; seed <= last; seed++) {
    const found = searchAll(planned(smallProgram(seed)));
    expect(found.wrong, `seed ${seed}`).toEqual([]);
    complete += found.complete ? 1 : 0;
  }
  return complete;
}

/** Each mutant of these programs that the search finds wrong is refused. @returns how many deadlock, and how many are wrong otherwise */
export function foundAndRefused(first: number, last: number): { readonly deadlocks: number; readonly others: number } {
  const count = { deadlocks: 0, others: 0 };
  const missed: string[] = [];
  for (let seed = first; seed <= last; seed++) {
    const program = smallProgram(seed);
    for (const { says, plan } of mutants(program, planLocks(program).value)) {
      const [wrong] = searchAll(plan, 1000, 3000).wrong;
      if (wrong === undefined) continue;
      count[wrong.startsWith("flows wait") ? "deadlocks" : "others"] += 1;
      if (!isRefused(plan)) missed.push(`seed ${seed}: ${says}: ${wrong}`);
    }
  }
  expect(missed).toEqual([]);
  return count;
}

function isRefused(plan: TargetPlan): boolean {
  try {
    verifyLocks(plan);
    return false;
  } catch (error) {
    expect((error as Error).message).toContain("compiler bug: the locks of this program are wrong");
    return true;
  }
}
