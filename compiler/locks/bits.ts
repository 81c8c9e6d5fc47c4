/** A set of small numbers, 32 to a word: what makes a set for every node affordable. An empty one is a word or two. */
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
    else for (const [index, word] of other.#words.entries()) this.#words[index] = (this.#words[index] as number) | word;
  }

  remove(other: Bits): void {
    if (this.#words === undefined || other.#words === undefined) return;
    for (const [index, word] of other.#words.entries()) this.#words[index] = (this.#words[index] as number) & ~word;
  }

  /** Leaves what `other` has too. */
  keep(other: Bits): void {
    if (this.#words === undefined) return;
    if (other.#words === undefined) this.#words = undefined;
    else for (const [index, word] of other.#words.entries()) this.#words[index] = (this.#words[index] as number) & word;
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
    for (const [index, word] of this.#words.entries()) {
      for (let left = word; left !== 0; left &= left - 1) yield index * 32 + 31 - Math.clz32(left & -left);
    }
  }

  #room(): Uint32Array {
    return new Uint32Array((this.#size + 31) >>> 5);
  }
}
