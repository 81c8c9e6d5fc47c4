/** Reads a program from a file or from standard input. What its bytes mean is the grammar's business. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { decodeSource, type Source } from "../../grammar/source.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { fromSyntax } from "../diagnostics/from-syntax.ts";
import { closest } from "../text/closest.ts";
import { exitCode } from "./exit-code.ts";
import { Failure, failureAt, nowhere } from "./failure.ts";
import { reasonOf } from "./system-error.ts";

/** @throws Failure what is named cannot be read as a program */
export function readProgram(path: string): Source {
  const { source, errors, shown } = decodeSource(path, path === "-" ? readInput() : readBytes(path));
  if (source === undefined) throw new Failure(exitCode.wrong, errors.map(fromSyntax), shown);
  return source;
}

/** @throws Failure */
export function readInput(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (error) {
    // A terminal or a pipe that nobody writes to is no program either.
    throw failureAt("-", diagnostic("FLX0801", { at: nowhere }, { path: "-", reason: reasonOf(error) }));
  }
}

/** @throws Failure it cannot be read, or is a folder */
export function readBytes(path: string): Uint8Array {
  try {
    const about = statSync(path);
    if (about.isDirectory()) throw failureAt(path, directoryNamed(path));
    // One byte over the limit is enough for the grammar to refuse it; a device or a pipe says 0 here and is read whole.
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const suggestion = (error as NodeJS.ErrnoException).code === "ENOENT" ? nearTo(path) : undefined;
    throw failureAt(path, diagnostic("FLX0801", { at: nowhere }, { path, reason: reasonOf(error), suggestion }));
  }
}

function directoryNamed(path: string) {
  const programs = programsIn(path);
  const suggestion = programs.length === 1 && programs[0] !== undefined ? join(path, programs[0]) : undefined;
  return diagnostic("FLX0802", { at: nowhere }, { path, suggestion });
}

function nearTo(path: string): string | undefined {
  const folder = dirname(path);
  const near = closest(basename(path), programsIn(folder));
  return near === undefined ? undefined : join(folder, near);
}

function programsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".flux"));
  } catch {
    return [];
  }
}
