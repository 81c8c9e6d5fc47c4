/**
 * Compiles what changed. An object is kept while its source, everything the source includes, the compiler and the flags are
 * what they were; that is looked up in a record beside the object. Knows nothing of Flux.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, statSync } from "node:fs";
import { replaceFile, temporaryBeside } from "../../emit/write.ts";
import { runTool, withTemporary, type Outcome } from "./processes.ts";

/** One source to compile. */
export interface Unit {
  readonly source: string;
  readonly object: string;
  /** The whole command but for source and output. */
  readonly words: readonly string[];
  /** The compiler's. */
  readonly identity: string;
}

export interface Compiled {
  readonly unit: Unit;
  /** Absent where the object was still good. */
  readonly outcome?: Outcome;
  readonly worked: boolean;
}

interface Record {
  readonly command: string;
  readonly inputs: readonly Input[];
}

interface Input {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  /** When its content or its name last changed; unlike `modified`, a copy cannot set it. */
  readonly changed: number;
  readonly digest: string;
}

/** Compiles a unit if it must be. The object appears whole or not at all. */
export async function compileUnit(unit: Unit): Promise<Compiled> {
  if (isFresh(unit)) return { unit, worked: true };
  const begun = Date.now();
  return await withTemporary(temporaryBeside(unit.object), async (object) =>
    withTemporary(`${object}.d`, async (dependencies) => {
      const outcome = await runTool([...unit.words, "-MD", "-MF", dependencies, "-c", unit.source, "-o", object]);
      if (outcome.code !== 0) return { unit, outcome, worked: false };
      const record = recordOf(unit, dependencies, begun);
      renameSync(object, unit.object);
      if (record !== undefined) replaceFile(recordPath(unit), JSON.stringify(record));
      return { unit, outcome, worked: true };
    }),
  );
}

/** Whether compiling a unit would give the object that is there. */
export function isFresh(unit: Unit): boolean {
  try {
    const { command, inputs } = JSON.parse(readFileSync(recordPath(unit), "utf8")) as Record;
    return command === commandOf(unit) && statSync(unit.object).isFile() && inputs.every(isUnchanged);
  } catch {
    // No record, one of another version, or an input that is gone.
    return false;
  }
}

/** Most inputs are told by size and time; one that was only touched, or checked out anew, by what is in it. */
function isUnchanged({ path, size, modified, changed, digest }: Input): boolean {
  const now = statSync(path);
  if (now.size !== size) return false;
  return (now.mtimeMs === modified && now.ctimeMs === changed) || digestOf(readFileSync(path)) === digest;
}

/** @returns nothing if an input changed while the compiler ran: who knows what it read */
function recordOf(unit: Unit, dependencies: string, begun: number): Record | undefined {
  const inputs = pathsIn(readFileSync(dependencies, "utf8")).map((path) => {
    const { size, mtimeMs, ctimeMs } = statSync(path);
    return { path, size, modified: mtimeMs, changed: ctimeMs, digest: digestOf(readFileSync(path)) };
  });
  return inputs.some(({ modified }) => modified >= begun) ? undefined : { command: commandOf(unit), inputs };
}

/** The prerequisites in a rule that a compiler wrote: separated by blanks, `\ ` is a blank in a name, `$$` a dollar. */
export function pathsIn(rule: string): readonly string[] {
  const afterTarget = rule.slice(rule.search(/:\s/) + 1).replaceAll("\\\n", " ");
  return (afterTarget.match(/(?:\\[ #]|\S)+/g) ?? []).map((path) => path.replaceAll(/\\([ #])/g, "$1").replaceAll("$$", "$"));
}

const recordPath = ({ object }: Unit): string => `${object}.json`;
const commandOf = ({ words, source, identity }: Unit): string => JSON.stringify([words, source, identity]);

export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
