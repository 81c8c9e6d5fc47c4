/** What the lock planner decides: one order for the program, and what every node acquires when it is entered. */
import type { NodeName } from "../check/program.ts";

export interface LockPlan {
  /** Canonical order of the constraints: a flow acquires only upwards. */
  readonly order: readonly string[];
  /** The same, lock by lock. Rank is the index. */
  readonly locks: readonly Lock[];
  /** For every node that acquires anything, what it acquires, in the order it is made. */
  readonly acquires: ReadonlyMap<NodeName, readonly PlannedAcquisition[]>;
  /** By node: inputs that are the key of a constraint held around it, on some way. Nobody may change them there. */
  readonly fixed: ReadonlyMap<NodeName, readonly number[]>;
}

/** What is acquired and released: a lock, a table with one for each session or key, or a pool of units. */
export interface Lock {
  /** Unique: the name of the constraint, with `[]` behind it for the keys of a keyed one. */
  readonly name: string;
  readonly constraint: string;
  /**
   * A keyed constraint has its `keys` and, where some node takes all of it, its `class` just before them: who takes keys has
   * the class as a reader, who takes all of it as a writer, and then needs no key.
   */
  readonly kind: "program" | "session" | "pool" | "class" | "keys";
}

/** Of a program without constraints. */
export const noLocks: LockPlan = { order: [], locks: [], acquires: new Map(), fixed: new Map() };

export interface PlannedAcquisition {
  readonly constraint: string;
  /** `Lock.name` */
  readonly lock: string;
  /** A unit of a pool is a writer's. Of several keys, the strongest. */
  readonly mode: "read" | "write";
  /** Of the locks of keys: which, each input once. They are acquired in the order of their values. */
  readonly keys?: readonly PlannedKey[];
  /** The node that asked for it, where that is not this one: it was moved up. */
  readonly movedFor?: NodeName;
  /** The node inside for which this is the whole class, where this one asks for a key or for nothing. */
  readonly wholeFor?: NodeName;
  /** Held on some ways in and not on others: acquired only if none of the record's bits for those says so. */
  readonly ifNotHeld: boolean;
}

export interface PlannedKey {
  /** Index into the node's inputs. */
  readonly input: number;
  readonly mode: "read" | "write";
}

/** One for each constraint: without the readers' shares of classes that are acquired before keys. */
export function withoutShares(all: readonly PlannedAcquisition[]): readonly PlannedAcquisition[] {
  return all.filter(({ lock, keys }) => keys !== undefined || !all.some((other) => other.lock === keysOf(lock)));
}

/** Whether who holds one lock in this mode needs no other: that lock itself, or all keys for who writes their class. */
export function covers(held: { readonly lock: string; readonly mode: "read" | "write" }, lock: string): boolean {
  return held.lock === lock || (held.mode === "write" && lock === keysOf(held.lock));
}

/** The lock of the keys of a keyed constraint, by the name of its class. */
export function keysOf(constraint: string): string {
  return `${constraint}[]`;
}
