/** What may be left out of a program, found by running it in every way; and where the compiler finds something else, or the certificate does not hold. */
import { random } from "../../flow/testing/script.ts";
import type { FlowGraph } from "../../flow/flow-graph.ts";
import { findElisions } from "../find-elisions.ts";
import { ranked } from "../target.ts";
import { verifyLocks } from "../verify-locks.ts";
import { lockPoints } from "./lock-points.ts";
import { planned } from "./planned.ts";
import { smallProgram } from "./small-program.ts";

/** Constraints, of all programs. */
export interface Compared {
  /** Left out, though a flow can be left with it. */
  readonly wrong: readonly string[];
  /** The other way round: a way that the program cannot take, or what is held there already, was taken for an obstacle. */
  readonly careful: number;
  readonly leftOut: number;
  readonly real: number;
}

/** Of the small programs from `first` to `last`, in each of which some nodes are called by a helper. */
export function wrongElisions(first: number, last: number): Compared {
  const wrong: string[] = [];
  const count = { careful: 0, leftOut: 0, real: 0 };
  for (let seed = first; seed <= last; seed++) {
    const { graph } = planned(smallProgram(seed));
    const next = random(seed);
    const concrete = [...graph.program.nodes.values()].filter(({ kind }) => kind === "concrete");
    const offloaded = new Set(concrete.flatMap(({ name }) => (next() < 0.15 ? [name] : [])));
    const real = realByRunning(graph, offloaded);
    if (real === undefined) continue;
    const elisions = findElisions(graph, offloaded);
    verifyLocks({ graph, locks: ranked(graph, elisions), offloaded });
    for (const [constraint, { obstacle }] of elisions) {
      count[obstacle === undefined ? "leftOut" : "real"] += 1;
      if (obstacle === undefined && real.has(constraint)) wrong.push(`seed ${seed}: ${constraint}`);
      else if (obstacle !== undefined && !real.has(constraint)) count.careful += 1;
    }
  }
  return { wrong, ...count };
}

/** @returns undefined where the program is too large to be run in every way */
function realByRunning({ blocks, entries, locks, ...graph }: FlowGraph, offloaded: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const constraintOf = new Map(locks.map(({ name, constraint }) => [name, constraint]));
  const starts = entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow]));
  const runs = starts.map((start) => lockPoints({ ...graph, blocks, entries, locks }, start, 3000));
  if (runs.includes(undefined)) return undefined;
  const left = runs.flatMap((run) => [...(run?.heldAt ?? [])]);
  const real = new Set<string>();
  const parks = (block: number): boolean => {
    const exit = blocks[block]?.exit;
    if (exit?.kind === "call") return offloaded.has(exit.node);
    if (exit?.kind === "call-handler") return offloaded.has(exit.handler);
    return exit?.kind !== "acquire" || real.has(constraintOf.get(exit.lock) ?? "");
  };
  for (let known = -1; known !== real.size; ) {
    known = real.size;
    for (const [block, held] of left) if (parks(block)) for (const constraint of held) real.add(constraint);
  }
  return real;
}
