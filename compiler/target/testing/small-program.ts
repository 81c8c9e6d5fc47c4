/** Small whole programs at random: in turn those that nest constraints in all ways, those with loops, handlers, limits and waits, those with constraints of every kind. */
import type { Program } from "../../check/program.ts";
import { everything, randomProgram } from "../../flow/testing/random-program.ts";
import { randomKinds } from "../../locks/testing/random-kinds.ts";
import { randomLocking } from "../../locks/testing/random-locking.ts";

/** The same seed gives the same program. */
export function smallProgram(seed: number): Program {
  const spread = (seed * 1_000_003) % 1_000_000_007;
  if (seed % 3 === 0) return randomLocking(spread);
  if (seed % 3 === 1) return randomKinds(spread);
  return randomProgram(spread, { ...everything, nodes: 4, limits: 0.1, handlers: 0.4, locks: 0.5 });
}
