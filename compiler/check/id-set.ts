/** A set of `NodeEntry.id`s with a byte for each node: with most nodes of a large program in it, a `Set` is fifty times as large. */

export interface IdSet {
  has(id: number): boolean;
}

export class OpenIdSet implements IdSet {
  readonly #flags: Uint8Array;

  constructor(size: number) {
    this.#flags = new Uint8Array(size);
  }

  has(id: number): boolean {
    return this.#flags[id] === 1;
  }

  /** Whether it was not in it yet. */
  add(id: number): boolean {
    if (this.#flags[id] === 1) return false;
    this.#flags[id] = 1;
    return true;
  }
}
