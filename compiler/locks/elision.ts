/** Which constraints need no lock where one loop runs all who use them, and why others do. How that is found: `compiler/target/find-elisions.ts`. */
import type { NodeName } from "../check/program.ts";

/** By constraint. */
export type Elisions = ReadonlyMap<string, Elision>;

export interface Elision {
  /** Why it cannot be left out; absent: it can. */
  readonly obstacle?: Obstacle;
  /** Who acquires it or anything that is acquired inside, where it can be left out: if one loop runs all of those, it is. */
  readonly users: readonly User[];
}

/** What parks while a constraint is held. `node` waits, is called by a helper, is a loop with others around it, or acquires `constraint`. */
export type Obstacle =
  | { readonly kind: "waits" | "blocks" | "yields"; readonly node: NodeName }
  | { readonly kind: "acquires"; readonly node: NodeName; readonly constraint: string };

/** The flows of a source, or its activations. */
export interface User {
  /** Index into `program.sources`. */
  readonly source: number;
  readonly activation: boolean;
}

export function isSameUser(one: User, other: User): boolean {
  return one.source === other.source && one.activation === other.activation;
}
