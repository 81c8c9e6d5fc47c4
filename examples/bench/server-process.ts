/**
 * Starts servers in folders of their own, as a user without rights, and ends them whatever happens: at the end, on an
 * exception, on Ctrl-C. Each is a process group, so what it forked ends with it.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileOf, type Contender } from "./contenders.ts";
import { columns, type Column } from "./figures.ts";
import { processTree } from "./process-facts.ts";

/** The folder of a run: executables, the files that are served, and a folder for each server. */
export interface Workshop {
  readonly folder: string;
  /** What servers serve. */
  readonly root: string;
  /** Where executables go. */
  readonly built: string;
  /** Where `peers/` is. */
  readonly bench: string;
}

export interface RunningServer {
  readonly contender: Contender;
  readonly port: number;
  readonly column: Column;
  /** Of the process that was started; see `processTree` for those it forked. */
  readonly process: number;
  processes(): readonly number[];
  output(): string;
  /** SIGTERM, and SIGKILL after two seconds. Waits for the end. @returns all that it printed */
  stop(): Promise<string>;
}

export interface StartOptions {
  /** The server may run on these cores alone. */
  readonly cores?: readonly number[];
  /** Words before the server's own: `valgrind --tool=…`. */
  readonly under?: readonly string[];
}

/** Nobody, where we may choose: no server needs to be root, and some refuse to. */
const nobody = { user: 65_534, group: 65_534 } as const;
const isRoot = process.getuid?.() === 0;

const living = new Set<ChildProcess>();

/** Makes the folder and the files that are served; their bytes are arbitrary and the same in every run. */
export function openWorkshop(bench: string): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "fluxc-bench-"));
  chmodSync(folder, 0o755);
  const [root, built] = [join(folder, "root"), join(folder, "built")];
  mkdirSync(root);
  mkdirSync(built);
  for (const column of columns) writeFileSync(join(root, fileOf(column)), textOf(column.bytes));
  return { folder, root, built, bench };
}

export function closeWorkshop({ folder }: Workshop): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Text of so many bytes in which no part repeats soon. */
function textOf(bytes: number): string {
  let text = "";
  for (let line = 0; text.length < bytes; line++) text += `${line} ${Math.imul(line + 1, 2_654_435_761) >>> 0}\n`;
  return text.slice(0, bytes);
}

/** Ends every server on every way out of this process but SIGKILL. @returns a function that takes that back */
export function guardServers(workshop: Workshop): () => void {
  const clear = (): void => {
    for (const child of living) killGroup(child, "SIGKILL");
    closeWorkshop(workshop);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const die = (signal: NodeJS.Signals): void => {
    release();
    clear();
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    process.off("exit", clear);
    for (const signal of signals) process.off(signal, die);
  };
  process.once("exit", clear);
  for (const signal of signals) process.once(signal, die);
  return release;
}

/** Starts it and waits until it accepts connections. @throws if it ends or says nothing for ten seconds */
export async function startServer(contender: Contender, column: Column, workshop: Workshop, options: StartOptions = {}): Promise<RunningServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(workshop.folder, `${contender.name}-`));
  if (contender.configuration !== undefined) configure(contender.configuration, { port, folder, workshop, column });
  if (isRoot) chownSync(folder, nobody.user, nobody.group);

  const command = contender.command({ port, root: workshop.root, folder, column });
  const words = [
    ...(options.cores === undefined ? [] : ["taskset", "-c", options.cores.join(",")]),
    // The last option is for the one way out that no handler sees: it ends the server with us.
    ...(isRoot ? ["setpriv", `--reuid=${nobody.user}`, `--regid=${nobody.group}`, "--clear-groups", "--pdeathsig=KILL"] : []),
    ...(options.under ?? []),
    ...command,
    ...wordsWhereKnown(contender, column, command),
  ];
  const [program = "", ...rest] = words;
  const child = spawn(program, rest, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...contender.environment },
  });
  living.add(child);
  let printed = "";
  const collect = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-100_000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  let failure: string | undefined;
  child.once("error", (error) => (failure = error.message));
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      failure ??= `it ended with ${String(child.exitCode ?? child.signalCode)}`;
      living.delete(child);
      resolve();
    });
  });

  const stop = async (): Promise<string> => {
    killGroup(child, "SIGTERM");
    const late = setTimeout(() => killGroup(child, "SIGKILL"), 2_000);
    await ended;
    clearTimeout(late);
    return printed;
  };
  try {
    await listening(port, () => failure);
  } catch (error) {
    await stop();
    throw new Error(`${contender.title} did not start: ${String(error)}\n${printed.slice(-2_000)}`);
  }
  const pid = child.pid ?? 0;
  return { contender, port, column, process: pid, processes: () => processTree(pid), output: () => printed, stop };
}

function configure(
  { file, values }: NonNullable<Contender["configuration"]>,
  { port, folder, workshop, column: { loops = 1 } }: { readonly port: number; readonly folder: string; readonly workshop: Workshop; readonly column: Column },
): void {
  const own = { PORT: String(port), FOLDER: folder, ROOT: workshop.root, LOOPS: String(loops), REUSEPORT: loops > 1 ? " reuseport" : "" };
  const all: Readonly<Record<string, string>> = { ...values, ...own };
  const text = readFileSync(join(workshop.bench, "peers", file), "utf8");
  writeFileSync(join(folder, file), text.replaceAll(/@([A-Z]+)@/g, (whole, name: string) => all[name] ?? whole));
}

const helpTexts = new Map<string, string>();

function wordsWhereKnown(contender: Contender, column: Column, [binary = ""]: readonly string[]): readonly string[] {
  const words = contender.whereKnown?.(column);
  if (words === undefined) return [];
  let help = helpTexts.get(binary);
  if (help === undefined) helpTexts.set(binary, (help = spawnSync(binary, ["--flux-help"], { encoding: "utf8" }).stdout ?? ""));
  return words.filter(([first = ""]) => help.includes(`${first} `)).flat();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function listening(port: number, failure: () => string | undefined): Promise<void> {
  const limit = performance.now() + 10_000;
  for (;;) {
    const failed = failure();
    if (failed !== undefined) throw new Error(failed);
    if (await accepts(port)) return;
    if (performance.now() > limit) throw new Error("it accepts no connection");
    await sleep(20);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
