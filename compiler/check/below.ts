/** Which of some nodes can run inside a node: one witness each, found backwards from them. Linear. */
import { Adjacency } from "./adjacency.ts";
import type { Declarations, NodeEntry } from "./declarations.ts";

/** By `NodeEntry.id`: the node itself or one inside it that is among `wanted`, or `undefined`. */
export function witnessBelow({ nodes }: Declarations, wanted: Iterable<readonly [number, NodeEntry]>): readonly (NodeEntry | undefined)[] {
  const witness: (NodeEntry | undefined)[] = new Array<NodeEntry | undefined>(nodes.size).fill(undefined);
  const roots = [...wanted];
  if (roots.length === 0) return witness;
  const users = new Adjacency(nodes.size);
  for (const entry of nodes.values()) {
    for (const { steps } of entry.bodies) for (const step of steps) users.add(step.node.id, entry.id);
  }
  const open: number[] = [];
  const settle = (id: number, found: NodeEntry): void => {
    if (witness[id] !== undefined) return;
    witness[id] = found;
    open.push(id);
  };
  for (const [id, found] of roots) settle(id, found);
  for (let at = 0; at < open.length; at++) {
    const id = open[at] ?? 0;
    const found = witness[id];
    if (found !== undefined) users.forEach(id, (user) => settle(user, found));
  }
  return witness;
}
