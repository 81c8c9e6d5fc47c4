/** What is there and never used or reached, and a program nothing starts. */
import type { Ast } from "../../grammar/ast.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isDeclared, nameSpan, type Declarations, type NodeEntry, type StepEntry } from "./declarations.ts";
import type { Loops } from "./loops.ts";
import type { Reach } from "./reach.ts";

/** FLX0414, FLX0415, FLX0417. A node that only an unused one uses is not reported beside it. Linear. */
export function* unusedNodes({ nodes, sources, broken }: Declarations, reach: Reach, loops: Loops): Iterable<Diagnostic> {
  const live = (node: NodeEntry): boolean => reach.flows.has(node.id) || reach.sources.has(node.id) || reach.handlers.has(node.id);
  for (const node of nodes.values()) {
    const endless = firstEndless(node, loops);
    const behind = endless?.body.steps[endless.index + 1];
    if (endless !== undefined && behind !== undefined && !loops.recursive.has(endless.node.id)) {
      yield diagnostic("FLX0417", { at: behind.span, before: endless.span }, { name: behind.node.name, before: endless.node.name });
    }
  }
  // Without a source nothing is reached, and FLX0418 says so once.
  if (sources.size === 0) return;
  const excused = new Set<number>();
  const excuse = (root: NodeEntry): void => {
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (excused.has(node.id)) continue;
      excused.add(node.id);
      for (const { steps } of node.bodies) for (const step of steps) open.push(step.node);
    }
  };
  const dead = [...nodes.values()].filter((node) => isDeclared(node) && !live(node) && !broken.has(node.name));
  const isUsed = (node: NodeEntry): boolean => node.mentions.some(({ as }) => as === "step" || as === "target" || as === "handler");
  for (const node of dead) {
    if (isUsed(node)) continue;
    yield diagnostic("FLX0414", { at: nameSpan(node) }, { name: node.name });
    excuse(node);
  }
  // What is left hangs together in a circle, or behind a step that never ends.
  const users = new Map<number, NodeEntry>();
  for (const node of dead) for (const { steps } of node.bodies) for (const step of steps) users.set(step.node.id, node);
  const rank = (node: NodeEntry): number => (loops.targets.has(node.id) ? 0 : node.bodies.length > 0 ? 1 : 2);
  for (const node of dead.toSorted((one, other) => rank(one) - rank(other))) {
    if (excused.has(node.id)) continue;
    const user = users.get(node.id);
    const mention = node.mentions.find(({ as }) => as === "step");
    excuse(node);
    if (user === undefined || mention === undefined) continue;
    yield diagnostic("FLX0415", { at: nameSpan(node), use: mention.span }, { name: node.name, user: user.name });
  }
}

/** The first step that never ends and has another behind it. */
function firstEndless({ bodies }: NodeEntry, { ends }: Loops): StepEntry | undefined {
  for (const { steps } of bodies) {
    const found = steps.find(({ node, index }) => index < steps.length - 1 && ends[node.id] !== true);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** FLX0416: a `typedef` no pattern names. Linear. */
export function* unusedTypes({ nodes, types, broken }: Declarations): Iterable<Diagnostic> {
  const used = new Set<string>();
  for (const { cases } of nodes.values()) {
    for (const { patterns } of cases) for (const pattern of patterns) if (pattern.kind === "type") used.add(pattern.name.text);
  }
  for (const [name, { type }] of types) {
    if (!used.has(name) && !broken.has(name)) yield diagnostic("FLX0416", { at: type.span }, { name });
  }
}

/** FLX0418, or FLX0419 where a server is to be built. */
export function* missingSource({ sources, broken }: Declarations, ast: Ast, purpose: "check" | "build"): Iterable<Diagnostic> {
  if (sources.size > 0 || broken.size > 0) return;
  const at = ast.declarations[0]?.span ?? ast.span;
  yield diagnostic(purpose === "check" ? "FLX0418" : "FLX0419", { at }, {});
}
