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
  for (const { name, role } of declaredNames(declarations)) {
    const why = whyNot(name.text, role);
    if (why === undefined || reported.has(name.text)) continue;
    reported.add(name.text);
    const instead = /^[a-z_]+$/.test(name.text) ? `${name.text}_` : undefined;
    diagnostics.push(diagnostic("FLX0208", { at: name.span }, { name: name.text, why, instead }));
  }
  diagnostics.push(...clashes(declarations, published));
  return { value: undefined, diagnostics };
}

type Role = "node" | "parameter" | "type" | "function" | "constraint" | "timer";

function* declaredNames({ nodes, sources, types, pools }: Declarations): Iterable<{ readonly name: Name; readonly role: Role }> {
  for (const entry of nodes.values()) {
    const declared = entry.signature ?? entry.sequence ?? entry.cases[0];
    const handler = entry.mentions.find(({ as }) => as === "handler");
    if (declared !== undefined) yield { name: declared.name, role: "node" };
    else if (handler !== undefined) yield { name: { text: entry.name, span: handler.span }, role: "node" };
    for (const list of [entry.signature?.inputs, entry.signature?.outputs]) {
      for (const { name } of list?.parameters ?? []) {
        // A type word in the place of a name is a parameter without one: FLX0301.
        if (name !== undefined && !isTypeWord(name.text)) yield { name, role: "parameter" };
      }
    }
    for (const { name } of entry.atomic?.constraints ?? []) yield { name, role: "constraint" };
  }
  for (const { name, every, session } of sources.values()) {
    if (every !== undefined) yield { name, role: "timer" };
    if (session !== undefined) yield { name: session, role: "function" };
  }
  for (const { type, predicate } of types.values()) {
    yield { name: type, role: "type" };
    yield { name: predicate, role: "function" };
  }
  for (const { name } of pools.values()) yield { name, role: "constraint" };
}

function whyNot(name: string, role: Role): string | undefined {
  if (isCxxKeyword(name)) return "a keyword of C++";
  if (name === "flux") return "the namespace of the runtime";
  if (name === "main") return role === "node" || role === "function" || role === "timer" ? "the function every C++ program starts with" : "reserved for the function a C++ program starts with";
  return undefined;
}

/** One C++ name for two things: a node, a predicate, a session function, a struct of the generated header, `init`. */
function* clashes({ nodes, sources, types }: Declarations, published: boolean): Iterable<Diagnostic> {
  const functions = new Map<string, { readonly span: Name["span"]; readonly what: string }>();
  for (const entry of nodes.values()) {
    if (isDeclared(entry) || entry.mentions.some(({ as }) => as === "handler")) {
      functions.set(entry.name, { span: nameSpan(entry), what: "a node" });
    }
  }
  const why = "Each becomes a name in the generated C++";
  const reported = new Set<string>();
  const claim = function* (name: Name, what: string): Iterable<Diagnostic> {
    const first = functions.get(name.text);
    if (first === undefined) functions.set(name.text, { span: name.span, what });
    else if (first.what !== what && !reported.has(name.text)) {
      reported.add(name.text);
      yield diagnostic("FLX0209", { at: name.span, first: first.span }, { name: name.text, one: what, other: first.what, why });
    }
  };
  for (const { name, every } of sources.values()) if (every !== undefined) yield* claim(name, "a timer source");
  for (const { predicate } of types.values()) yield* claim(predicate, "a predicate");
  for (const { session } of sources.values()) if (session !== undefined) yield* claim(session, "a session function");

  for (const [name, clash] of functions) yield* structClash(name, clash, nodes);
  for (const entry of nodes.values()) {
    if (!isDeclared(entry)) continue;
    const start = startFunctions.get(entry.name);
    if (start !== undefined && entry.bodies.length === 0) {
      const why = published ? "The generated header declares it" : "The server calls it if the header declares it";
      const holes = { name: entry.name, one: "a node", other: start, why };
      yield diagnostic("FLX0209", { at: nameSpan(entry), first: [] }, holes);
    }
  }
}

const startFunctions: ReadonlyMap<string, string> = new Map([
  ["init", "the function that runs before the sources start"],
  ["finish", "the function that runs after the last flow"],
]);

/** `Page_in` beside a node `Page`. */
function* structClash(
  name: string,
  clash: { readonly span: Name["span"]; readonly what: string },
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
