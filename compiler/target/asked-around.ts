/**
 * What the program asks for, read from its text alone: by a node, and by the abstract nodes around one. For
 * `verify-locks.ts`. Whether the keys that are held are those it asks for is `verify-keys.ts`'s business.
 */
import type { Acquisition, Constraint, NodeName, Program } from "../check/program.ts";
import { keysOf } from "../locks/lock-plan.ts";

/** By lock, the strongest mode. */
export type Asked = ReadonlyMap<string, "read" | "write">;

export interface Asking {
  readonly of: (node: NodeName) => Asked;
  /** With all around it, out to the first that is shared: what is around that depends on the caller. */
  readonly around: (node: NodeName | undefined) => Asked;
  /** Has several callers, flows that start with it counted. */
  readonly isShared: (node: NodeName) => boolean;
}

const none: Asked = new Map();

export function askedBy({ nodes, sources, handlers, constraints }: Program): Asking {
  const callers = new Map<NodeName, number>();
  const ownerOf = new Map<NodeName, NodeName>();
  /** What no flow reaches mentions nothing. */
  const reached = new Set<NodeName>();
  const mention = (node: NodeName, owner?: NodeName): void => {
    callers.set(node, (callers.get(node) ?? 0) + 1);
    if (owner !== undefined) ownerOf.set(node, owner);
    reached.add(node);
  };
  for (const { node, target } of sources) for (const start of [node, target]) if (start !== undefined) mention(start);
  for (const handler of new Set(handlers.map((each) => each.handler))) mention(handler);
  for (const name of reached) {
    const node = nodes.get(name);
    if (node === undefined || node.kind === "concrete") continue;
    for (const { steps } of node.kind === "sequence" ? [node] : node.cases) {
      for (const step of steps) if (!step.tailCall) mention(step.node, node.name);
    }
  }
  const isShared = (node: NodeName): boolean => (callers.get(node) ?? 0) > 1;
  /** The same object where the node asks for nothing more. */
  const withOwn = (outer: Asked, node: NodeName): Asked => {
    const own = nodes.get(node)?.acquires ?? [];
    if (own.length === 0) return outer;
    const asked = new Map(outer);
    for (const use of own) {
      const [lock, mode] = lockAsked(use, constraints.get(use.constraint));
      if (asked.get(lock) !== "write") asked.set(lock, mode);
    }
    return asked;
  };
  const known = new Map<NodeName, Asked>();
  return {
    isShared,
    of: (node) => withOwn(none, node),
    around: (node) => {
      const chain: NodeName[] = [];
      let at = node;
      for (; at !== undefined && !known.has(at); at = isShared(at) ? undefined : ownerOf.get(at)) chain.push(at);
      let asked = at === undefined ? none : (known.get(at) ?? none);
      for (const each of chain.reverse()) known.set(each, (asked = withOwn(asked, each)));
      return asked;
    },
  };
}

/** All of a keyed constraint is a writer's, since its keys have writers. In which mode each key is held is looked at with the key. */
function lockAsked({ constraint, key, mode }: Acquisition, declared: Constraint | undefined): readonly [string, "read" | "write"] {
  if (key !== undefined) return [keysOf(constraint), "read"];
  return [constraint, declared?.kind.kind === "keyed" ? "write" : mode];
}
