/**
 * Puts emitted files on the disk. The only file outside `compiler/cli` that touches one; decides nothing of what is in them.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is to be written: a path below the output folder, and the text. */
export interface FileToWrite {
  readonly path: string;
  readonly text: string;
}

/** The first file that could not be written, and why. Files written before it are whole. */
export class WriteError extends Error {
  readonly path: string;
  readonly reason: NodeJS.ErrnoException;
  constructor(path: string, reason: NodeJS.ErrnoException) {
    super(reason.message);
    this.path = path;
    this.reason = reason;
  }
}

/**
 * Writes every file whose text differs from what is there, so that a build after it compiles only what changed. A file
 * appears whole or not at all, also for another process that writes the same one.
 *
 * @returns the paths written, those that were left alone not among them
 * @throws WriteError the folder or a file cannot be written
 */
export function writeFiles(files: readonly FileToWrite[], folder: string): readonly string[] {
  makeFolder(folder);
  return files.flatMap(({ path, text }) => {
    const target = join(folder, path);
    if (textOf(target) === text) return [];
    makeFolder(dirname(target));
    replaceFile(target, text);
    return [target];
  });
}

/** @throws WriteError */
export function makeFolder(folder: string): void {
  attempt(folder, () => makeWithParents(folder));
}

/** Not `recursive`: where the system refuses a folder with ENOENT although its parent is there, as /proc does, Node tries for ever. */
function makeWithParents(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (reason) {
    const { code } = reason as NodeJS.ErrnoException;
    const parent = dirname(folder);
    if (code === "ENOENT" && parent !== folder && !existsSync(parent)) {
      makeWithParents(parent);
      mkdirSync(folder, { recursive: true });
    } else if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) throw reason;
  }
}

/** Writes beside the target and renames. @throws WriteError; nothing half-written is left. */
export function replaceFile(target: string, content: string | Uint8Array): void {
  const temporary = temporaryBeside(target);
  attempt(target, () => {
    try {
      writeFileSync(temporary, content);
      renameSync(temporary, target);
    } catch (reason) {
      rmSync(temporary, { force: true });
      throw reason;
    }
  });
}

/** A name in the same folder that no other process uses: a rename from it is atomic. */
export function temporaryBeside(target: string): string {
  serial += 1;
  return `${target}.${process.pid}-${serial}.part`;
}

let serial = 0;

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (reason) {
    throw new WriteError(path, reason as NodeJS.ErrnoException);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
