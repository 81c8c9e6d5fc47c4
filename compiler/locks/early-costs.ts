/**
 * What it costs to acquire a constraint of a cycle before others of it: the calls that run with it held and would not
 * otherwise, and one for each acquisition that becomes a writer's or a whole class of keys for it.
 */
import type { NestedNode, Nesting } from "./nesting.ts";

export interface Cost {
  readonly cost: number;
  /** Nodes that acquire it early. */
  readonly moves: number;
}

/**
 * A set of members is a number with a bit for each. One pass over the nodes for each member, whatever the sets.
 *
 * @returns by member and the set of those that come after it
 */
export function earlyCosts(nesting: Nesting, members: readonly number[]): (member: number, after: number) => Cost {
  const bit = new Map(members.map((id, index) => [id, 1 << index]));
  const maskOf = new Map<NestedNode, number>();
  for (const place of nesting.nodes) {
    let mask = 0;
    for (const { id } of place.own) mask |= bit.get(id) ?? 0;
    if (mask !== 0) maskOf.set(place, mask);
  }
  const counted = members.map((id) => countFor(nesting, id, maskOf, 1 << members.length));
  return (member, after) => {
    const { calls, moves } = counted[member] as Counts;
    let [cost, moved] = [0, 0];
    for (let mask = 1; mask < calls.length; mask++) {
      if ((mask & after) === 0) continue;
      cost += calls[mask] as number;
      moved += moves[mask] as number;
    }
    return { cost, moves: moved };
  };
}

interface Counts {
  /** By the set of members, one of which must come after the constraint: calls that run with it, readers that become writers, keys that become their class. */
  readonly calls: Float64Array;
  /** By the same: nodes that acquire it early. */
  readonly moves: Float64Array;
}

function countFor({ nodes, keys }: Nesting, id: number, maskOf: ReadonlyMap<NestedNode, number>, sets: number): Counts {
  const calls = new Float64Array(sets);
  const moves = new Float64Array(sets);
  /** By node: the members for which a node around it would acquire the constraint early; and those for which as a writer. */
  const around = new Map<NestedNode, number>();
  const aroundWriting = new Map<NestedNode, number>();
  for (const place of nodes) {
    // Under one that has it, nothing changes.
    if (place.own.some((own) => own.id === id) || place.always.has(id)) continue;
    const mask = place.below?.has(id) === true ? (maskOf.get(place) ?? 0) : 0;
    if (mask !== 0) moves[mask] = (moves[mask] as number) + 1;
    if (mask !== 0 && keys?.wanted(place, id).whole === true) calls[mask] = (calls[mask] as number) + 1;
    const held = (around.get(place) ?? 0) | mask;
    if (held === 0) continue;
    const writing = (aroundWriting.get(place) ?? 0) | (place.written?.has(id) === true ? mask : 0);
    for (const inner of place.inside) {
      const asks = inner.own.find((own) => own.id === id);
      if (asks === undefined) {
        around.set(inner, (around.get(inner) ?? 0) | held);
        aroundWriting.set(inner, (aroundWriting.get(inner) ?? 0) | writing);
        if (inner.node.kind === "concrete") calls[held] = (calls[held] as number) + 1;
      } else if (asks.mode === "read") calls[writing] = (calls[writing] as number) + 1;
    }
  }
  return { calls, moves };
}
