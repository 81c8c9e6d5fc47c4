/** The shape that each function of a program must have. Reads no flow graph: the same for messages and for generated code. */
import type { ConcreteNode, NodeName, Program } from "../../check/program.ts";
import type { Span } from "../../../grammar/span.ts";
import { splitOutputs, type FunctionShape } from "./prototypes.ts";

/** Concrete nodes that a handler may begin with: they may return nothing. */
export function handlerBeginnings(program: Program): ReadonlySet<NodeName> {
  const beginners = new Set<NodeName>();
  const seen = new Set<NodeName>();
  const open = program.handlers.map(({ handler }) => handler);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = program.nodes.get(name);
    if (node?.kind === "concrete") beginners.add(name);
    const sequences = node?.kind === "sequence" ? [node.steps] : node?.kind === "dispatch" ? node.cases.map(({ steps }) => steps) : [];
    for (const steps of sequences) {
      // An empty sequence passes its inputs on: what follows begins too.
      for (const { node: step } of steps) {
        open.push(step);
        if (!isEmpty(program, step)) break;
      }
    }
  }
  return beginners;
}

/** The shape of a concrete node with a signature. */
export function nodeShape(program: Program, node: ConcreteNode, beginners: ReadonlySet<NodeName>): FunctionShape {
  // With structs every output is a variable of its own.
  const published = program.form === "published";
  const { made, passed } = published ? { made: node.outputs, passed: [] } : splitOutputs(node.inputs, node.outputs);
  const own = { name: node.name, inputs: node.inputs, made, passed, structs: node.name };
  if (node.role !== "handler") return { ...own, role: beginners.has(node.name) ? "reply" : "step" };
  // Its struct is that of the failed node, whose members have their own names; a published one without takes only the error.
  if (!published && made.length > 0) return { ...own, role: "reply" };
  const failed = node.handlerOf === undefined ? undefined : program.nodes.get(node.handlerOf);
  const taken = endsInError(node) ? node.inputs.slice(0, -1) : node.inputs;
  const inputs = taken.map((input, index) => ({ ...input, name: failed?.inputs[index]?.name ?? input.name }));
  return {
    ...{ name: node.name, role: "signed_handler", made: [], passed: [], structs: failed?.name ?? node.name },
    inputs: published && failed === undefined ? [] : inputs,
  };
}

/** Whether `int error` is in the signature of a handler: a published one may leave it out. */
export function endsInError({ inputs }: ConcreteNode): boolean {
  const last = inputs.at(-1);
  return last?.type === "int" && last.name === "error";
}

export function handlerShape(program: Program, handler: NodeName, failed: NodeName): FunctionShape {
  const inputs = program.nodes.get(failed)?.inputs ?? [];
  return { name: handler, role: "handler", inputs, made: [], passed: [], structs: failed };
}

export function sessionShape(program: Program, name: string, target: NodeName): FunctionShape {
  return { name, role: "session", inputs: program.nodes.get(target)?.inputs ?? [], made: [], passed: [], structs: target };
}

export function predicateShape(name: string, type: string, span: Span): FunctionShape {
  const value = { name: "value", type, written: { tokens: [], span }, span };
  return { name, role: "predicate", inputs: [value], made: [], passed: [], structs: "" };
}

function isEmpty(program: Program, name: NodeName): boolean {
  const node = program.nodes.get(name);
  return node?.kind === "sequence" && node.steps.length === 0;
}
