/**
 * Small whole programs at random: in turn those that nest constraints in all ways, those with constraints of every kind, and
 * those with loops, handlers, limits and waits, every other with constraints of every kind.
 */
import type { Acquisition, Constraint, Node, Program } from "../../check/program.ts";
import { everything, randomProgram } from "../../flow/testing/random-program.ts";
import { random } from "../../flow/testing/script.ts";
import { randomKinds } from "../../locks/testing/random-kinds.ts";
import { randomLocking } from "../../locks/testing/random-locking.ts";

/** The same seed gives the same program. */
export function smallProgram(seed: number): Program {
  const spread = (seed * 1_000_003) % 1_000_000_007;
  if (seed % 3 === 0) return randomLocking(spread);
  if (seed % 3 === 1) return randomKinds(spread);
  const program = randomProgram(spread, { ...everything, nodes: 4, limits: 0.1, handlers: 0.4, locks: 0.5 });
  return seed % 2 === 0 ? program : withKinds(program, spread);
}

/** The same program with other kinds of constraints; keys are integers, the error of a handler too. */
export function withKinds(program: Program, seed: number): Program {
  const next = random(seed);
  const kinds = [{ kind: "lock", scope: "program" }, { kind: "lock", scope: "session" }, { kind: "pool", size: 1 }, { kind: "keyed", keyType: "int" }, { kind: "keyed", keyType: "int" }] as const;
  const constraints = new Map([...program.constraints.values()].map((each): [string, Constraint] => [each.name, { ...each, kind: kinds[Math.floor(next() * kinds.length)] ?? kinds[0] }]));
  const asked = ({ inputs, acquires }: Node): readonly Acquisition[] =>
    acquires.map((use): Acquisition => {
      const kind = constraints.get(use.constraint)?.kind.kind;
      if (kind === "pool") return { ...use, mode: "write" };
      const keys = kind === "keyed" ? [...inputs.keys()].filter((input) => inputs[input]?.type === "int") : [];
      const key = keys[Math.floor(next() * (keys.length + 0.1))];
      return key === undefined ? use : { ...use, key };
    });
  return { ...program, constraints, nodes: new Map([...program.nodes].map(([name, node]) => [name, { ...node, acquires: asked(node) }])) };
}
