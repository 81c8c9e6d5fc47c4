/** A set of small numbers, 32 to a word: what makes a set for every node affordable. */
export class Bits implements Iterable<number> {
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  has(value: number): boolean {
    return ((this.#words[value >>> 5] as number) & (1 << (value & 31))) !== 0;
  }

  add(value: number): void {
    this.#words[value >>> 5] = (this.#words[value >>> 5] as number) | (1 << (value & 31));
  }

  delete(value: number): void {
    this.#words[value >>> 5] = (this.#words[value >>> 5] as number) & ~(1 << (value & 31));
  }

  addAll(other: Bits): void {
    for (const [index, word] of other.#words.entries()) this.#words[index] = (this.#words[index] as number) | word;
  }

  remove(other: Bits): void {
    for (const [index, word] of other.#words.entries()) this.#words[index] = (this.#words[index] as number) & ~word;
  }

  /** Leaves what `other` has too. */
  keep(other: Bits): void {
    for (const [index, word] of other.#words.entries()) this.#words[index] = (this.#words[index] as number) & word;
  }

  copy(): Bits {
    const made = new Bits(this.#words.length * 32);
    made.#words.set(this.#words);
    return made;
  }

  isEmpty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [index, word] of this.#words.entries()) {
      for (let left = word; left !== 0; left &= left - 1) yield index * 32 + 31 - Math.clz32(left & -left);
    }
  }
}
