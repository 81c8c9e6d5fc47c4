/**
 * A set of small numbers, 32 to a word: what makes a set for every node affordable. An empty one is a word or two.
 * Whole sets are combined with plain loops: these are the innermost of the planner, and iterators made most of its garbage.
 */
export class Bits implements Iterable<number> {
  readonly #size: number;
  /** Made with the first number: of the many sets in a large program most stay empty. */
  #words: Uint32Array | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  has(value: number): boolean {
    return this.#words !== undefined && ((this.#words[value >>> 5] as number) & (1 << (value & 31))) !== 0;
  }

  add(value: number): void {
    this.#words ??= this.#room();
    this.#words[value >>> 5] = (this.#words[value >>> 5] as number) | (1 << (value & 31));
  }

  delete(value: number): void {
    if (this.#words !== undefined) this.#words[value >>> 5] = (this.#words[value >>> 5] as number) & ~(1 << (value & 31));
  }

  addAll(other: Bits): void {
    if (other.#words === undefined) return;
    if (this.#words === undefined) this.#words = other.#words.slice();
    else for (let at = 0; at < other.#words.length; at++) this.#words[at] = (this.#words[at] as number) | (other.#words[at] as number);
  }

  remove(other: Bits): void {
    if (this.#words === undefined || other.#words === undefined) return;
    for (let at = 0; at < other.#words.length; at++) this.#words[at] = (this.#words[at] as number) & ~(other.#words[at] as number);
  }

  /** Leaves what `other` has too. */
  keep(other: Bits): void {
    if (this.#words === undefined) return;
    if (other.#words === undefined) this.#words = undefined;
    else for (let at = 0; at < other.#words.length; at++) this.#words[at] = (this.#words[at] as number) & (other.#words[at] as number);
  }

  copy(): Bits {
    const made = new Bits(this.#size);
    made.#words = this.#words?.slice();
    return made;
  }

  isEmpty(): boolean {
    return this.#words === undefined || this.#words.every((word) => word === 0);
  }

  *[Symbol.iterator](): Iterator<number> {
    if (this.#words === undefined) return;
    for (let index = 0; index < this.#words.length; index++) {
      for (let left = this.#words[index] as number; left !== 0; left &= left - 1) yield index * 32 + 31 - Math.clz32(left & -left);
    }
  }

  #room(): Uint32Array {
    return new Uint32Array((this.#size + 31) >>> 5);
  }
}
