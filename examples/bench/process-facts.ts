/** What the kernel says of a running server, all its processes and threads together: CPU time and memory. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** `process` and its descendants. */
export function processTree(process: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOrEmpty(`/proc/${name}/stat`);
    if (stat !== "") parents.set(Number(name), parseStat(stat).parent);
  }
  const tree = [process];
  for (let at = 0; at < tree.length; at++) {
    for (const [child, parent] of parents) if (parent === tree[at] && !tree.includes(child)) tree.push(child);
  }
  return tree;
}

export interface CpuTime {
  /** Of each living thread, to the nanosecond; key is the thread's number. */
  readonly threads: ReadonlyMap<number, bigint>;
  /** User and system time of the processes, threads that have ended included; counted in hundredths of a second. */
  readonly ticks: number;
}

export function readCpuTime(processes: readonly number[]): CpuTime {
  const threads = new Map<number, bigint>();
  let ticks = 0;
  for (const process of processes) {
    const stat = readOrEmpty(`/proc/${process}/stat`);
    if (stat === "") continue;
    ticks += parseStat(stat).ticks;
    for (const thread of readdirSync(`/proc/${process}/task`)) {
      const [ran] = readOrEmpty(`/proc/${process}/task/${thread}/schedstat`).split(" ");
      if (ran !== undefined && ran !== "") threads.set(Number(thread), BigInt(ran));
    }
  }
  return { threads, ticks };
}

/** More than this, and threads have ended in between: the sum over the living is no longer the whole. */
const mostRoundingSeconds = 0.03;

/** CPU seconds between two readings: exact, unless threads ended in between; then in hundredths, from their processes. */
export function cpuSeconds(before: CpuTime, after: CpuTime): number {
  let nanoseconds = 0n;
  for (const [thread, ran] of after.threads) nanoseconds += ran - (before.threads.get(thread) ?? 0n);
  const exact = Number(nanoseconds) / 1e9;
  const coarse = (after.ticks - before.ticks) / 100;
  return coarse - exact > mostRoundingSeconds ? coarse : exact;
}

/** Parent and user + system time of `/proc/N/stat`; the name in it may hold anything, parentheses too. */
export function parseStat(stat: string): { readonly parent: number; readonly ticks: number } {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

/** Bytes of user memory that are the server's own: anonymous and shared between its processes, not its program's text. */
export function userMemory(processes: readonly number[]): number {
  return sum(processes.map((process) => parseOwnMemory(readOrEmpty(`/proc/${process}/smaps_rollup`))));
}

/** Of a `smaps_rollup`. */
export function parseOwnMemory(rollup: string): number {
  return sum(["Pss_Anon", "Pss_Shmem"].map((field) => Number(new RegExp(`^${field}: +(\\d+) kB`, "m").exec(rollup)?.[1] ?? 0) * 1024));
}

/** Bytes that the kernel holds in slabs and in socket buffers, for everybody. */
export function kernelMemory(): number {
  const slab = Number(/^Slab: +(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0) * 1024;
  const pages = Number(/^TCP:.* mem (\d+)/m.exec(readOrEmpty("/proc/net/sockstat"))?.[1] ?? 0);
  return slab + pages * 4096;
}

/** A process may end while it is looked at. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
