/**
 * What runtimes/core/node_function.hpp says of a function that fits no convention, put into words. It is read from the note
 * of a failed assertion: `no_problem<Found, Problem> [with Found = …; Problem = flux::problem<flux::misfit::input, 1>]`
 * (g++), `no_problem<int (int), flux::problem<flux::misfit::input, 1> >` (clang).
 */
import type { CxxError } from "./cxx-output.ts";
import { takesError, type FunctionShape } from "./prototypes.ts";
import { splitOutside } from "./type-text.ts";

export interface Misfit {
  readonly kind: string;
  readonly position: number;
  /** `int(int, bool)`; absent where there is no such function, or several. */
  readonly found?: { readonly result: string; readonly parameters: readonly string[] };
}

export function readMisfit({ notes }: CxxError): Misfit | undefined {
  for (const { text } of notes) {
    const problem = /flux::problem<(?:flux::)?misfit::(\w+), (\d+)/.exec(text);
    if (problem === null) continue;
    const [, kind = "", position = "0"] = problem;
    const gcc = /\[with Found = (.*); Problem = /.exec(text)?.[1];
    const clang = /no_problem<(.*), (?:flux::)?problem</.exec(text)?.[1];
    const found = readFunction(gcc ?? clang ?? "");
    return { kind, position: Number(position), ...(found === undefined ? {} : { found }) };
  }
  return undefined;
}

/** `int (flux::socket &, int)` of clang, `int(flux::socket&, int)` of g++. */
function readFunction(text: string): Misfit["found"] {
  if (!text.endsWith(")")) return undefined;
  let depth = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    if (text[index] === ")") depth++;
    if (text[index] === "(" && --depth === 0) {
      const inside = text.slice(index + 1, -1);
      const parameters = inside.trim() === "" ? [] : splitOutside(inside, ",").map(tidyType);
      return { result: tidyType(text.slice(0, index)), parameters };
    }
  }
  return undefined;
}

/** `flux::socket &`, `long`, `bool`: the same whichever compiler printed it. */
export function tidyType(type: string): string {
  return withoutDefaults(type)
    .trim()
    .replaceAll(/\b_Bool\b/g, "bool")
    .replaceAll(/\b(?:long int|int long)\b/g, "long")
    .replaceAll(/\bshort int\b/g, "short")
    .replaceAll(/\blong unsigned int\b/g, "unsigned long")
    .replaceAll(/\s*([*&]+)\s*/g, " $1")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Template arguments that nobody writes: `std::vector<int, std::allocator<int> >` is `std::vector<int>`. */
function withoutDefaults(type: string): string {
  let short = type.replaceAll("__cxx11::", "");
  for (let before = ""; before !== short; ) {
    before = short;
    short = short.replaceAll(/,\s*std::(?:allocator|char_traits|default_delete|less|equal_to|hash)<[^<>]*(?:<[^<>]*>\s*)?>\s*(?=[,>])/g, "");
  }
  return short.replaceAll(/\s+>/g, ">").replaceAll(/\bstd::basic_string<char>/g, "std::string");
}

export interface MisfitWords {
  /** What the function does: `takes 3 parameters, not 4`. */
  readonly fault: string;
  readonly label: string;
  readonly advice?: string;
}

export function misfitWords({ kind, position, found }: Misfit, shape: FunctionShape): MisfitWords {
  const wanted = parametersOf(shape);
  const parameter = wanted[position];
  const taken = found?.parameters[position] ?? "something else";
  const [struct, other] = (found?.parameters ?? []).map(structOf).filter((name) => name === `${shape.structs}_in` || name === `${shape.structs}_out`);
  // Where its structs are known, it is a member that does not fit.
  if (struct !== undefined && (kind === "input" || kind === "output" || kind === "count")) return undefinedStruct(struct, other);
  switch (kind) {
    case "output_by_value":
      return {
        fault: /^const\b.*&$/.test(taken)
          ? `takes the output \`${parameter?.name ?? ""}\` as \`${taken}\`, so it cannot write it`
          : `takes the output \`${parameter?.name ?? ""}\` by value, so what it writes is lost`,
        label: `output \`${parameter?.name ?? ""}\` is lost`,
        advice: `write \`${parameter?.type ?? ""} &${parameter?.name ?? ""}\`, in C \`${parameter?.type ?? ""} *${parameter?.name ?? ""}\``,
      };
    case "input":
      return {
        fault: `takes \`${taken}\` for the input \`${parameter?.name ?? ""}\`, which is \`${parameter?.type ?? ""}\``,
        label: `\`${parameter?.name ?? ""}\` is \`${parameter?.type ?? ""}\``,
      };
    case "output":
      return {
        fault: `takes \`${taken}\` for the output \`${parameter?.name ?? ""}\`, which is \`${parameter?.type ?? ""}\``,
        label: `\`${parameter?.name ?? ""}\` is \`${parameter?.type ?? ""}\``,
      };
    case "count": {
      const [has, needs] = [found?.parameters.length ?? position, wanted.length];
      const what = `${has} ${has === 1 ? "parameter" : "parameters"}`;
      if (shape.role === "handler") return { fault: `has ${what}; it can have 1 to ${needs}`, label: `its function has ${what}` };
      return { fault: `has ${what}, not ${needs}`, label: `its function has ${what}` };
    }
    case "result":
      return resultWords(found?.result ?? "something else", shape);
    case "in_member":
    case "out_member": {
      const members = kind === "in_member" ? shape.inputs : [...shape.made, ...shape.passed];
      const { name = "", type = "" } = members[position] ?? {};
      const struct = `${shape.structs}_${kind === "in_member" ? "in" : "out"}`;
      return { fault: `has a struct in which \`${name}\` is not \`${type}\``, label: `\`${struct}::${name}\` must be \`${type}\`` };
    }
    default:
      return { fault: "is overloaded, a template, or no function, and no form of it fits", label: "no form of it fits" };
  }
}

function undefinedStruct(struct: string, other: string | undefined): MisfitWords {
  const both = `\`${struct}\` and \`${other ?? ""}\``;
  return {
    fault: other === undefined ? `takes \`${struct}\`, which is declared but not defined` : `takes ${both}, which are not both defined`,
    label: other === undefined ? `\`${struct}\` is not defined` : `not both of its structs are defined`,
    advice: `define ${other === undefined ? `\`${struct}\`` : both} with all members in the header, or include the header that does`,
  };
}

/** `Read_in` of `Read_in *`. */
function structOf(type: string): string | undefined {
  return /^(?:const )?(?:struct )?(\w+) \*$/.exec(type)?.[1];
}

function resultWords(result: string, { role }: FunctionShape): MisfitWords {
  const needs = { step: "`int`", reply: "`int` or nothing", handler: "`int` or nothing", signed_handler: "`int` or nothing", predicate: "`bool`", session: "an integer" };
  const returns = result === "void" ? "returns nothing" : `returns \`${result}\``;
  const advice = role === "step" || role === "reply" ? { advice: "return 0 where it worked, and anything else to fail" } : {};
  return { fault: `${returns}, not ${needs[role]}`, label: `its function ${returns}`, ...advice };
}

/** What the parameters are under the natural conventions. */
export function parametersOf(shape: FunctionShape): readonly { readonly name: string; readonly type: string }[] {
  return [...shape.inputs, ...(takesError(shape.role) ? [{ name: "error", type: "int" }] : []), ...shape.made];
}
