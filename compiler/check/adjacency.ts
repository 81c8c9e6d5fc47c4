/** Edges between numbered things, kept in a few flat arrays: a program of 100,000 nodes has no 100,000 small lists. */

export class Adjacency {
  readonly #first: Int32Array;
  readonly #next: number[] = [];
  readonly #to: number[] = [];

  constructor(size: number) {
    this.#first = new Int32Array(size).fill(-1);
  }

  add(from: number, to: number): void {
    this.#next.push(this.#first[from] ?? -1);
    this.#first[from] = this.#to.length;
    this.#to.push(to);
  }

  /** Newest first. */
  forEach(from: number, visit: (to: number) => void): void {
    for (let edge = this.#first[from] ?? -1; edge >= 0; edge = this.#next[edge] ?? -1) visit(this.#to[edge] ?? 0);
  }
}
