/**
 * A set of small numbers. Most sets of a large program hold none or a few: those are a short list, and only what outgrows
 * one has a bit for every number there is. So a set for each node takes the room of what is in it, not of all constraints.
 * Whole sets are combined with plain loops: these are the innermost of the planner, and iterators made most of its garbage.
 */
export class Bits implements Iterable<number> {
  readonly #size: number;
  /** Rising; unused once there are words. One list for all that are empty. */
  #few: number[] = none;
  #words: Uint32Array | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  has(value: number): boolean {
    if (this.#words === undefined) return this.#few.includes(value);
    return ((this.#words[value >>> 5] as number) & (1 << (value & 31))) !== 0;
  }

  add(value: number): void {
    if (this.#words === undefined && this.#few.length === mostListed) this.#spread();
    if (this.#words !== undefined) this.#words[value >>> 5] = (this.#words[value >>> 5] as number) | (1 << (value & 31));
    else if (this.#few.length === 0) this.#few = [value];
    else if (!this.#few.includes(value)) this.#insert(value);
  }

  delete(value: number): void {
    if (this.#words !== undefined) this.#words[value >>> 5] = (this.#words[value >>> 5] as number) & ~(1 << (value & 31));
    else if (this.#few.includes(value)) this.#few = this.#few.filter((each) => each !== value);
  }

  addAll(other: Bits): void {
    if (other.#words === undefined) {
      for (const value of other.#few) this.add(value);
      return;
    }
    if (this.#words === undefined) {
      const few = this.#few;
      this.#words = other.#words.slice();
      for (const value of few) this.add(value);
    } else for (let at = 0; at < other.#words.length; at++) this.#words[at] = (this.#words[at] as number) | (other.#words[at] as number);
  }

  remove(other: Bits): void {
    if (other.#words === undefined) for (const value of other.#few) this.delete(value);
    else if (this.#words === undefined) this.#few = this.#few.filter((value) => !other.has(value));
    else for (let at = 0; at < other.#words.length; at++) this.#words[at] = (this.#words[at] as number) & ~(other.#words[at] as number);
  }

  /** Leaves what `other` has too. */
  keep(other: Bits): void {
    if (this.#words === undefined) {
      if (this.#few.length > 0) this.#few = this.#few.filter((value) => other.has(value));
    } else if (other.#words === undefined) {
      this.#few = other.#few.filter((value) => this.has(value));
      this.#words = undefined;
    } else for (let at = 0; at < other.#words.length; at++) this.#words[at] = (this.#words[at] as number) & (other.#words[at] as number);
  }

  copy(): Bits {
    const made = new Bits(this.#size);
    if (this.#words !== undefined) made.#words = this.#words.slice();
    else if (this.#few.length > 0) made.#few = this.#few.slice();
    return made;
  }

  isEmpty(): boolean {
    return this.#words === undefined ? this.#few.length === 0 : this.#words.every((word) => word === 0);
  }

  /** Rising. */
  [Symbol.iterator](): Iterator<number> {
    return this.#words === undefined ? this.#few.values() : bitsOf(this.#words);
  }

  #insert(value: number): void {
    const few = this.#few;
    let at = few.push(value) - 1;
    for (; at > 0 && (few[at - 1] as number) > value; at--) few[at] = few[at - 1] as number;
    few[at] = value;
  }

  #spread(): void {
    const few = this.#few;
    this.#words = new Uint32Array((this.#size + 31) >>> 5);
    this.#few = none;
    for (const value of few) this.add(value);
  }
}

/** A list of so many is searched as fast as a bit is found. */
const mostListed = 12;

const none: number[] = [];

function* bitsOf(words: Uint32Array): Iterator<number> {
  for (let index = 0; index < words.length; index++) {
    for (let left = words[index] as number; left !== 0; left &= left - 1) yield index * 32 + 31 - Math.clz32(left & -left);
  }
}
