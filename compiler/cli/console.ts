/**
 * The two streams: stdout is data, stderr is diagnostics and progress. Knows when colour is wanted and survives a reader
 * that goes away. Says nothing of what is printed.
 */
import { writeSync } from "node:fs";
import { UsageError } from "./failure.ts";
import { adviceOn, reasonOf } from "./system-error.ts";

/** Colour where a person reads it, unless told otherwise: `--color`, then NO_COLOR and FORCE_COLOR, then the terminal. */
export function wantsColor(asked: boolean | undefined, stream: { readonly isTTY?: boolean }, environment = process.env): boolean {
  if (asked !== undefined) return asked;
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: terminal } = environment;
  if (no !== undefined && no !== "") return false;
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && terminal !== "dumb";
}

export function printData(text: string): void {
  write(1, text);
}

export function printMessage(text: string): void {
  write(2, text);
}

/** A remark that is no diagnostic: nothing is wrong and nothing counts it. */
export function printNote(text: string): void {
  printMessage(`note: ${text}\n`);
}

/**
 * Writes at once and wholly, so that nothing is lost when the process ends. A reader that has gone (`fluxc … | head`) wants
 * no more: the rest is dropped in silence. So is what stderr does not take: there is nowhere left to say it.
 */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length && !gone.has(descriptor)) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe that is full and non-blocking, as another process may have left it: the reader needs a moment.
      if (code === "EAGAIN") Atomics.wait(pause, 0, 0, 5);
      else if (code === "EPIPE" || code === "EBADF" || descriptor === 2) gone.add(descriptor);
      else throw new UsageError(`cannot write to stdout: ${reasonOf(error)}`, adviceOn(error));
    }
  }
}

const gone = new Set<1 | 2>();
const pause = new Int32Array(new SharedArrayBuffer(4));
