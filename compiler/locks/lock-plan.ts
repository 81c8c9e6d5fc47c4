/** What the lock planner decides: one order for the program, and what every node acquires when it is entered. */
import type { NodeName } from "../check/program.ts";

export interface LockPlan {
  /** Canonical order: a flow acquires only upwards. Rank is the index. */
  readonly order: readonly string[];
  /** For every node that acquires anything, what it acquires, in the order it is made. */
  readonly acquires: ReadonlyMap<NodeName, readonly PlannedAcquisition[]>;
}

export interface PlannedAcquisition {
  readonly constraint: string;
  readonly mode: "read" | "write";
  /** Index into the node's inputs; absent: the lock itself, or the whole class of a keyed one. */
  readonly key?: number;
  /** The node that asked for it, where that is not this one: it was moved up. */
  readonly movedFor?: NodeName;
  /** Held on some ways in and not on others: acquired only if the record's bit for it is clear. */
  readonly ifNotHeld: boolean;
}
