/**
 * Handlers: what they take against what the failed nodes take, and paths that are twice there or can never match.
 * Which of several handlers is the most specific is decided where the flow graph is built.
 */
import type { HandleDecl, PathElement } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import type { Checked } from "../diagnostics/checked.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isAbstract, nameSpan, type Declarations, type NodeEntry } from "./declarations.ts";
import { matchPaths, type Match, type Possible } from "./handler-paths.ts";
import type { Loops } from "./loops.ts";
import type { NodeGraph } from "./node-graph.ts";
import type { Tuple } from "./parameters.ts";
import type { Handler } from "./program.ts";
import type { Reach } from "./reach.ts";
import type { Names } from "./resolve-names.ts";
import { sharedPrefixes, type Shared } from "./shared-prefix.ts";
import { suggester, type Suggest } from "./suggest.ts";
import { spellTuple, spellVariable, type Tuples } from "./tuples.ts";

export interface HandlerContext {
  readonly declarations: Declarations;
  readonly names: Names;
  readonly tuples: Tuples;
  readonly graph: NodeGraph;
  readonly loops: Loops;
  readonly reach: Reach;
  /** A program in the published form may leave `int error` out of a handler's signature: its function takes it anyway. */
  readonly published: boolean;
}

/** FLX0316 to FLX0318, FLX0408, FLX0409. Linear but for `*`; see `handler-paths.ts`. */
export function checkHandlers(context: HandlerContext): Checked<readonly Handler[]> {
  if (context.declarations.handlers.length === 0) return { value: [], diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const shared = sharedPrefixes(context.graph, context.tuples);
  const suggest = suggester();
  const reportedError = new Set<number>();
  const handlers: Handler[] = [];
  const first = new Map<string, HandleDecl>();
  for (const match of matchPaths(context.declarations, context.loops, context.reach)) {
    const { handle } = match;
    const path = spellPath(handle.path);
    const earlier = first.get(path);
    if (earlier !== undefined) {
      diagnostics.push(diagnostic("FLX0408", { at: handle.pathSpan, first: earlier.pathSpan }, { path }));
      continue;
    }
    first.set(path, handle);
    const judged = isCertain(handle, context);
    if (judged) diagnostics.push(...impossible(match, context, suggest));
    const served = judged ? servedPrefix(match, shared, context.tuples) : undefined;
    const { takes, takesError } = taken(handle, context);
    diagnostics.push(...doesNotFit(match, served, context, reportedError));
    handlers.push({
      path: handle.path.map((element) => (element.kind === "any" ? undefined : element.name.text)),
      handler: handle.handler.text,
      takes,
      shared: served?.tuple.length ?? 0,
      takesError,
      span: handle.span,
    });
  }
  return { value: handlers, diagnostics };
}

function spellPath(path: readonly PathElement[]): string {
  return path.map((element) => (element.kind === "any" ? "*" : element.name.text)).join(" -> ");
}

function* impossible({ handle, impossible }: Match, { declarations, names, reach, loops }: HandlerContext, suggest: Suggest): Iterable<Diagnostic> {
  if (impossible === undefined || declarations.broken.size > 0) return;
  const { element, possible } = impossible;
  const { nodes, sources } = declarations;
  // Where any name of the path is in error, so may be what stands around it.
  for (const part of handle.path) {
    const node = part.kind === "any" ? undefined : nodes.get(part.name.text);
    if (node !== undefined && names.kinds[node.id] === "unknown" && !sources.has(node.name)) return;
  }
  const path = spellPath(handle.path);
  const name = element.kind === "any" ? "*" : element.name.text;
  const at = handle.path.indexOf(element);
  const next = handle.path[at + 1];
  if (next !== undefined) {
    const rest = spellPath(handle.path.slice(at + 1));
    const shown = mostLikely(name, possible, suggest);
    const after = next.kind === "any" ? undefined : nodes.get(next.name.text);
    const anew = after !== undefined && loops.targets.has(after.id) ? ";\na tail call starts the path anew at its target" : "";
    const why = possible.size === 0
      ? `Nothing runs before or around \`${rest}\``
      : `An element of a path is directly around the one after it, or ran directly before it in the same sequence${anew}`;
    const holes = { path, why, label: `never directly before or around \`${rest}\``, possible: shown.map((other) => `\`${other} -> ${rest}\``).join(", ") };
    yield diagnostic("FLX0409", { at: element.span }, { ...holes, possible: shown.length === 0 ? undefined : holes.possible });
    return;
  }
  const node = nodes.get(name);
  const timer = sources.get(name)?.every !== undefined;
  const inHandler = node !== undefined && reach.handlers.has(node.id);
  const why = timer
    ? `\`${name}\` is a timer: it has no function that could fail`
    : inHandler
      ? `\`${name}\` runs only when a failure is handled, and no handler applies there`
      : `No source's flow comes to ${name === "*" ? "any node" : `\`${name}\``}`;
  const label = timer ? "a timer source" : inHandler ? "only runs in a handler's flow" : "never reached";
  yield diagnostic("FLX0409", { at: element.span }, { path, why, label });
}

/** Not where a recursion in error is on the path: which of its steps are tail calls, which begin a path anew, nobody can say. */
function isCertain({ path }: HandleDecl, { declarations, loops }: HandlerContext): boolean {
  if (loops.recursive.size === 0) return true;
  return path.every((element) => element.kind === "node" && !loops.recursive.has(declarations.nodes.get(element.name.text)?.id ?? -1));
}

/** Up to five, the nearest first. */
function mostLikely(name: string, possible: Possible, suggest: Suggest): readonly string[] {
  const nearest = suggest(name, possible.keys(), possible.size);
  const shown = nearest === undefined ? [] : [nearest];
  for (const other of possible.keys()) {
    if (shown.length === 5) break;
    if (other !== nearest) shown.push(other);
  }
  return shown;
}

/** What every node that can fail here shares, if it is known. */
function servedPrefix({ handle, failed }: Match, shared: Shared, tuples: Tuples): Prefix | undefined {
  const last = handle.path.at(-1);
  if (last?.kind === "node" && failed[0] !== undefined && !isAbstract(failed[0])) {
    const tuple = tuples.takes(failed[0]);
    return tuple === undefined ? undefined : { tuple };
  }
  return shared.ofAll(failed, last?.kind === "any");
}

interface Prefix {
  readonly tuple: Tuple;
  /** A node inside that takes something else behind the prefix. */
  readonly limitedBy?: NodeEntry;
}

function taken(
  { handler }: HandleDecl,
  { declarations, names, tuples }: HandlerContext,
): { readonly takes: number | "deduced"; readonly takesError: boolean } {
  const node = declarations.nodes.get(handler.text);
  if (node === undefined || names.kinds[node.id] === "bare handler") return { takes: "deduced", takesError: true };
  const inputs = tuples.takes(node) ?? [];
  const takesError = isError(inputs.at(-1));
  return { takes: takesError ? inputs.length - 1 : inputs.length, takesError };
}

function isError(variable: { readonly name: string; readonly type: string } | undefined): boolean {
  return variable !== undefined && variable.name === "error" && variable.type === "int";
}

function* doesNotFit(
  { handle, failed }: Match,
  served: Prefix | undefined,
  { declarations, names, tuples, published }: HandlerContext,
  reportedError: Set<number>,
): Iterable<Diagnostic> {
  const node = declarations.nodes.get(handle.handler.text);
  const inputs = node === undefined ? undefined : tuples.takes(node);
  if (node === undefined || inputs === undefined || names.kinds[node.id] === "bare handler") return;
  // A source that is a handler is wrong already, whatever it takes.
  if (declarations.sources.has(node.name)) return;
  const takesError = isError(inputs.at(-1));
  const prefix = takesError ? inputs.slice(0, -1) : inputs;
  const at = takenAt(node);
  if (!takesError && !published) {
    if (reportedError.has(node.id)) return;
    reportedError.add(node.id);
    const signature = suggested(node, prefix, served?.tuple);
    yield diagnostic("FLX0317", { at, use: handle.handler.span }, { handler: node.name, signature });
    return;
  }
  if (served === undefined || fits(prefix, served.tuple)) return;
  const holes = { handler: node.name, taken: spellTuple(inputs), inputs: spellTuple(served.tuple), signature: suggested(node, prefix, served.tuple) };
  const only = failed[0];
  const last = handle.path.at(-1);
  if (only !== undefined && last?.kind === "node" && !isAbstract(only)) {
    yield diagnostic("FLX0316", { at, failed: only.signature?.inputs.span ?? last.span }, { ...holes, failed: only.name });
    return;
  }
  const differing = served.limitedBy;
  const where = last?.kind === "node" ? `any failure inside \`${last.name.text}\`` : "every node that can fail here";
  yield diagnostic(
    "FLX0318",
    { at: last?.span ?? handle.pathSpan, differs: differing === undefined ? [] : takenAt(differing), handler: at },
    { ...holes, where, shared: spellTuple(served.tuple), inputs: spellTuple(differing === undefined ? [] : (tuples.takes(differing) ?? [])) },
  );
}

function fits(prefix: Tuple, inputs: Tuple): boolean {
  return prefix.length <= inputs.length && prefix.every((variable, at) => variable.type === inputs[at]?.type);
}

/** The handler's signature as it could be: what of its inputs fits, and `int error`. */
function suggested(node: NodeEntry, prefix: Tuple, inputs: Tuple | undefined): string | undefined {
  if (node.signature === undefined) return undefined;
  let fitting = 0;
  while (inputs !== undefined && fitting < prefix.length && prefix[fitting]?.type === inputs[fitting]?.type) fitting++;
  const parameters = [...(inputs?.slice(0, Math.max(fitting, Math.min(prefix.length, inputs.length))) ?? prefix).map(spellVariable), "int error"];
  const outputs = node.signature.outputs.parameters.map((parameter) => [...parameter.type.tokens, parameter.name?.text ?? ""].join(" "));
  return `${node.name} (${parameters.join(", ")}) => (${outputs.join(", ")});`;
}

function takenAt(node: NodeEntry): Span {
  return node.signature?.inputs.span ?? node.bodies[0]?.steps[0]?.span ?? nameSpan(node);
}
