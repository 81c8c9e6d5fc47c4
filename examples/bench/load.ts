/** Load by wrk, in a process and on a core of its own, and what it says in the end. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileOf } from "./contenders.ts";
import type { Column } from "./figures.ts";

export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Answers that were no 200, and connections that failed. */
  readonly wrong: number;
  /** Answers that took longer than `patience`. */
  readonly late: number;
}

const patienceSeconds = 10;

export async function runLoad(port: number, column: Column, seconds: number, core: number): Promise<Load> {
  const { stdout } = await promisify(execFile)("taskset", [
    ...["-c", String(core), "wrk", "--threads", "1", "--connections", String(column.connections)],
    ...["--duration", `${seconds}s`, "--timeout", `${patienceSeconds}s`],
    ...(column.close ? ["--header", "Connection: close"] : []),
    `http://127.0.0.1:${port}/${fileOf(column)}`,
  ]);
  return parseWrk(stdout);
}

/**
 * For counts a request: where a connection had few requests, its opening would be a good part of them.
 * @throws if so
 */
export function expectEnough({ requests }: Load, column: Column): void {
  if (requests < 25 * column.connections) throw new Error(`only ${requests} requests were answered, too few to count by`);
}

/** @throws if it is not what wrk prints */
export function parseWrk(text: string): Load {
  const done = /^ *(\d+) requests in (\d+(?:\.\d+)?)(us|ms|s|m),/m.exec(text);
  if (done === null) throw new Error(`wrk said:\n${text}`);
  const [, requests, duration, unit = "s"] = done;
  const failed = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
  const [connecting = 0, reading = 0, writing = 0, late = 0] = failed.slice(1).map(Number);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const scale: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60 };
  return {
    requests: Number(requests),
    seconds: Number(duration) * (scale[unit] ?? 1),
    wrong: connecting + reading + writing + refused,
    late,
  };
}
