/**
 * Small programs at random whose flows nest a few constraints inside each other, each flow in an order of its own: many
 * nest both ways. Here and there a reader, a choice, a sub-flow of several flows, or one constraint around everything.
 */
import type { Acquisition, Node, NodeName, Program, Step } from "../../check/program.ts";
import { random } from "../../flow/testing/script.ts";

const nowhere = { start: 0, end: 0 };

/** The same seed gives the same program. */
export function crossingProgram(seed: number): Program {
  const next = random(seed);
  const chance = (likelihood: number): boolean => next() < likelihood;
  const names = chance(0.5) ? ["a", "b"] : ["a", "b", "c"];
  const gate = chance(0.15) ? ["gate"] : [];
  const readers = chance(0.5) ? 0.4 : 0;
  const nodes = new Map<NodeName, Node>();
  const asks = (constraints: readonly string[]): readonly Acquisition[] =>
    constraints.map((constraint) => ({ constraint, mode: chance(readers) ? "read" : "write", span: nowhere }));
  const step = (node: NodeName): Step => ({ node, tailCall: false, span: nowhere });
  const base = (name: NodeName, constraints: readonly string[]) => ({
    ...{ name, inputs: [], outputs: [], span: nowhere, nameSpan: nowhere, loop: false, acquires: asks(constraints) },
  });

  function concrete(name: NodeName, constraints: readonly string[]): NodeName {
    nodes.set(name, { ...base(name, constraints), kind: "concrete", signature: true, blocking: false, wait: [], role: "step" });
    return name;
  }

  /** Each constraint inside the one before it, with a node in the middle that asks for the last. */
  function nest(name: NodeName, [outer = "a", ...inner]: readonly string[]): NodeName {
    if (inner.length === 0) return concrete(name, [outer]);
    const body = step(chance(0.2) ? (subFlows.at(-1) ?? nest(`${name}x`, inner)) : nest(`${name}x`, inner));
    if (chance(0.3)) nodes.set(name, { ...base(name, [outer]), kind: "dispatch", cases: [[body], []].map((steps) => ({ patterns: [], steps, span: nowhere })) });
    else nodes.set(name, { ...base(name, [outer]), kind: "sequence", steps: [body] });
    if (chance(0.3)) subFlows.push(name);
    return name;
  }

  const subFlows: NodeName[] = [];
  const targets = Array.from({ length: chance(0.6) ? 2 : 3 }, (_, index) => {
    const order = names.map((name) => ({ name, at: next() })).toSorted((one, other) => one.at - other.at);
    const nested = nest(`F${index}`, order.map(({ name }) => name).slice(0, 2 + Math.floor(next() * (names.length - 1))));
    const top = `Top${index}`;
    nodes.set(top, { ...base(top, gate), kind: "sequence", steps: [step(nested)] });
    return top;
  });
  return {
    source: { path: "random.flux", text: "" },
    ...{ form: "natural", includes: [], links: [], nodes, handlers: [], predicates: new Map() },
    sources: targets.map((target, index) => ({ name: `T${index}`, target, everyMilliseconds: 1, span: nowhere })),
    constraints: new Map([...names, ...gate].map((name) => [name, { name, kind: { kind: "lock", scope: "program" } as const, span: nowhere }])),
  };
}
