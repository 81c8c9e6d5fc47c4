/**
 * What generated code says of one function of the program, so that runtimes/core can find its convention: a struct, and the
 * assertion that the function fits one. The assertions begin with the code of their diagnostic; `node-errors.ts` reads it.
 */
import type { Source } from "../../../grammar/source.ts";
import type { Span } from "../../../grammar/span.ts";
import { block, type Lines } from "../../text/lines.ts";
import { atSource, placeComment, quoted } from "./cpp-text.ts";
import { prototypes, subjectOf, type FunctionShape, type Role } from "./prototypes.ts";

export interface FunctionUse {
  /** Name of the struct: `node_ReadRequest`. */
  readonly struct: string;
  readonly shape: FunctionShape;
  /** Has a `wait`: flux::again is no failure. */
  readonly waits: boolean;
  /** The very type of the function, where the program is known to have several of its name: `void (*)(::Read_in *, int)`. */
  readonly exact?: string;
  /** Where a mistake is reported. */
  readonly span: Span;
}

/** The code under which a function that fits no convention is reported. */
export const misfitCode = {
  step: "FLX0602",
  reply: "FLX0603",
  handler: "FLX0603",
  signed_handler: "FLX0603",
  predicate: "FLX0604",
  session: "FLX0605",
} as const satisfies Record<Role, string>;

/** The struct and its assertion. `typeOf` spells a canonical type for generated code. */
export function* functionStruct(source: Source, use: FunctionUse, typeOf: (type: string) => string): Lines {
  const { struct, shape, waits, span } = use;
  const types = (variables: FunctionShape["inputs"]): string => `flux::types<${variables.map(({ type }) => typeOf(type)).join(", ")}>`;
  const members = (of: string, variables: FunctionShape["inputs"]): string =>
    `flux::members<${variables.map(({ name }) => `&${of}::${name}`).join(", ")}>`;
  yield placeComment(source, span);
  yield `struct ${struct} : flux_functions::${functionStructName(struct)} {`;
  yield `  static constexpr flux::role role = flux::role::${shape.role};`;
  yield `  static constexpr bool waits = ${waits};`;
  yield `  using inputs = ${types(shape.inputs)};`;
  yield `  using made = ${types(shape.made)};`;
  yield `  using passed = ${types(shape.passed)};`;
  yield `  template <typename In> using in = ${members("In", shape.inputs)};`;
  yield `  template <typename Out> using out = ${members("Out", [...shape.made, ...shape.passed])};`;
  yield "};";
  yield* atSource(source, span, [assertFits(struct, shape, prototypes(shape).cxx)]);
}

/** A predicate is one function for values of several types. */
export function* predicateStruct(struct: string): Lines {
  yield* block(`struct ${struct} : flux_functions::${functionStructName(struct)}`, ["static constexpr bool waits = false;"], "};");
}

export interface NamedFunction {
  readonly struct: string;
  readonly name: string;
  /** The one of several of its name: `void (*)(::Read_in *, int)`. */
  readonly exact?: string | undefined;
  /** Where a mistake is reported. */
  readonly span: Span;
}

/**
 * The only place that names the functions. Beside each another of its name is visible, so that one that is not declared is
 * told from one that does not fit, and is one error and not many. Must stand before anything of ours is declared.
 */
export function* namedFunctions(source: Source, functions: readonly NamedFunction[]): Lines {
  const names = [...new Set(functions.map(({ name }) => name))].filter((name) => name !== "init" && name !== "finish");
  if (names.length > 0) {
    yield "namespace flux::absent {";
    for (const name of names) yield `flux::absent_function ${name};`;
    yield "}  // namespace flux::absent";
    yield "";
  }
  yield "// The functions of the program, as overloads of those above.";
  yield "namespace flux_program::flux_functions {";
  yield "using namespace ::flux::absent;";
  for (const { struct, name, exact, span } of functions) {
    const address = exact === undefined ? `&${name}` : `static_cast<${exact}>(&${name})`;
    // No name in here is one that a function may have.
    yield `struct ${functionStructName(struct)} {`;
    yield "  template <typename flux_visitor>";
    const call = `flux_with(${address})`;
    yield* atSource(source, span, [`  static constexpr auto flux_use(flux_visitor flux_with) -> decltype(${call}) { return ${call}; }`]);
    yield "};";
  }
  yield "}  // namespace flux_program::flux_functions";
  yield "";
}

/** What names the function for a struct; others of that name stand where the functions are not visible. */
export function functionStructName(struct: string): string {
  return `flux_${struct}`;
}

export function assertFits(struct: string, shape: FunctionShape, expected: string): string {
  const text = `${misfitCode[shape.role]} ${subjectOf(shape)}: expected '${expected}'`;
  return `static_assert(flux::node_function<flux::found_of<${struct}>, flux::problem_of<${struct}>>, ${quoted(text)});`;
}
