/** What the world answers while a program is interpreted: the same seed, asked the same, answers the same. And what is told of it. */

/** Too many events: the run is cut here. */
export class Enough extends Error {}

/** Numbers from 0 up to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const codes = { again: "again", timedOut: "ETIMEDOUT", noMatch: "no_match", wouldBlock: "EAGAIN" } as const;

export class Script {
  readonly trace: string[] = [];
  readonly #next: () => number;
  readonly #most: number;
  readonly #failures: number;
  #values = 0;

  /** @param failures  how likely it is that something goes wrong, each time it can */
  constructor(seed: number, failures: number, most = 300) {
    this.#next = random(seed);
    this.#most = most;
    this.#failures = failures;
  }

  tell(event: string): void {
    if (this.trace.length >= this.#most) throw new Enough();
    this.trace.push(event);
  }

  /** The identity of something new. */
  value(): string {
    this.#values += 1;
    return `v${this.#values}`;
  }

  call(canWait: boolean): string {
    const roll = this.#next();
    if (roll < this.#failures) return ["EIO", "ENOENT"][Math.floor(this.#next() * 2)] as string;
    return roll < this.#failures + (canWait ? 0.3 : 0.03) ? codes.again : "0";
  }

  wait(): string {
    return this.#next() < this.#failures ? (this.#next() < 0.5 ? codes.timedOut : "EBADF") : "0";
  }

  acquire(limited: boolean): string {
    return limited && this.#next() < this.#failures ? codes.timedOut : "0";
  }

  expired(): boolean {
    return this.#next() < this.#failures;
  }

  test(): "yes" | "no" | "throws" {
    const roll = this.#next();
    return roll < this.#failures / 2 ? "throws" : roll < 0.5 ? "yes" : "no";
  }

  spawn(): string {
    return this.#next() < this.#failures ? "ENOMEM" : "0";
  }
}
