/**
 * What a flow can hold at a place, for `verify-locks.ts`: the extents that are open there, newest first, and below them
 * either nothing or what a shared node is entered with. That is known later (`enterShared`): where all its callers hold
 * the same it is that, otherwise, by lock, who may hold it. Ways are joined, never followed one by one.
 */
import type { Release } from "../flow/flow-graph.ts";

/** An extent that is open: it holds the lock or, if conditional, may have found it held. */
export interface Opened {
  readonly lock: string;
  readonly rank: number;
  /** How many of its keys it holds at most; 1 of any other lock. */
  readonly most: number;
  /** What who holds it need not acquire: the keys of the class that it writes. */
  readonly covers: string | undefined;
  readonly mode: Release["mode"];
  readonly bit: number | undefined;
  readonly conditional: boolean;
}

export interface Held {
  /** Absent at the bottom. */
  readonly top?: { readonly opened: Opened; readonly below: Held };
  /** Made once each, so that the same opened one after the other is the same object; by lock. */
  readonly openings: Map<string, Held[]>;
  /** A shared node's bottom, once its callers are known: what they all hold, or what each does. */
  same?: Held;
  callers?: readonly Held[];
  ways?: ReadonlyMap<string, Ways>;
  highest?: number;
}

/** One lock at one place, over all ways to it. */
export interface Ways {
  /** On some way nobody holds it; `above` is the highest rank held on those, -1 for nothing. */
  readonly free: boolean;
  readonly above: number;
  /** On some way it is held for reading only; by somebody without a bit; by those with these bits. */
  readonly reading: boolean;
  readonly unmarked: boolean;
  readonly bits: readonly number[];
}

/** Of one program: what is opened is kept in it. */
export function bottom(): Held {
  return { openings: new Map() };
}

export function opening(below: Held, opened: Opened): Held {
  const similar = below.openings.get(opened.lock) ?? [];
  const known = similar.find(({ top }) => top !== undefined && isSameOpened(top.opened, opened));
  if (known !== undefined) return known;
  const made: Held = { top: { opened, below }, openings: new Map() };
  below.openings.set(opened.lock, [...similar, made]);
  return made;
}

function isSameOpened(one: Opened, other: Opened): boolean {
  if (one.lock !== other.lock || one.mode !== other.mode || one.most !== other.most) return false;
  return one.bit === other.bit && one.conditional === other.conditional;
}

export function isSame(one: Held, other: Held): boolean {
  let [left, right] = [one.same ?? one, other.same ?? other];
  while (left !== right) {
    const [mine, theirs] = [left.top, right.top];
    if (mine === undefined || theirs === undefined || !isSameOpened(mine.opened, theirs.opened)) return false;
    [left, right] = [mine.below.same ?? mine.below, theirs.below.same ?? theirs.below];
  }
  return true;
}

/** What was opened since a mark, on any way; undefined where a way does not lead back to it. */
export function openedSince(mark: Held, from: Held): readonly Opened[] | undefined {
  const found: Opened[] = [];
  const seen = new Set([from]);
  for (const start of seen) {
    let at = start.same ?? start;
    for (; !isSame(at, mark) && at.top !== undefined; at = at.top.below.same ?? at.top.below) found.push(at.top.opened);
    if (isSame(at, mark)) continue;
    if (at.callers === undefined) return undefined;
    for (const caller of at.callers) seen.add(caller);
  }
  return found;
}

export function enterShared(base: Held, callers: readonly Held[]): void {
  const [first = base, ...others] = callers;
  if (others.every((other) => isSame(first, other))) {
    base.same = first.same ?? first;
    return;
  }
  const locks = new Set(callers.flatMap(possible));
  base.callers = callers;
  base.ways = new Map([...locks].map((lock) => [lock, callers.map((held) => waysOf(held, lock)).reduce(joined)]));
  base.highest = Math.max(...callers.map((held) => waysOf(held, undefined).above));
}

/** The locks that are held on some way, as often as they are. */
export function possible(held: Held): readonly string[] {
  const found: string[] = [];
  let at = held.same ?? held;
  for (; at.top !== undefined; at = at.top.below.same ?? at.top.below) {
    const { lock, covers } = at.top.opened;
    found.push(lock, ...(covers === undefined ? [] : [covers]));
  }
  return at.ways === undefined ? found : [...found, ...at.ways.keys()];
}

/** @param lock  undefined: one that nobody holds */
export function waysOf(held: Held, lock: string | undefined): Ways {
  const own: Opened[] = [];
  let above = -1;
  let at = held.same ?? held;
  for (; at.top !== undefined; at = at.top.below.same ?? at.top.below) {
    const { opened } = at.top;
    const holds = opened.lock === lock || (lock !== undefined && opened.covers === lock);
    if (holds) own.push(opened);
    // Nobody below it can hold it on a way on which this one acquired it.
    if (holds && !opened.conditional) break;
    above = Math.max(above, opened.rank);
  }
  const known = at.top === undefined && lock !== undefined ? at.ways?.get(lock) : undefined;
  const outer = known ?? { free: at.top === undefined, above: at.highest ?? -1, reading: false, unmarked: false, bits: [] };
  if (own.length === 0) return { ...outer, above: outer.free ? Math.max(above, outer.above) : -1 };
  // The outermost holds it where nobody around does, and on those ways nobody inside acquires it again.
  const holder = own.findLast(({ conditional }) => !conditional || outer.free);
  if (holder === undefined) return outer;
  const { mode, bit } = holder;
  return {
    ...{ free: false, above: -1 },
    reading: outer.reading || mode === "read",
    unmarked: outer.unmarked || bit === undefined,
    bits: bit === undefined ? outer.bits : [...outer.bits, bit],
  };
}

function joined(one: Ways, other: Ways): Ways {
  return {
    free: one.free || other.free,
    above: Math.max(one.above, other.above),
    reading: one.reading || other.reading,
    unmarked: one.unmarked || other.unmarked,
    bits: [...new Set([...one.bits, ...other.bits])],
  };
}
