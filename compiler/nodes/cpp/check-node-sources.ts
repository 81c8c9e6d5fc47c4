/** What is wrong with a program whose nodes are C, and can be known without a C compiler. */
import type { Program } from "../../check/program.ts";
import type { Checked } from "../../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../../grammar/span.ts";
import { libcHeader } from "./libc-names.ts";
import { publishedFunctions } from "./published-functions.ts";
import { isAllC, type Surroundings } from "./surroundings.ts";

/** Reports names that C has already, and in the published form names that would need two C functions. */
export function checkNodeSources(program: Program, surroundings: Surroundings): Checked<undefined> {
  if (!isAllC(surroundings)) return { value: undefined, diagnostics: [] };
  return { value: undefined, diagnostics: [...libraryNames(program), ...(program.form === "published" ? overloads(program) : [])] };
}

function* libraryNames(program: Program): Iterable<Diagnostic> {
  const reported = new Set<string>();
  for (const { name, what, span } of functionsOf(program)) {
    const header = libcHeader(name);
    if (header === undefined || reported.has(name)) continue;
    reported.add(name);
    yield diagnostic("FLX0615", { at: span }, { name, what, header, suggestion: `${name}_node` });
  }
}

interface NamedFunction {
  readonly name: string;
  readonly what: string;
  readonly span: Span;
}

function* functionsOf(program: Program): Iterable<NamedFunction> {
  for (const node of program.nodes.values()) {
    if (node.kind === "concrete") yield { name: node.name, what: node.role === "handler" ? "handler" : "node", span: node.nameSpan };
  }
  for (const { predicate, span } of program.predicates.values()) yield { name: predicate, what: "predicate", span };
  for (const { session, span } of program.sources) if (session !== undefined) yield { name: session, what: "session function", span };
}

/** C has one function of a name. */
function* overloads(program: Program): Iterable<Diagnostic> {
  const first = new Map<string, { readonly prototype: string; readonly span: Span }>();
  const reported = new Set<string>();
  for (const { name, prototype, what, span } of publishedFunctions(program).functions) {
    const known = first.get(name);
    if (known === undefined) first.set(name, { prototype, span });
    else if (!reported.has(name)) {
      reported.add(name);
      yield diagnostic("FLX0616", { at: span, first: known.span }, { name, what, one: known.prototype, other: prototype });
    }
  }
}
