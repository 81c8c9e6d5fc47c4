/**
 * What has to be acquired earlier than the program asks for it, so that every flow acquires in one order: by a node that
 * holds a later constraint, whatever is needed below it and ranks before that; and as a writer at once what a writer below
 * needs. Least for the order given (one pass, from the nodes inside to those around them).
 */
import type { NodeName } from "../check/program.ts";
import type { NestedNode, Nesting, Own } from "./nesting.ts";
import { ranks } from "./order.ts";

export interface Early {
  /** All that a node acquires, for those that acquire other than they ask for. */
  readonly own: ReadonlyMap<NestedNode, readonly Own[]>;
  /** By node and constraint, for what it did not ask for: the node inside that does. */
  readonly askedBy: ReadonlyMap<NodeName, ReadonlyMap<number, NodeName>>;
  /** Readers that become writers from the start. */
  readonly upgrades: readonly { readonly place: NestedNode; readonly id: number }[];
}

export function acquireEarly({ nodes }: Nesting, order: readonly number[]): Early {
  const rank = ranks(order);
  const own = new Map<NestedNode, readonly Own[]>();
  const askedBy = new Map<NodeName, Map<number, NodeName>>();
  const upgrades: { readonly place: NestedNode; readonly id: number }[] = [];
  for (const place of nodes) {
    const { below, written, always } = place;
    if (place.own.length === 0 || below === undefined) continue;
    const raised = place.own.filter(({ id, mode }) => mode === "read" && written?.has(id) === true);
    // Where it is held on every way in it is not acquired here; the node that does is raised.
    for (const { id } of raised) if (!always.has(id)) upgrades.push({ place, id });
    const last = Math.max(...place.own.filter(({ id }) => !always.has(id)).map(({ id }) => rank[id] as number));
    const moved = [...below].filter((id) => (rank[id] as number) < last && !always.has(id) && !place.own.some((one) => one.id === id));
    if (raised.length + moved.length === 0) continue;
    own.set(place, [
      ...place.own.map((one): Own => (raised.includes(one) ? { id: one.id, mode: "write" } : one)),
      ...moved.map((id): Own => ({ id, mode: written?.has(id) === true ? "write" : "read" })),
    ]);
    if (moved.length > 0) askedBy.set(place.node.name, new Map(moved.map((id) => [id, asking(place, id).node.name])));
  }
  return { own, askedBy, upgrades };
}

/** The first node inside, on the first way to one, that asks for the constraint itself. */
export function asking(around: NestedNode, id: number, writing = false): NestedNode {
  const asks = ({ own }: NestedNode): boolean => own.some((one) => one.id === id && (!writing || one.mode === "write"));
  const needs = ({ below, written }: NestedNode): boolean => (writing ? written : below)?.has(id) === true;
  let at = around;
  do at = (at.inside.find((inner) => asks(inner) || needs(inner)) as NestedNode);
  while (!asks(at));
  return at;
}
