/** Patterns: one entry an input, types that exist, cases that can be reached. Which predicates are applied to which types. */
import type { CaseDecl } from "../../grammar/ast.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Declarations, NodeEntry } from "./declarations.ts";
import type { Tuple } from "./parameters.ts";
import type { Predicate } from "./program.ts";
import type { Names } from "./resolve-names.ts";
import { spellTuple, type Tuples } from "./tuples.ts";

/** Every `typedef`, with the C++ types it is applied to. FLX0310, FLX0412, FLX0413. Linear. */
export function checkDispatches(
  { nodes, types, broken }: Declarations,
  { kinds }: Names,
  tuples: Tuples,
): Checked<ReadonlyMap<string, Predicate>> {
  const diagnostics: Diagnostic[] = [];
  const argumentTypes = new Map<string, Set<string>>([...types.keys()].map((type) => [type, new Set()]));
  for (const entry of nodes.values()) {
    if (kinds[entry.id] !== "dispatch") continue;
    const inputs = tuples.takes(entry);
    let fits = true;
    for (const declaration of inputs === undefined ? [] : entry.cases) {
      const wrong = wrongCount(declaration, entry, inputs ?? []);
      fits &&= wrong === undefined;
      if (wrong !== undefined) diagnostics.push(wrong);
      else collect(declaration, inputs ?? [], argumentTypes);
    }
    if (fits && !broken.has(entry.name)) diagnostics.push(...coverage(entry));
  }
  const predicates = new Map<string, Predicate>();
  for (const declaration of types.values()) {
    const type = declaration.type.text;
    const applied = [...(argumentTypes.get(type) ?? [])];
    predicates.set(type, { type, predicate: declaration.predicate.text, argumentTypes: applied, span: declaration.span });
  }
  return { value: predicates, diagnostics };
}

function wrongCount({ patterns, patternSpan }: CaseDecl, { name }: NodeEntry, inputs: Tuple): Diagnostic | undefined {
  if (patterns.length === inputs.length) return undefined;
  const written = patterns.slice(0, inputs.length).map((pattern) => (pattern.kind === "any" ? "_" : pattern.name.text));
  // Entries are added where they are missing, but which of too many is wrong nobody can say.
  const pattern = patterns.length < inputs.length ? `[${[...written, ...inputs.slice(patterns.length).map(() => "_")].join(", ")}]` : undefined;
  return diagnostic(
    "FLX0310",
    { at: patternSpan },
    {
      name, pattern, inputs: spellTuple(inputs),
      entries: `${patterns.length} ${patterns.length === 1 ? "entry" : "entries"}`,
      values: `${inputs.length} value${inputs.length === 1 ? "" : "s"}`,
    },
  );
}

function collect({ patterns }: CaseDecl, inputs: Tuple, argumentTypes: ReadonlyMap<string, Set<string>>): void {
  for (const [at, pattern] of patterns.entries()) {
    if (pattern.kind === "any") continue;
    const types = argumentTypes.get(pattern.name.text);
    const type = inputs[at]?.type;
    if (type !== undefined) types?.add(type);
  }
}

/** A case that an earlier one, a catch-all or the same pattern, leaves nothing; and no catch-all at all. */
function* coverage(entry: NodeEntry): Iterable<Diagnostic> {
  const seen = new Map<string, CaseDecl>();
  let catchAll: CaseDecl | undefined;
  for (const declaration of entry.cases) {
    const pattern = declaration.patterns.map((part) => (part.kind === "any" ? "_" : part.name.text)).join(", ");
    const first = catchAll ?? seen.get(pattern);
    if (first !== undefined) {
      const earlier = first === catchAll ? "matches everything" : "matches the same values";
      yield diagnostic("FLX0413", { at: declaration.patternSpan, first: first.patternSpan }, { name: entry.name, earlier });
    } else if (declaration.patterns.every((part) => part.kind === "any")) catchAll = declaration;
    else seen.set(pattern, declaration);
  }
  const last = entry.cases.at(-1);
  if (catchAll !== undefined || last === undefined) return;
  const patterns = last.patterns.map(() => "_").join(", ");
  yield diagnostic("FLX0412", { at: last.patternSpan }, { name: entry.name, case: `${entry.name}:[${patterns}] = …;` });
}
