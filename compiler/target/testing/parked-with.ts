/** What may be left out of a program, found by running it in every way; and where the compiler finds something else, or the certificate does not hold. */
import { random } from "../../flow/testing/script.ts";
import type { BlockId, FlowGraph } from "../../flow/flow-graph.ts";
import { isSameUser } from "../../locks/elision.ts";
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
    const elisions = findElisions(graph, offloaded);
    verifyLocks({ graph, locks: ranked(graph, elisions), offloaded });
    const left = leftWith(graph);
    if (left === undefined) continue;
    const real = realByRunning(graph, left, offloaded);
    for (const [constraint, { obstacle }] of elisions) {
      count[obstacle === undefined ? "leftOut" : "real"] += 1;
      if (obstacle === undefined && real.has(constraint)) wrong.push(`seed ${seed}: ${constraint}`);
      else if (obstacle !== undefined && !real.has(constraint)) count.careful += 1;
    }
    // Whoever makes what is inside real, since another loop runs him too, makes what is around it real.
    for (const [block, held] of left) {
      const exit = graph.blocks[block]?.exit;
      const inner = exit?.kind === "acquire" ? elisions.get(constraintOf(graph, exit.lock)) : undefined;
      if (inner === undefined || inner.obstacle !== undefined) continue;
      for (const constraint of held) {
        const outer = elisions.get(constraint);
        const missing = outer?.obstacle !== undefined ? [] : inner.users.filter((user) => outer?.users.some((each) => isSameUser(each, user)) !== true);
        if (missing.length > 0) wrong.push(`seed ${seed}: ${constraint} around block ${block}`);
      }
    }
  }
  return { wrong, ...count };
}

type LeftWith = readonly (readonly [BlockId, ReadonlySet<string>])[];

/** What is held on some way, by block in which a flow may be left for another. @returns undefined where the program is too large to be run in every way */
function leftWith(graph: FlowGraph): LeftWith | undefined {
  const starts = graph.entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow]));
  const runs = starts.map((start) => lockPoints(graph, start, 3000));
  return runs.includes(undefined) ? undefined : runs.flatMap((run) => [...(run?.heldAt ?? [])]);
}

function realByRunning(graph: FlowGraph, left: LeftWith, offloaded: ReadonlySet<string>): ReadonlySet<string> {
  const real = new Set<string>();
  const parks = (block: BlockId): boolean => {
    const exit = graph.blocks[block]?.exit;
    if (exit?.kind === "call") return offloaded.has(exit.node);
    if (exit?.kind === "call-handler") return offloaded.has(exit.handler);
    return exit?.kind !== "acquire" || real.has(constraintOf(graph, exit.lock));
  };
  for (let known = -1; known !== real.size; ) {
    known = real.size;
    for (const [block, held] of left) if (parks(block)) for (const constraint of held) real.add(constraint);
  }
  return real;
}

function constraintOf({ locks }: FlowGraph, lock: string): string {
  return locks.find(({ name }) => name === lock)?.constraint ?? lock;
}
