/** Runs tools. What is running when a build is stopped is stopped with it, and no half-written file of it stays. */
import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { printMessage } from "../console.ts";

export interface Outcome {
  /** 0: it worked. Absent: it was not started (`error`) or killed (`signal`). */
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
  readonly error?: NodeJS.ErrnoException;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool to its end, in the language that we read. Never rejects. */
export function runTool(words: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  const [command = "", ...rest] = words;
  return new Promise((resolve) => {
    const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"], env: { ...environment, LC_ALL: "C" } });
    running.add(child);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const end = (how: Partial<Outcome>): void => {
      running.delete(child);
      // Whoever stopped the work does not ask what came of it.
      if (isStopped) return;
      resolve({ ...how, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    };
    child.on("error", (error) => end({ error }));
    child.on("close", (code, signal) => end(signal === null ? { code: code ?? 0 } : { signal }));
  });
}

/** Does all jobs, as many at a time as there are cores. Answers in the order of the jobs. */
export async function inParallel<T>(jobs: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const answers: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index];
      if (job !== undefined) answers[index] = await job();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
  return answers;
}

/** Lets a path be removed when the work is stopped before `done`. */
export async function withTemporary<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
  temporaries.add(path);
  try {
    return await work(path);
  } finally {
    rmSync(path, { force: true, recursive: true });
    temporaries.delete(path);
  }
}

/**
 * Makes a signal stop the work within it cleanly: tools are killed, temporary files removed, one line is printed, and
 * the process then ends by that very signal, as its parent expects.
 */
export async function interruptible<T>(what: string, work: () => Promise<T>): Promise<T> {
  if (isOwned) return await work();
  const stop = (signal: NodeJS.Signals): void => {
    stopWork();
    printMessage(`\nfluxc: ${what} was interrupted; nothing half-written is left\n`);
    for (const one of signals) process.off(one, stop);
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** From here on the caller takes care of signals, work or no work, and calls `stopWork` when it is to end. */
export function ownSignals(): void {
  isOwned = true;
}

/** Kills the tools that run and removes what they have half-written. Work that waits for them never goes on. */
export function stopWork(): void {
  isStopped = true;
  for (const child of running) child.kill("SIGKILL");
  for (const path of temporaries) rmSync(path, { force: true, recursive: true });
}

let isOwned = false;
let isStopped = false;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const running = new Set<ChildProcess>();
const temporaries = new Set<string>();
