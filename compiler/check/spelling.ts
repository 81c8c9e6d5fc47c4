/** Names that C++, the runtime or the generated code already has. Whether a name exists is `resolve-names.ts`'s. */
import type { Name } from "../../grammar/ast.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isCxxKeyword, isTypeWord } from "./cxx-words.ts";
import { isDeclared, nameSpan, type Declarations, type NodeEntry } from "./declarations.ts";

/** FLX0208, FLX0209. Each name is reported once, where it is first declared. Linear. */
export function checkSpelling(declarations: Declarations, published: boolean): Checked<undefined> {
  const diagnostics: Diagnostic[] = [];
  const reported = new Set<string>();
  eachDeclaredName(declarations, (name, isFunction) => {
    const why = whyNot(name.text, isFunction);
    if (why === undefined || reported.has(name.text)) return;
    reported.add(name.text);
    diagnostics.push(diagnostic("FLX0208", { at: name.span }, { name: name.text, why, instead: instead(name.text, isFunction) }));
  });
  diagnostics.push(...clashes(declarations, published));
  return { value: undefined, diagnostics };
}

function eachDeclaredName(
  { nodes, sources, types, pools }: Declarations,
  visit: (name: Name, isFunction: boolean) => void,
): void {
  for (const entry of nodes.values()) {
    const declared = entry.signature ?? entry.sequence ?? entry.cases[0];
    if (declared !== undefined) visit(declared.name, true);
    else if (isHandler(entry)) visit({ text: entry.name, span: nameSpan(entry) }, true);
    if (entry.signature !== undefined) {
      for (const list of [entry.signature.inputs, entry.signature.outputs]) {
        for (const { name } of list.parameters) {
          // A type word in the place of a name is a parameter without one: FLX0301.
          if (name !== undefined && !isTypeWord(name.text)) visit(name, false);
        }
      }
    }
    if (entry.atomic !== undefined) for (const { name } of entry.atomic.constraints) visit(name, false);
  }
  for (const { name, every, session } of sources.values()) {
    if (every !== undefined) visit(name, true);
    if (session !== undefined) visit(session, true);
  }
  for (const { type, predicate } of types.values()) {
    visit(type, false);
    visit(predicate, true);
  }
  for (const { name } of pools.values()) visit(name, false);
}

function isHandler(entry: NodeEntry): boolean {
  return entry.mentions.some(({ as }) => as === "handler");
}

function whyNot(name: string, isFunction: boolean): string | undefined {
  if (isCxxKeyword(name)) return "a keyword of C++";
  if (name === "flux") return "the namespace of the runtime";
  if (name.startsWith("flux_")) return "reserved for names in the generated code";
  if (name !== "main") return undefined;
  return isFunction ? "the function every C++ program starts with" : "reserved for the function a C++ program starts with";
}

function instead(name: string, isFunction: boolean): string | undefined {
  const other = name.startsWith("flux") ? name.replace(/^flux_?/, "") : `${name}_`;
  return /^[a-z_][a-z\d_]*$/.test(other) && whyNot(other, isFunction) === undefined ? other : undefined;
}

interface Claim {
  readonly span: Name["span"];
  readonly what: string;
}

/** One C++ name for two things: a node, a predicate, a session function, a struct of the generated header, `init`. */
function* clashes({ nodes, sources, types }: Declarations, published: boolean): Iterable<Diagnostic> {
  const claimed = new Map<string, Claim>();
  const claimOf = (name: string): Claim | undefined => {
    const entry = nodes.get(name);
    const isNode = entry !== undefined && (isDeclared(entry) || isHandler(entry));
    return isNode ? { span: nameSpan(entry), what: "a node" } : claimed.get(name);
  };
  const why = "Each becomes a name in the generated C++";
  const reported = new Set<string>();
  const claim = function* (name: Name, what: string): Iterable<Diagnostic> {
    const first = claimOf(name.text);
    if (first === undefined) claimed.set(name.text, { span: name.span, what });
    else if (first.what !== what && !reported.has(name.text)) {
      reported.add(name.text);
      yield diagnostic("FLX0209", { at: name.span, first: first.span }, { name: name.text, one: what, other: first.what, why });
    }
  };
  for (const { name, every } of sources.values()) if (every !== undefined) yield* claim(name, "a timer source");
  for (const { predicate } of types.values()) yield* claim(predicate, "a predicate");
  for (const { session } of sources.values()) if (session !== undefined) yield* claim(session, "a session function");

  for (const name of [...nodes.keys(), ...claimed.keys()]) {
    if (!name.endsWith("_in") && !name.endsWith("_out")) continue;
    const clash = claimOf(name);
    if (clash !== undefined) yield* structClash(name, clash, nodes);
  }
  for (const [name, start] of startFunctions) {
    const entry = nodes.get(name);
    if (entry === undefined || entry.bodies.length > 0 || !(isDeclared(entry) || isHandler(entry))) continue;
    const whyStart = published ? "The generated header declares it" : "The server calls it if the header declares it";
    yield diagnostic("FLX0209", { at: nameSpan(entry), first: [] }, { name, one: "a node", other: start, why: whyStart });
  }
}

const startFunctions: ReadonlyMap<string, string> = new Map([
  ["init", "the function that runs before the sources start"],
  ["finish", "the function that runs after the last flow"],
]);

/** `Page_in` beside a node `Page`. */
function* structClash(
  name: string,
  clash: Claim,
  nodes: ReadonlyMap<string, NodeEntry>,
): Iterable<Diagnostic> {
  const [, owner, suffix] = /^(.+)_(in|out)$/.exec(name) ?? [];
  const entry = owner === undefined ? undefined : nodes.get(owner);
  if (entry === undefined || !isDeclared(entry)) return;
  const side = suffix === "in" ? "inputs" : "outputs";
  const holes = {
    name, one: clash.what, other: `the struct of \`${entry.name}\`'s ${side}`,
    why: "The struct convention names the struct of a node's inputs or outputs so",
  };
  yield diagnostic("FLX0209", { at: clash.span, first: nameSpan(entry) }, holes);
}
