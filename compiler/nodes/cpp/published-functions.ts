/** Which structs and functions the generated header of a published program declares, once each. Prints nothing. */
import type { ConcreteNode, NodeName, Program, Variable } from "../../check/program.ts";
import type { Span } from "../../../grammar/span.ts";
import { writtenTypes } from "./type-text.ts";
import { declarator, splitOutputs, structPrototype, type FunctionShape } from "./prototypes.ts";

export interface PublishedStruct {
  readonly node: NodeName;
  readonly side: "in" | "out";
  readonly variables: readonly Variable[];
  readonly span: Span;
}

export interface PublishedFunction {
  readonly name: string;
  /** Without the semicolon. */
  readonly prototype: string;
  readonly what: "node" | "handler" | "predicate" | "session function";
  readonly span: Span;
}

export interface PublishedDeclarations {
  readonly structs: readonly PublishedStruct[];
  readonly functions: readonly PublishedFunction[];
}

export function publishedFunctions(program: Program): PublishedDeclarations {
  const structs: PublishedStruct[] = [];
  const functions = new Map<string, PublishedFunction>();
  const add = (declared: PublishedFunction): void => {
    if (!functions.has(declared.prototype)) functions.set(declared.prototype, declared);
  };
  const targets = new Set(program.sources.flatMap(({ session, target }) => (session === undefined ? [] : [target])));
  for (const node of program.nodes.values()) {
    const span = node.nameSpan;
    const isFunction = node.kind === "concrete" && node.signature && node.role !== "handler";
    if ((isFunction || targets.has(node.name)) && node.inputs.length > 0) structs.push({ node: node.name, side: "in", variables: node.inputs, span });
    if (isFunction && node.outputs.length > 0) structs.push({ node: node.name, side: "out", variables: node.outputs, span });
    if (isFunction) add({ name: node.name, prototype: structPrototype(stepShape(node)), what: "node", span });
    if (node.kind === "concrete" && node.signature && node.role === "handler") {
      add({ name: node.name, prototype: handlerPrototype(node.name, node.handlerOf), what: "handler", span });
    }
  }
  for (const { handler, path, span } of program.handlers) {
    const node = program.nodes.get(handler);
    if (node?.kind !== "concrete" || node.signature) continue;
    add({ name: handler, prototype: handlerPrototype(handler, structOfFailed(program, path.at(-1))), what: "handler", span });
  }
  const written = writtenTypes(program);
  for (const { predicate, argumentTypes, span } of program.predicates.values()) {
    for (const type of argumentTypes) {
      add({ name: predicate, prototype: `bool ${predicate}(${declarator(written(type), "value")})`, what: "predicate", span });
    }
  }
  for (const { session, target, span } of program.sources) {
    if (session === undefined) continue;
    const inputs = program.nodes.get(target)?.inputs ?? [];
    const prototype = `int ${session}(${inputs.length === 0 ? "" : `${target}_in *in`})`;
    add({ name: session, prototype, what: "session function", span });
  }
  return { structs, functions: [...functions.values()] };
}

/** The node whose struct a handler takes: the last of its path, if that is a concrete node with inputs. */
export function structOfFailed(program: Program, last: NodeName | undefined): NodeName | undefined {
  const failed = last === undefined ? undefined : program.nodes.get(last);
  return failed?.kind === "concrete" && failed.inputs.length > 0 ? failed.name : undefined;
}

function stepShape(node: ConcreteNode): FunctionShape {
  const { made, passed } = splitOutputs(node.inputs, node.outputs);
  return { name: node.name, role: "step", inputs: node.inputs, made, passed, structs: node.name };
}

function handlerPrototype(handler: NodeName, failed: NodeName | undefined): string {
  return `void ${handler}(${failed === undefined ? "" : `${failed}_in *in, `}int error)`;
}
