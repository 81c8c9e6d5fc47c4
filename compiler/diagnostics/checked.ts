/** How passes answer: mistakes of the user are data, mistakes of the compiler are thrown. */
import type { Diagnostic } from "./diagnostic.ts";

/**
 * What a pass returns. A mistake in a .flux file is data and never thrown, so every pass
 * finishes and an editor always has a tree to work on.
 */
export interface Checked<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** A mistake in the compiler. @throws Error always a bug; `cli` prints where to report it. */
export function invariant(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new Error(`compiler bug: expected that ${claim}`);
}
