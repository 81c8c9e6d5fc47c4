/**
 * What has to be acquired earlier or stronger than the program asks for it, so that every flow acquires in one order: by a
 * node that holds a later constraint, whatever is needed below it and ranks before that; as a writer at once what a writer
 * below needs; and as the whole class of keys what is needed below under another key. Least for the order given (one pass).
 */
import type { NodeName } from "../check/program.ts";
import type { PlannedKey } from "./lock-plan.ts";
import type { Asker } from "./key-needs.ts";
import type { NestedNode, Nesting, Own } from "./nesting.ts";
import { ranks } from "./order.ts";

export interface Early {
  /** All that a node acquires, for those that acquire other than they ask for. */
  readonly own: ReadonlyMap<NestedNode, readonly Own[]>;
  /** By node and constraint, for what it did not ask for: the node inside that does. */
  readonly askedBy: ReadonlyMap<NodeName, ReadonlyMap<number, NodeName>>;
  /** Readers that become writers from the start. */
  readonly upgrades: readonly Upgrade[];
  /** What becomes the whole class of keys, and who asks for what makes it that. */
  readonly wholes: readonly Whole[];
}

export interface Upgrade {
  readonly place: NestedNode;
  readonly id: number;
  /** The input, of a key. */
  readonly key?: number;
}

export interface Whole {
  readonly place: NestedNode;
  readonly id: number;
  readonly asker: Asker;
}

export function acquireEarly({ nodes, keys }: Nesting, order: readonly number[]): Early {
  const rank = ranks(order);
  const own = new Map<NestedNode, readonly Own[]>();
  const askedBy = new Map<NodeName, Map<number, NodeName>>();
  const upgrades: Upgrade[] = [];
  const wholes: Whole[] = [];

  const whole = (place: NestedNode, id: number, held: readonly PlannedKey[]): Own => {
    const asker = keys?.beyond(place, id, held.map(({ input }) => input)) as Asker;
    wholes.push({ place, id, asker });
    return { id, mode: "write", wholeFor: asker.place.node.name };
  };
  /** What a node that holds some keys needs for those inside it. */
  const withKeys = (place: NestedNode, one: Own, held: readonly PlannedKey[]): Own => {
    const wanted = keys?.wanted(place, one.id);
    const inside = wanted?.keys ?? [];
    if (wanted?.whole === true || inside.some(({ input }) => !held.some((each) => each.input === input))) return whole(place, one.id, held);
    const raised = held.filter(({ input, mode }) => mode === "read" && inside.some((each) => each.input === input && each.mode === "write"));
    if (raised.length === 0) return one;
    for (const { input } of raised) upgrades.push({ place, id: one.id, key: input });
    return { id: one.id, mode: "write", keys: held.map((each): PlannedKey => (raised.includes(each) ? { input: each.input, mode: "write" } : each)) };
  };
  const stronger = (place: NestedNode, one: Own): Own => {
    const { id, mode } = one;
    // Where it is held on every way in it is not acquired here; the node that does is raised.
    if (place.always.has(id) || place.below?.has(id) !== true) return one;
    if (one.keys !== undefined) return withKeys(place, one, one.keys);
    if (mode === "write" || place.written?.has(id) !== true) return one;
    upgrades.push({ place, id });
    return { id, mode: "write" };
  };
  const early = (place: NestedNode, id: number): Own => {
    if (keys?.isKeyed(id) !== true) return { id, mode: place.written?.has(id) === true ? "write" : "read" };
    const wanted = keys.wanted(place, id);
    // Every input is a key that it could take; what is none of them it cannot.
    if (wanted.whole) return whole(place, id, place.node.inputs.map((_, input): PlannedKey => ({ input, mode: "write" })));
    return { id, mode: wanted.keys.some(({ mode }) => mode === "write") ? "write" : "read", keys: wanted.keys };
  };

  for (const place of nodes) {
    const { below, always } = place;
    if (place.own.length === 0 || below === undefined) continue;
    const asked = place.own.map((one) => stronger(place, one));
    const last = Math.max(...place.own.filter(({ id }) => !always.has(id)).map(({ id }) => rank[id] as number));
    const moved = [...below].filter((id) => (rank[id] as number) < last && !always.has(id) && !place.own.some((one) => one.id === id));
    if (moved.length === 0 && asked.every((one, index) => one === place.own[index])) continue;
    own.set(place, [...asked, ...moved.map((id) => early(place, id))]);
    if (moved.length > 0) askedBy.set(place.node.name, new Map(moved.map((id) => [id, asking(place, id).node.name])));
  }
  return { own, askedBy, upgrades, wholes };
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
