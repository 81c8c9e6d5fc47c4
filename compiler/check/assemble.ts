/** Puts what the checks found into a `Program`. Decides nothing and reports nothing. */
import type { Source } from "../../grammar/source.ts";
import type { Constraints } from "./constraints.ts";
import { nameSpan, type Body, type Declarations, type NodeEntry } from "./declarations.ts";
import type { Loops } from "./loops.ts";
import type { ConcreteNode, FlowSource, Handler, Node, Predicate, Program, Quoted, Step, WaitInterest } from "./program.ts";
import type { Reach } from "./reach.ts";
import type { Names } from "./resolve-names.ts";
import { firstNodesOfSources } from "./sources.ts";
import type { Tuples } from "./tuples.ts";

export interface Findings {
  readonly source: Source;
  readonly published: boolean;
  readonly declarations: Declarations;
  readonly names: Names;
  readonly loops: Loops;
  readonly reach: Reach;
  readonly tuples: Tuples;
  readonly predicates: ReadonlyMap<string, Predicate>;
  readonly sources: readonly FlowSource[];
  readonly waits: ReadonlyMap<number, readonly WaitInterest[]>;
  readonly constraints: Constraints;
  readonly handlers: readonly Handler[];
}

export function assembleProgram(findings: Findings): Program {
  const { source, published, declarations, predicates, sources, constraints, handlers } = findings;
  const quoted = ({ text, span }: Quoted): Quoted => ({ text, span });
  const handled = failedNodes(handlers, declarations);
  const firsts = firstNodesOfSources(declarations);
  const nodes = new Map<string, Node>();
  for (const entry of declarations.nodes.values()) {
    const node = assembleNode(entry, findings, handled.get(entry.name), firsts.has(entry.id));
    if (node !== undefined) nodes.set(entry.name, node);
  }
  return {
    source,
    form: published ? "published" : "natural",
    includes: declarations.includes.map((include) => quoted(include.path)),
    links: declarations.links.map((link) => quoted(link.package)),
    nodes,
    sources,
    handlers,
    predicates,
    constraints: constraints.constraints,
  };
}

function assembleNode(
  entry: NodeEntry,
  { names, loops, tuples, waits, constraints }: Findings,
  failed: ReadonlySet<string> | undefined,
  first: boolean,
): Node | undefined {
  const kind = names.kinds[entry.id] ?? "unknown";
  if (kind === "unknown") return undefined;
  const bare = kind === "bare handler";
  const { name } = entry;
  const inputs = bare ? none : (tuples.takes(entry) ?? none);
  const outputs = bare ? none : (tuples.produces(entry) ?? none);
  const introduced = nameSpan(entry);
  const span = (entry.signature ?? entry.sequence ?? entry.cases[0])?.span ?? introduced;
  const acquires = constraints.acquires.get(entry.id) ?? none;
  const loop = loops.targets.has(entry.id);
  const steps = (body: Body): readonly Step[] =>
    body.steps.map((step) => ({ node: step.node.name, tailCall: loops.tailCalls.has(step), span: step.span }));
  // Each is written out: copying what they share from one object to another costs more than all else here.
  if (kind === "sequence") {
    const [body, ...others] = entry.bodies;
    const all = body === undefined || others.length > 0 ? entry.bodies.flatMap(steps) : steps(body);
    return withTimeout({ kind, name, inputs, outputs, span, nameSpan: introduced, acquires, loop, steps: all }, entry);
  }
  if (kind === "dispatch") {
    const cases = entry.bodies.map((body) => ({
      patterns: (body.of?.patterns ?? []).map((pattern) => (pattern.kind === "any" ? undefined : pattern.name.text)),
      steps: steps(body),
      span: body.of?.patternSpan ?? body.span,
    }));
    return withTimeout({ kind, name, inputs, outputs, span, nameSpan: introduced, acquires, loop, cases }, entry);
  }
  const node: Mutable<ConcreteNode> = {
    kind: "concrete", name, inputs, outputs, span, nameSpan: introduced, acquires, loop,
    signature: !bare, blocking: entry.blocking !== undefined, wait: waits.get(entry.id) ?? none, role: roleOf(entry, first),
  };
  const [only] = failed?.size === 1 ? failed : none;
  if (only !== undefined) node.handlerOf = only;
  return withTimeout(node, entry);
}

function withTimeout(node: Mutable<Node>, { timeout }: NodeEntry): Node {
  if (timeout !== undefined) node.timeout = { milliseconds: timeout.duration.milliseconds, span: timeout.span };
  return node;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One list for all who have nothing. */
const none: readonly never[] = [];

function roleOf(entry: NodeEntry, first: boolean): ConcreteNode["role"] {
  if (first) return "source";
  const isHandler = entry.mentions.some(({ as }) => as === "handler");
  return isHandler && entry.mentions.every(({ as }) => as !== "step" && as !== "target") ? "handler" : "step";
}

/** By handler: the concrete nodes with inputs whose failures it serves by name; those have a struct it can take. */
function failedNodes(handlers: readonly Handler[], { nodes }: Declarations): ReadonlyMap<string, ReadonlySet<string>> {
  const served = new Map<string, Set<string>>();
  for (const { handler, path } of handlers) {
    const failed = path.at(-1);
    const node = failed === undefined ? undefined : nodes.get(failed);
    const named = node?.signature !== undefined && node.bodies.length === 0 && node.signature.inputs.parameters.length > 0 ? node.name : "*";
    const found = served.get(handler);
    if (found === undefined) served.set(handler, new Set([named]));
    else found.add(named);
  }
  for (const found of served.values()) if (found.has("*")) found.clear();
  return served;
}
