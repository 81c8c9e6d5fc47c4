/** The rounds: in each, every server is asked in turn, so that what happens to the machine happens to all of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkAnswers } from "./answers.ts";
import { fileOf, type Contender } from "./contenders.ts";
import type { Column } from "./figures.ts";
import { runLoad } from "./load.ts";
import { cpuSeconds, readCpuTime } from "./process-facts.ts";
import { startServer, type RunningServer, type Workshop } from "./server-process.ts";

export interface Cores {
  readonly server: number;
  readonly load: number;
}

/** One server in one round. */
export interface Sample {
  readonly requests: number;
  readonly seconds: number;
  /** User and system time of the server. */
  readonly cpuSeconds: number;
  readonly late: number;
}

/** One server in one column. */
export interface Series {
  readonly server: string;
  readonly column: string;
  /** By round; nothing where the round failed. */
  readonly rounds: readonly (Sample | undefined)[];
  /** Why there are none, or not all. */
  readonly problem?: string;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Of load, for each server in each round; twice as many where there are a thousand connections to open. */
  readonly seconds: number;
  readonly cores: Cores;
}

/** Microseconds of CPU a request, by round. */
export function costs({ rounds }: Series): readonly (number | undefined)[] {
  return rounds.map((sample) => sample && (sample.cpuSeconds * 1e6) / sample.requests);
}

/** Measures one column. The servers run side by side; all but the one that is asked are idle. */
export async function measureColumn(
  column: Column,
  servers: readonly Contender[],
  workshop: Workshop,
  options: RoundOptions,
  tell: (line: string) => void,
): Promise<readonly Series[]> {
  const problems = new Map<string, string>();
  const running: RunningServer[] = [];
  const samples = new Map<string, (Sample | undefined)[]>(servers.map(({ name }) => [name, []]));
  const note = (name: string, problem: string): void => {
    if (!problems.has(name)) tell(`  ${name}: ${problem}`);
    problems.set(name, problem);
  };
  try {
    for (const contender of servers) {
      try {
        running.push(await startChecked(contender, column, workshop, options.cores));
      } catch (error) {
        note(contender.name, error instanceof Error ? error.message : String(error));
      }
    }
    // Round 0 warms caches and compilers up and is not counted.
    for (let round = 0; round <= options.rounds; round++) {
      // Every round begins with another server, so that none always follows the same one.
      for (const server of rotated(running, round)) {
        const { name } = server.contender;
        const sample = await takeSample(server, round === 0 ? { ...options, seconds: 1 } : options, (problem) => note(name, problem));
        if (round > 0) samples.get(name)?.push(sample);
      }
      if (round > 0) tell(`  round ${round} of ${options.rounds}`);
    }
  } finally {
    await Promise.all(running.map((server) => server.stop()));
  }
  return servers.map(({ name }) => {
    const problem = problems.get(name);
    return { server: name, column: column.name, rounds: samples.get(name) ?? [], ...(problem === undefined ? {} : { problem }) };
  });
}

/** @throws if it does not start or answers wrongly */
export async function startChecked(contender: Contender, column: Column, workshop: Workshop, { server: own, load }: Cores): Promise<RunningServer> {
  const cores = (column.loops ?? 1) === 1 ? [own] : [own, load];
  const server = await startServer(contender, column, workshop, { cores });
  const expected = readFileSync(join(workshop.root, fileOf(column)));
  const wrong = await checkAnswers(server.port, `/${fileOf(column)}`, expected, column.close);
  if (wrong === undefined) return server;
  const printed = await server.stop();
  throw new Error(`${wrong}\n${printed.slice(-1_000)}`.trim());
}

async function takeSample(server: RunningServer, options: RoundOptions, note: (problem: string) => void): Promise<Sample | undefined> {
  const { column, port } = server;
  const seconds = options.seconds * (column.connections >= 1_000 ? 2 : 1);
  try {
    const processes = server.processes();
    const before = readCpuTime(processes);
    const load = await runLoad(port, column, seconds, options.cores.load);
    // What the last requests left to do, and the ends of the connections, are part of the price.
    await sleep(50);
    const used = cpuSeconds(before, readCpuTime(processes));
    if (load.wrong > 0) {
      note(`${load.wrong} requests failed in a round, which is left out`);
      return undefined;
    }
    if (load.requests === 0) {
      note("answered nothing in a round, which is left out");
      return undefined;
    }
    if (load.late > 0) note(`${load.late} answers of a round took more than 10 s`);
    return { requests: load.requests, seconds: load.seconds, cpuSeconds: used, late: load.late };
  } catch (error) {
    note(String(error));
    return undefined;
  }
}

function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
