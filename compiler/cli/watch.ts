/**
 * `--watch`: does a command's work again whenever a file it read has changed. Watches folders, not files, since many editors
 * replace a file by renaming another; what counts is whether the files that matter are different, not what an event says.
 * Without events (a file system that has none, too many watches) it looks twice a second.
 */
import { statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { printMessage } from "./console.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";

/** What is done again and again. */
export interface Watched {
  /** The program, as it was named. */
  readonly file: string;
  /** `checking`, `building`. */
  readonly doing: string;
  /** Once. Prints what it finds itself. */
  readonly work: () => Promise<ExitCode | number>;
  /** Every file the work depends on, those that are not there yet included. Asked after each time. */
  readonly inputs: () => readonly string[];
  /** Settles when watching is over; the answer is what the command answers. */
  readonly ended: Promise<number>;
}

/** Changes within this many milliseconds are one: an editor writes in several steps. */
const settleMilliseconds = 60;

const lookMilliseconds = 500;

export async function watching({ file, doing, work, inputs, ended }: Watched): Promise<number> {
  let over: number | undefined;
  const end = ended.then((code) => {
    over = code;
    return code;
  });
  const folders = new Folders();
  try {
    for (let changed: readonly string[] = []; ; ) {
      announce(file, doing, changed);
      // What changes while the work is done is a change: the state is taken before.
      const before = stateOf(inputs());
      const code = await Promise.race([work(), end]);
      if (over !== undefined) return over;
      const watched = inputs();
      const state = new Map([...stateOf(watched), ...before]);
      printMessage(`${clock()} ${code === exitCode.fine ? "fine" : "not yet"}; watching ${basename(file)}${watched.length > 1 ? ` and ${watched.length - 1} more` : ""}\n`);
      folders.follow(watched.map((path) => dirname(path)));
      do {
        changed = changes(state, inputs());
        if (changed.length === 0) await Promise.race([folders.event(), end]);
        if (over !== undefined) return over;
        await pause(settleMilliseconds);
        changed = changes(state, inputs());
      } while (changed.length === 0);
    }
  } finally {
    folders.close();
  }
}

/** @throws UsageError there is nothing to watch */
export function mustBeFile(file: string): void {
  if (file === "-") throw new UsageError("standard input cannot be watched", "name the file, or leave `--watch` out");
}

function announce(file: string, doing: string, changed: readonly string[]): void {
  // A person sees the latest result alone; a log keeps all of them.
  if (process.stderr.isTTY === true && process.stdout.isTTY === true && changed.length > 0) printMessage("\x1b[2J\x1b[H");
  if (changed.length > 0) printMessage(`${clock()} ${changed.slice(0, 3).map((path) => basename(path)).join(", ")} changed; ${doing} ${basename(file)}\n`);
}

/** `[11:02:03]` */
function clock(): string {
  return `[${new Date().toTimeString().slice(0, 8)}]`;
}

/** What tells one content of a file from another: a rename brings another inode. */
function stateOf(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    paths.map((path) => {
      try {
        const about = statSync(path);
        return [path, `${about.ino} ${about.size} ${about.mtimeMs}`];
      } catch {
        return [path, "none"];
      }
    }),
  );
}

/** A file that the work did not know of yet is one, too. */
function changes(state: ReadonlyMap<string, string>, paths: readonly string[]): readonly string[] {
  const now = stateOf([...new Set([...state.keys(), ...paths])]);
  return [...now.keys()].filter((path) => now.get(path) !== state.get(path));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The folders that are watched, and the next thing that happens in one of them. */
class Folders {
  readonly #watchers = new Map<string, FSWatcher | undefined>();
  #tell: () => void = () => undefined;

  /** These, and no others. */
  follow(paths: readonly string[]): void {
    const wanted = new Set(paths);
    for (const [path, watcher] of this.#watchers) {
      if (wanted.has(path)) continue;
      watcher?.close();
      this.#watchers.delete(path);
    }
    for (const path of wanted) if (!this.#watchers.has(path)) this.#watchers.set(path, this.#watch(path));
  }

  event(): Promise<void> {
    return new Promise((resolve) => {
      // Where a folder cannot be watched, time is the event; and a folder that was replaced sends none.
      const timer = setTimeout(resolve, [...this.#watchers.values()].includes(undefined) ? lookMilliseconds : 4 * lookMilliseconds);
      this.#tell = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher?.close();
    this.#watchers.clear();
    this.#tell();
  }

  #watch(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(path, () => this.#tell());
      watcher.on("error", () => {
        watcher.close();
        this.#watchers.set(path, undefined);
        this.#tell();
      });
      return watcher;
    } catch {
      return undefined;
    }
  }
}
