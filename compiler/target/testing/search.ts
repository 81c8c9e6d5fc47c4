/** What is wrong with a planned program, found by running two and three flows of it in all interleavings. */
import { expect } from "vitest";
import { planLocks } from "../../locks/plan-locks.ts";
import type { TargetPlan } from "../target-plan.ts";
import { verifyLocks } from "../verify-locks.ts";
import { lockPoints, type LockPoints, type Point } from "./lock-points.ts";
import { mergedPoints } from "./merge-points.ts";
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
  const sessions = graph.locks.some(({ kind }) => kind === "session") ? [0, 1] : [0];
  const found = starts.map((start) => sessions.map((session) => lockPoints(graph, start, mostStates, session)));
  const flows = found.map((each) => each.filter((one): one is LockPoints => one !== undefined)).filter(({ length }) => length === sessions.length);
  const faults = flows.flatMap(([first]) => [...(first?.faults ?? [])]);
  const points = flows.filter(([first]) => first !== undefined && first.count > 0).map((each) => each.map(({ start }) => mergedPoints(start)));
  const units = new Map([...graph.program.constraints.values()].flatMap(({ name, kind }) => (kind.kind === "pool" ? [[name, kind.size]] : [])));
  let complete = flows.length === found.length;
  for (const group of groups(points)) {
    if (flowsAtOnce !== "both" && group.length !== flowsAtOnce) continue;
    const result = searchDeadlock(group, mostMoments, units);
    if (Array.isArray(result)) return { wrong: [`flows wait at ${result.toString()}`, ...faults], complete };
    complete &&= result !== "too many";
  }
  return { wrong: faults, complete };
}

/** @param flows  each for every id it can have. Every two, each with itself too, and every three in a row; the first has id 0. */
function* groups(flows: readonly (readonly Point[])[]): Generator<readonly Point[]> {
  for (const [index, one] of flows.entries()) {
    for (const other of flows.slice(index)) yield* withIds([one, other]);
    yield* withIds([one, flows[(index + 1) % flows.length] ?? one, flows[(index + 2) % flows.length] ?? one]);
  }
}

function withIds([first, ...others]: readonly (readonly Point[])[]): readonly (readonly Point[])[] {
  const start = first?.[0];
  if (start === undefined) return [];
  return others.reduce<readonly (readonly Point[])[]>((groups, other) => groups.flatMap((group) => other.map((point) => [...group, point])), [[start]]);
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
