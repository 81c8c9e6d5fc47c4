/**
 * Small programs at random whose flows nest a few constraints inside each other, each flow in an order of its own: many
 * nest both ways. Here and there a reader, a choice, a sub-flow of several flows, one constraint around everything, a lock
 * of each session, keys, all keys at once, a pool.
 */
import type { Acquisition, Constraint, Node, NodeName, Program, Step, Variable } from "../../check/program.ts";
import { random } from "../../flow/testing/script.ts";

const nowhere = { start: 0, end: 0 };

/** The same seed gives the same program. */
export function crossingProgram(seed: number): Program {
  const next = random(seed);
  const chance = (likelihood: number): boolean => next() < likelihood;
  const names = chance(0.5) ? ["a", "b"] : ["a", "b", "c"];
  const gate = chance(0.15) ? ["gate"] : [];
  const readers = chance(0.5) ? 0.4 : 0;
  const plain = chance(0.5);
  const kinds = new Map([...names, ...gate].map((name): [string, Constraint["kind"]] => [name, plain ? ofProgram : kindOf(next())]));
  const nodes = new Map<NodeName, Node>();
  const asks = (constraints: readonly string[]): readonly Acquisition[] => constraints.flatMap((constraint): readonly Acquisition[] => {
    const kind = kinds.get(constraint)?.kind;
    const mode = (): "read" | "write" => (kind !== "pool" && chance(readers) ? "read" : "write");
    if (kind !== "keyed" || chance(0.2)) return [{ constraint, mode: mode(), span: nowhere }];
    const keys = chance(0.15) ? [0, 1] : [chance(0.8) ? 0 : 1];
    return keys.map((key) => ({ constraint, mode: mode(), key, span: nowhere }));
  });
  const step = (node: NodeName): Step => ({ node, tailCall: false, span: nowhere });
  const base = (name: NodeName, constraints: readonly string[]) => ({
    ...{ name, inputs: tuple, outputs: tuple, span: nowhere, nameSpan: nowhere, loop: false, acquires: asks(constraints) },
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
  for (const target of targets) nodes.set(`Listen${target}`, { ...base(`Listen${target}`, []), inputs: [], kind: "concrete", signature: true, blocking: false, wait: [], role: "source" });
  return {
    source: { path: "random.flux", text: "" },
    ...{ form: "natural", includes: [], links: [], nodes, handlers: [], predicates: new Map() },
    sources: targets.map((target) => ({ node: `Listen${target}`, name: `Listen${target}`, target, session: "SessionOf", span: nowhere })),
    constraints: new Map([...kinds].map(([name, kind]) => [name, { name, kind, span: nowhere }])),
  };
}

const tuple = ["id", "other"].map((name): Variable => ({ name, type: "int", written: { tokens: ["int"], span: nowhere }, span: nowhere }));
const ofProgram: Constraint["kind"] = { kind: "lock", scope: "program" };

/** @param roll  from 0 up to 1 */
function kindOf(roll: number): Constraint["kind"] {
  if (roll < 0.25) return ofProgram;
  if (roll < 0.5) return { kind: "lock", scope: "session" };
  return roll < 0.8 ? { kind: "keyed", keyType: "int" } : { kind: "pool", size: roll < 0.95 ? 1 : 2 };
}
