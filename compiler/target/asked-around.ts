/** What the program asks for, read from its text alone: by a node, and by the abstract nodes around one. For `verify-locks.ts`. */
import type { NodeName, Program } from "../check/program.ts";

/** By constraint, the strongest mode. */
export type Asked = ReadonlyMap<string, "read" | "write">;

export interface Asking {
  readonly of: (node: NodeName) => Asked;
  /** With all around it, out to the first that is shared: what is around that depends on the caller. */
  readonly around: (node: NodeName | undefined) => Asked;
  /** Has several callers, flows that start with it counted. */
  readonly isShared: (node: NodeName) => boolean;
}

const none: Asked = new Map();

export function askedBy({ nodes, sources, handlers }: Program): Asking {
  const callers = new Map<NodeName, number>();
  const ownerOf = new Map<NodeName, NodeName>();
  const mention = (node: NodeName, owner?: NodeName): void => {
    callers.set(node, (callers.get(node) ?? 0) + 1);
    if (owner !== undefined) ownerOf.set(node, owner);
  };
  for (const { node, target } of sources) for (const start of [node, target]) if (start !== undefined) mention(start);
  for (const handler of new Set(handlers.map((each) => each.handler))) mention(handler);
  for (const node of nodes.values()) {
    if (node.kind === "concrete") continue;
    for (const { steps } of node.kind === "sequence" ? [node] : node.cases) {
      for (const step of steps) if (!step.tailCall) mention(step.node, node.name);
    }
  }
  const isShared = (node: NodeName): boolean => (callers.get(node) ?? 0) > 1;
  const known = new Map<NodeName, Asked>();
  return {
    isShared,
    of: (node) => withOwn(none, nodes, node),
    around: (node) => {
      const chain: NodeName[] = [];
      let at = node;
      for (; at !== undefined && !known.has(at); at = isShared(at) ? undefined : ownerOf.get(at)) chain.push(at);
      let asked = at === undefined ? none : (known.get(at) ?? none);
      for (const each of chain.reverse()) known.set(each, (asked = withOwn(asked, nodes, each)));
      return asked;
    },
  };
}

/** The same object where the node asks for nothing more. */
function withOwn(outer: Asked, nodes: Program["nodes"], node: NodeName): Asked {
  const own = nodes.get(node)?.acquires ?? [];
  if (own.length === 0) return outer;
  const strongest = own.map(({ constraint, mode }) => [constraint, outer.get(constraint) === "write" ? "write" : mode] as const);
  return new Map([...outer, ...strongest]);
}
