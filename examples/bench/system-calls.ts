/** How many system calls a request takes, and which: counted by strace in a run of its own, for it slows a server down. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Contender } from "./contenders.ts";
import type { Column } from "./figures.ts";
import { expectEnough, runLoad } from "./load.ts";
import { startChecked, type Cores } from "./measure.ts";
import type { Workshop } from "./server-process.ts";

export interface SystemCalls {
  readonly perRequest: number;
  /** By name, calls a request, most frequent first. */
  readonly byName: Readonly<Record<string, number>>;
}

export async function countSystemCalls(
  contender: Contender,
  column: Column,
  workshop: Workshop,
  cores: Cores,
  seconds: number,
): Promise<SystemCalls> {
  const server = await startChecked(contender, column, workshop, cores);
  try {
    const file = join(workshop.folder, `strace-${contender.name}`);
    const processes = server.processes();
    const tracer = spawn("strace", ["-c", "-f", "-o", file, ...processes.flatMap((process) => ["-p", String(process)])], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const exited = once(tracer, "exit");
    try {
      await attached(tracer, processes.length);
      const load = await runLoad(server.port, column, seconds, cores.load);
      tracer.kill("SIGINT");
      await exited;
      expectEnough(load, column);
      return perRequest(parseStrace(readFileSync(file, "utf8")), load.requests);
    } finally {
      tracer.kill("SIGKILL");
    }
  } finally {
    await server.stop();
  }
}

/** strace names every process that it has got hold of; whom it finds later it names too, so its words are read on. */
function attached(tracer: ChildProcessByStdio<null, null, Readable>, processes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    tracer.stderr.on("data", (part: Buffer) => {
      said += part.toString();
      if ((said.match(/ attached/g) ?? []).length >= processes) resolve();
    });
    tracer.once("close", () => reject(new Error(`strace cannot attach: ${said.trim()}`)));
    tracer.once("error", reject);
  });
}

/** Calls by name, from the summary that `strace -c` prints. */
export function parseStrace(summary: string): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const line of summary.split("\n")) {
    const row = /^ *[\d.]+ +[\d.]+ +\d+ +(\d+)(?: +\d+)? +(\w+)$/.exec(line);
    if (row !== null && row[2] !== undefined && row[2] !== "total") calls.set(row[2], Number(row[1]));
  }
  return calls;
}

export function perRequest(calls: ReadonlyMap<string, number>, requests: number): SystemCalls {
  const sorted = [...calls].toSorted(([, a], [, b]) => b - a);
  return {
    perRequest: sorted.reduce((total, [, count]) => total + count, 0) / requests,
    byName: Object.fromEntries(sorted.map(([name, count]) => [name, count / requests])),
  };
}
