/** The inputs that every node which can fail inside a node begins with: what a handler for any failure there can take. */
import { isAbstract, type NodeEntry } from "./declarations.ts";
import type { NodeGraph } from "./node-graph.ts";
import type { Tuple } from "./parameters.ts";
import type { Tuples } from "./tuples.ts";

export interface SharedPrefix {
  readonly tuple: Tuple;
  /** The node that keeps it from being longer: its inputs end there or differ behind it. */
  readonly limitedBy?: NodeEntry;
}

export interface Shared {
  /** `alone`: only the nodes themselves fail; else whatever fails inside them too. `undefined` where nothing fails or nothing is known. */
  ofAll(nodes: readonly NodeEntry[], alone: boolean): SharedPrefix | undefined;
}

/** Once over the graph when first asked, callees first; in a loop all nodes share what all of them do. Linear in nodes and values. */
export function sharedPrefixes(graph: NodeGraph, tuples: Tuples): Shared {
  let within: readonly (SharedPrefix | undefined)[] | undefined;
  return {
    ofAll: (nodes, alone) => {
      let prefix: SharedPrefix | undefined;
      for (const node of nodes) {
        if (!alone && isAbstract(node)) within ??= prefixesWithin(graph, tuples);
        prefix = meet(prefix, alone || !isAbstract(node) ? ownPrefix(node, tuples) : within?.[node.id]);
      }
      return prefix;
    },
  };
}

function prefixesWithin({ components, entries }: NodeGraph, tuples: Tuples): readonly (SharedPrefix | undefined)[] {
  const within: (SharedPrefix | undefined)[] = [];
  // For which component a node was last met: once is enough.
  const met = new Int32Array(entries.length).fill(-1);
  for (const [component, members] of components.entries()) {
    let prefix: SharedPrefix | undefined;
    for (const member of members) met[member] = component;
    for (const member of members) {
      const entry = entries[member];
      if (entry === undefined || !isAbstract(entry)) continue;
      prefix = meet(prefix, ownPrefix(entry, tuples));
      for (const { steps } of entry.bodies) {
        for (const { node } of steps) {
          if (met[node.id] === component) continue;
          met[node.id] = component;
          prefix = meet(prefix, isAbstract(node) ? within[node.id] : ownPrefix(node, tuples));
        }
      }
    }
    for (const member of members) within[member] = prefix;
  }
  return within;
}

/** A concrete node fails, and a dispatch that no case matches; a sequence only through its steps. */
function ownPrefix(entry: NodeEntry, tuples: Tuples): SharedPrefix | undefined {
  const fails = !isAbstract(entry) || entry.cases.length > 0;
  const tuple = fails ? tuples.takes(entry) : undefined;
  return tuple === undefined ? undefined : { tuple, limitedBy: entry };
}

function meet(one: SharedPrefix | undefined, other: SharedPrefix | undefined): SharedPrefix | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  let length = 0;
  while (length < one.tuple.length && one.tuple[length]?.type === other.tuple[length]?.type) length++;
  if (length === one.tuple.length) return one;
  if (length === other.tuple.length) return other;
  return { tuple: one.tuple.slice(0, length), ...(other.limitedBy === undefined ? {} : { limitedBy: other.limitedBy }) };
}
