/** What the linker did not find, as diagnostics of ours: a node that is declared and defined nowhere. */
import type { Program } from "../../check/program.ts";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../../grammar/span.ts";
import { undefinedSymbols } from "./cxx-output.ts";
import { nameIn } from "./span-at.ts";
import { tidyType } from "./misfit.ts";
import type { Explained } from "./node-errors.ts";

export interface LinkerFailure {
  readonly program: Program;
  readonly output: string;
  /** Paths of the node sources. */
  readonly nodeSources: readonly string[];
}

/** Never throws, whatever the output. */
export function linkErrors({ program, output, nodeSources }: LinkerFailure): Explained {
  const functions = functionsOf(program);
  const symbols = undefinedSymbols(output);
  const diagnostics: Diagnostic[] = [];
  for (const symbol of symbols) {
    const name = /^(\w+)(?:\(|$)/.exec(symbol)?.[1] ?? "";
    const found = functions.get(name);
    if (found === undefined) continue;
    const { what, span } = found;
    diagnostics.push(diagnostic("FLX0612", { at: span }, { name, what, symbol: tidyType(symbol), advice: advice(symbol, nodeSources) }));
  }
  return { diagnostics, complete: symbols.length > 0 && diagnostics.length === symbols.length };
}

/** C++ writes the parameters into the symbol, C does not. */
function advice(symbol: string, nodeSources: readonly string[]): string | undefined {
  const isC = !symbol.includes("(");
  const hasC = nodeSources.some((path) => path.endsWith(".c"));
  const hasCxx = nodeSources.some((path) => !path.endsWith(".c"));
  if (nodeSources.length === 0) return "there is no C or C++ source beside the program: name them with `--nodes`";
  if (!isC && hasC) return "a function in a `.c` file must be declared inside `extern \"C\" { … }`, where C++ reads the header";
  if (isC && hasCxx) return "it is declared as C: the C++ file that defines it must include that declaration";
  return "the definition must have the same parameters as the declaration, and its file must be among the node sources";
}

function functionsOf(program: Program): ReadonlyMap<string, { readonly what: string; readonly span: Span }> {
  const functions = new Map<string, { readonly what: string; readonly span: Span }>();
  for (const node of program.nodes.values()) {
    if (node.kind === "concrete") functions.set(node.name, { what: node.role === "handler" ? "handler" : "node", span: node.nameSpan });
  }
  for (const { predicate, span } of program.predicates.values()) functions.set(predicate, { what: "predicate", span: nameIn(program.source, span, predicate) });
  for (const { session, span } of program.sources) if (session !== undefined) functions.set(session, { what: "session function", span: nameIn(program.source, span, session) });
  return functions;
}
