/** Which nodes and steps flows come to: from sources, inside the sources themselves, and in the flows of handlers. */
import type { Declarations, NodeEntry } from "./declarations.ts";
import { OpenIdSet, type IdSet } from "./id-set.ts";
import type { Loops } from "./loops.ts";

export interface Reach {
  /** Ids of nodes that run in a flow a source starts, or, in a program without sources, could if there were one. */
  readonly flows: IdSet;
  /** Ids of sources and of the nodes inside them. */
  readonly sources: IdSet;
  /** Ids of nodes that run when a handler does. */
  readonly handlers: IdSet;
}

/** A step behind one that never ends is not reached. Linear. */
export function findReach({ nodes, sources, handlers }: Declarations, { ends }: Loops): Reach {
  const ofName = (name: string): readonly NodeEntry[] => {
    const node = nodes.get(name);
    return node === undefined ? [] : [node];
  };
  const from = (roots: Iterable<NodeEntry>): IdSet => {
    const open = [...roots];
    const seen = new OpenIdSet(nodes.size);
    for (const { id } of open) seen.add(id);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const { steps } of node.bodies) {
        for (const step of steps) {
          if (seen.add(step.node.id)) open.push(step.node);
          if (ends[step.node.id] !== true) break;
        }
      }
    }
    return seen;
  };
  const handling = from(handlers.flatMap(({ handler }) => ofName(handler.text)));
  const inSources = from([...sources.values()].flatMap((source) => (source.every === undefined ? ofName(source.name.text) : [])));
  const everything = function* (): Iterable<NodeEntry> {
    for (const node of nodes.values()) if (!handling.has(node.id) || node.mentions.some(({ as }) => as === "step")) yield node;
  };
  const flows = sources.size === 0 ? from(everything()) : from([...sources.values()].flatMap(({ target }) => ofName(target.text)));
  return { flows, sources: inSources, handlers: handling };
}
