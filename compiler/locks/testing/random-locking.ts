/** Small programs at random that are nothing but nesting and constraints: what the lock planner sees. */
import type { Acquisition, Node, NodeName, Program, Step } from "../../check/program.ts";

const nowhere = { start: 0, end: 0 };

/** The same seed gives the same program, of two to `most` constraints. */
export function randomLocking(seed: number, most = 4): Program {
  const next = linear(seed);
  const nodes = new Map<NodeName, Node>();
  const names = [..."abcdefghijkl"].slice(0, 2 + Math.floor(next() * (most - 1)));
  const order = names.toSorted(() => next() - 0.5);
  const tidiness = next();
  const count = 3 + Math.floor(next() * 7) + most - 4;
  for (let index = 0; index < count; index++) {
    const children = Math.floor(next() * 4);
    const steps = Array.from({ length: index === 0 ? 0 : children }, (): Step => {
      return { node: `N${Math.max(0, index - 1 - Math.floor(next() * 4))}`, tailCall: false, span: nowhere };
    });
    // Most in one order from the outside in, so that not all nest both ways.
    const from = Math.floor((next() < tidiness ? (count - index) / count : next()) * order.length);
    const acquires = order
      .slice(from, from + 2)
      .filter(() => next() < 0.5)
      .map((constraint): Acquisition => ({ constraint, mode: next() < 0.3 ? "read" : "write", span: nowhere }));
    const base = { name: `N${index}`, inputs: [], outputs: [], span: nowhere, nameSpan: nowhere, acquires, loop: false };
    nodes.set(
      base.name,
      steps.length === 0
        ? { ...base, kind: "concrete", signature: true, blocking: false, wait: [], role: "step" }
        : { ...base, kind: "sequence", steps },
    );
  }
  const top = `N${count - 1}`;
  return {
    source: { path: "random.flux", text: "" },
    ...{ form: "natural", includes: [], links: [], nodes, handlers: [], predicates: new Map() },
    sources: [top, `N${count - 2}`].map((target, index) => ({ name: `T${index}`, target, everyMilliseconds: 1, span: nowhere })),
    constraints: new Map(
      names.map((name) => [name, { name, kind: { kind: "lock", scope: "program" } as const, span: nowhere }]),
    ),
  };
}

/** Numbers from 0 up to 1 (Park and Miller's generator). */
export function linear(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
