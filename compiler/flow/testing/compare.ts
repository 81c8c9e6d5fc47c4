/** A random program both ways: as a flow graph and as the language reference says. What differs, in words. */
import type { Program } from "../../check/program.ts";
import type { LockPlan } from "../../locks/lock-plan.ts";
import { planLocks } from "../../locks/plan-locks.ts";
import { buildFlowGraph } from "../build-flow-graph.ts";
import { interpretSource } from "./interpret.ts";
import { everything, randomProgram } from "./random-program.ts";
import { interpretReference } from "./reference-interpreter.ts";
import { Script } from "./script.ts";

export interface Planned {
  readonly program: Program;
  readonly plan: LockPlan;
}

/** What the planner refuses is made again without constraints. */
export function plannedProgram(seed: number): Planned {
  const program = randomProgram(seed, everything);
  const { value, diagnostics } = planLocks(program);
  if (diagnostics.length === 0) return { program, plan: value };
  const free = randomProgram(seed, { ...everything, locks: 0 });
  return { program: free, plan: planLocks(free).value };
}

/** Every source, when all goes well, when little goes wrong, and when much does. */
export function differences(seed: number): readonly string[] {
  const { program, plan } = plannedProgram(seed);
  const graph = buildFlowGraph(program, plan);
  return program.sources.flatMap(({ name }, index) =>
    [0, 0.05, 0.3].flatMap((failures) => {
      const [real, meant] = [new Script(seed, failures), new Script(seed, failures)];
      interpretSource(graph, index, real);
      interpretReference(program, plan.order, index, meant);
      const at = [...real.trace, "the end"].findIndex((event, place) => event !== [...meant.trace, "the end"][place]);
      const around = (trace: readonly string[]): string => trace.slice(Math.max(0, at - 5), at + 1).join("\n");
      return at < 0 ? [] : [`${name}, failures ${failures}, event ${at}:\n${around(real.trace)}\nshould be:\n${around(meant.trace)}`];
    }),
  );
}
