/** What `fluxc fmt` does: finds the programs, lays each out, and replaces what changed. The layout is `compiler/format`'s business. */
import { accessSync, chmodSync, chownSync, constants, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "../../grammar/index.ts";
import { decodeSource, type Source } from "../../grammar/source.ts";
import { fromSyntax } from "../diagnostics/from-syntax.ts";
import { temporaryBeside, WriteError } from "../emit/write.ts";
import { formatProgram } from "../format/format.ts";
import { printData, printNote } from "./console.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { Failure, UsageError } from "./failure.ts";
import type { ReportChoices } from "./options.ts";
import { readBytes, readInput } from "./read-program.ts";
import { reporting } from "./reporting.ts";

/**
 * Formats every file, also after one that cannot be read or has a mistake: such a one is left as it is. Prints the names of
 * those that changed, or with `check` would.
 *
 * @throws UsageError a name stands for no program at all; nothing has changed then
 */
export async function formatFiles(named: readonly string[], check: boolean, choices: ReportChoices): Promise<ExitCode> {
  if (named.includes("-")) {
    if (named.length > 1) throw new UsageError("`-` is standard input and stands alone");
    return reporting(choices, () => formatInput(check));
  }
  const codes: ExitCode[] = [];
  let unformatted = 0;
  for (const path of programsNamed(named)) {
    const code = await reporting(choices, async () => {
      const text = await changedText(path, readBytes(path));
      if (text === undefined) return exitCode.fine;
      if (check) unformatted += 1;
      else replace(path, text);
      printData(`${path}\n`);
      return check ? exitCode.wrong : exitCode.fine;
    });
    codes.push(code);
  }
  if (unformatted > 0) printNote(`\`fluxc fmt\` would change ${unformatted === 1 ? "this file" : `these ${unformatted} files`}`);
  return codes.toSorted((a, b) => b - a)[0] ?? exitCode.fine;
}

async function formatInput(check: boolean): Promise<ExitCode> {
  const bytes = readInput();
  const changed = await changedText("-", bytes);
  if (!check) printData(changed ?? Buffer.from(bytes).toString());
  else if (changed !== undefined) printData("-\n");
  return check && changed !== undefined ? exitCode.wrong : exitCode.fine;
}

const byteOrderMark = "\uFEFF";

/** Laid out, where that is not what it is already. A byte-order mark stays. @throws Failure it is no program */
async function changedText(path: string, bytes: Uint8Array): Promise<string | undefined> {
  const { text } = soundProgram(path, bytes);
  const formatted = await formatProgram({ path, text });
  if (formatted === text) return undefined;
  return bytes[0] === 0xef ? byteOrderMark + formatted : formatted;
}

function soundProgram(path: string, bytes: Uint8Array): Source {
  const { source, errors, shown } = decodeSource(path, bytes);
  if (source === undefined) throw new Failure(exitCode.wrong, errors.map(fromSyntax), shown);
  const found = parse(source).errors;
  if (found.length > 0) throw new Failure(exitCode.wrong, found.map(fromSyntax), source);
  return source;
}

/** In the order named, each once; in a folder all that end in `.flux`, by name. */
function programsNamed(named: readonly string[]): readonly string[] {
  return [...new Set(named.flatMap((path) => {
    const about = statSync(path, { throwIfNoEntry: false });
    if (about?.isDirectory() !== true) {
      if (about !== undefined && !about.isFile()) throw new UsageError(`\`${path}\` is no file that could be replaced`, "`-` is standard input");
      return [path];
    }
    const below = [...programsBelow(path)];
    if (below.length === 0) throw new UsageError(`there is no \`.flux\` file in \`${path}\` or below it`);
    return below;
  }))];
}

/** What others put there is not searched: hidden folders, `node_modules`, and `build`, where a server is made. */
function* programsBelow(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^\.|^node_modules$|^build$/.test(entry.name)) yield* programsBelow(path);
    } else if (entry.isFile() && entry.name.endsWith(".flux")) yield path;
  }
}

/** All of the text or nothing, with the mode and the owner of what was there; behind a link, the file it leads to. @throws WriteError */
function replace(path: string, text: string): void {
  let temporary: string | undefined;
  try {
    const target = realpathSync(path);
    // Renaming would replace what nobody may write to.
    accessSync(target, constants.W_OK);
    const { mode, uid, gid } = statSync(target);
    temporary = temporaryBeside(target);
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    keepOwner(temporary, uid, gid);
    chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, target);
  } catch (reason) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw new WriteError(path, reason as NodeJS.ErrnoException);
  }
}

/** Only root may give a file to another; who else may write to it becomes its owner, as an editor would make him. */
function keepOwner(path: string, uid: number, gid: number): void {
  const { uid: ownUser, gid: ownGroup } = statSync(path);
  if (uid === ownUser && gid === ownGroup) return;
  try {
    chownSync(path, uid, gid);
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== "EPERM") throw reason;
  }
}
