/** What a node's function may look like, as a person would write it: for messages and for the published header. */
import type { Variable } from "../../check/program.ts";

/** How the function is called (runtimes/core/node_function.hpp says the same to the C++ compiler). */
export type Role = "step" | "reply" | "handler" | "signed_handler" | "predicate" | "session";

/** A function of the program, as generated code uses it. */
export interface FunctionShape {
  readonly name: string;
  readonly role: Role;
  /** Without the `int error` of a `handler` or `signed_handler`. */
  readonly inputs: readonly Variable[];
  /** Outputs that are not inputs. */
  readonly made: readonly Variable[];
  /** Outputs that are inputs too: same name, same type. */
  readonly passed: readonly Variable[];
  /** `N` of `N_in`: the node itself, the failed node of a handler, the target of a session function. */
  readonly structs: string;
}

export interface Prototypes {
  readonly cxx: string;
  readonly c: string;
  readonly structs: string;
}

/** `image_tag *request`, `bool &close` */
export function declarator(type: string, name: string, mark = ""): string {
  return `${type}${type.endsWith("*") ? "" : " "}${mark}${name}`;
}

export function takesError(role: Role): boolean {
  return role === "handler" || role === "signed_handler";
}

const results: Readonly<Record<Role, string>> = {
  step: "int",
  reply: "int",
  handler: "void",
  signed_handler: "void",
  predicate: "bool",
  session: "int",
};

/** One prototype a convention. */
export function prototypes(shape: FunctionShape): Prototypes {
  const { inputs, made } = shape;
  const error = takesError(shape.role) ? ["int error"] : [];
  // Passed through: by reference, so that the function can change it. C has no way to.
  const isPassed = (name: string): boolean => shape.passed.some((passed) => passed.name === name);
  const natural = (mark: string, inputMark: string, none: string): string => {
    const parameters = [
      ...inputs.map(({ type, name }) => declarator(type, name, isPassed(name) ? inputMark : "")),
      ...error,
      ...made.map(({ type, name }) => declarator(type, name, mark)),
    ];
    return `${results[shape.role]} ${shape.name}(${parameters.join(", ") || none})`;
  };
  return { cxx: natural("&", "&", ""), c: natural("*", "", "void"), structs: structPrototype(shape) };
}

/** `int N(N_in *in, N_out *out)` */
export function structPrototype({ name, role, inputs, made, passed, structs }: FunctionShape): string {
  const parameters = [
    ...(inputs.length === 0 ? [] : [`${structs}_in *in`]),
    ...(takesError(role) ? ["int error"] : []),
    ...(made.length + passed.length === 0 ? [] : [`${structs}_out *out`]),
  ];
  return `${results[role]} ${name}(${parameters.join(", ")})`;
}

/** Names the function and its use in an assertion, so that `node-errors.ts` finds it again: `Sorry of Greet`. */
export function subjectOf({ name, role, inputs, structs }: FunctionShape): string {
  if (role === "predicate") return `${name} on ${inputs[0]?.type ?? ""}`;
  return role === "handler" || role === "session" ? `${name} of ${structs}` : name;
}

/** What a predicate must be: `bool TestInCache(const image &value)`; a pointer is taken as it is. */
export function predicatePrototype(name: string, type: string): string {
  return type.endsWith("*") ? `bool ${name}(${type}value)` : `bool ${name}(const ${type} &value)`;
}

/** Splits a node's outputs: a name with the same type on both sides is one variable. */
export function splitOutputs(
  inputs: readonly Variable[],
  outputs: readonly Variable[],
): { readonly made: readonly Variable[]; readonly passed: readonly Variable[] } {
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  return {
    made: outputs.filter(({ name, type }) => types.get(name) !== type),
    passed: outputs.filter(({ name, type }) => types.get(name) === type),
  };
}
