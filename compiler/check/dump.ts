/** A `Program` as text for people and golden files. Nothing reads it back. */
import type { Acquisition, Case, Constraint, FlowSource, Handler, Node, Program, Step, Variable } from "./program.ts";

/** Every fact but spans, in the order of the program, one thing a paragraph. */
export function* dumpProgram(program: Program): Generator<string> {
  yield `form ${program.form}`;
  for (const { text } of program.includes) yield `include ${text}`;
  for (const { text } of program.links) yield `link ${text}`;
  for (const node of program.nodes.values()) yield* dumpNode(node, program);
  for (const source of program.sources) yield* dumpSource(source);
  for (const { type, predicate, argumentTypes } of program.predicates.values()) {
    yield "";
    yield `type ${type}: ${predicate}`;
    for (const argument of argumentTypes) yield `  of ${argument}`;
  }
  for (const constraint of program.constraints.values()) {
    yield "";
    yield dumpConstraint(constraint);
  }
  for (const handler of program.handlers) {
    yield "";
    yield dumpHandler(handler);
  }
}

function* dumpNode(node: Node, program: Program): Generator<string> {
  yield "";
  const kind = node.kind === "concrete" ? `${node.role}${node.signature ? "" : " without a signature"}` : node.kind;
  yield `${kind} ${node.name}${node.loop ? ", a loop" : ""}`;
  if (node.kind !== "concrete" || node.signature) {
    yield `  takes ${dumpTuple(node.inputs)}`;
    yield `  produces ${dumpTuple(node.outputs)}`;
  }
  if (node.kind === "sequence") yield `  = ${dumpSteps(node.steps)}`;
  if (node.kind === "dispatch") for (const part of node.cases) yield `  ${dumpCase(part)}`;
  for (const acquisition of node.acquires) yield `  holds ${dumpAcquisition(acquisition, node)}`;
  if (node.timeout !== undefined) yield `  within ${node.timeout.milliseconds} ms`;
  if (node.kind !== "concrete") return;
  for (const { readiness, on } of node.wait) {
    yield `  waits until ${on.kind === "global" ? `::${on.text}` : (node.inputs[on.index]?.name ?? "?")} is ${readiness}`;
  }
  if (node.blocking) yield "  may block";
  if (node.handlerOf !== undefined && program.form === "published") yield `  takes the struct of ${node.handlerOf}`;
}

function dumpTuple(tuple: readonly Variable[]): string {
  return `(${tuple.map(({ type, name }) => `${type}${type.endsWith("*") ? "" : " "}${name}`).join(", ")})`;
}

function dumpSteps(steps: readonly Step[]): string {
  return steps.length === 0 ? "nothing" : steps.map(({ node, tailCall }) => (tailCall ? `next round of ${node}` : node)).join(" -> ");
}

function dumpCase({ patterns, steps }: Case): string {
  return `[${patterns.map((pattern) => pattern ?? "_").join(", ")}] = ${dumpSteps(steps)}`;
}

function dumpAcquisition({ constraint, mode, key }: Acquisition, node: Node): string {
  return `${constraint}${key === undefined ? "" : `[${node.inputs[key]?.name ?? "?"}]`} as ${mode === "read" ? "reader" : "writer"}`;
}

function* dumpSource({ name, node, target, session, everyMilliseconds, limit }: FlowSource): Generator<string> {
  yield "";
  yield `source ${name} => ${target}`;
  if (everyMilliseconds !== undefined) yield `  every ${everyMilliseconds} ms`;
  else if (node !== name) yield `  calls ${node ?? "nothing"}`;
  if (session !== undefined) yield `  session ${session}`;
  if (limit !== undefined) yield `  at most ${limit} in flight`;
}

function dumpConstraint({ name, kind }: Constraint): string {
  switch (kind.kind) {
    case "lock":
      return `constraint ${name}: one a ${kind.scope}`;
    case "keyed":
      return `constraint ${name}: one a ${kind.keyType}`;
    case "pool":
      return `pool ${name}: ${kind.size}`;
  }
}

function dumpHandler({ path, handler, takes, shared, takesError }: Handler): string {
  const count = takes === "deduced" ? `up to ${shared}` : String(takes);
  return `on failure of ${path.map((element) => element ?? "*").join(" -> ")}: ${handler}, with ${count} of its inputs${takesError ? " and the error" : ""}`;
}
