/** Which C and C++ sources hold a program's node functions. Compiles none of them. */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { failureAt, nowhere } from "./failure.ts";
import { filesMatching } from "./glob.ts";

export interface NodeSources {
  readonly sources: readonly string[];
  /** Those left out because they define `main`. */
  readonly programs: readonly string[];
}

const sourceName = /\.(?:c|cc|cpp|cxx|c\+\+|C)$/;

export function isC(path: string): boolean {
  return path.endsWith(".c");
}

/**
 * Every source beside the program, or those that `globs` names.
 *
 * @param file the program, or `-`, whose folder is the current one
 * @throws Failure another program stands beside it and no glob tells whose the sources are, or a glob names nothing
 */
export function findNodeSources(file: string, globs: readonly string[] | undefined): NodeSources {
  const candidates = globs === undefined || globs.length === 0 ? besideProgram(file) : globs.flatMap((glob) => named(file, glob));
  const unique = [...new Set(candidates)];
  return {
    sources: unique.filter((path) => !definesMain(readFileSync(path, "utf8"))),
    programs: unique.filter((path) => definesMain(readFileSync(path, "utf8"))),
  };
}

/** @throws Failure an executable of that name would take the place of one of its own inputs */
export function protectInputs(executable: string, inputs: readonly string[]): void {
  if (inputs.some((input) => input !== "-" && isSameFile(input, executable))) {
    throw failureAt(executable, diagnostic("FLX0811", { at: nowhere }, { path: executable }));
  }
}

/** The folder a program stands in. */
export function folderOf(file: string): string {
  return file === "-" ? "." : dirname(file);
}

function besideProgram(file: string): readonly string[] {
  const folder = folderOf(file);
  const names = readdirSync(folder).filter((name) => !name.startsWith(".")).sort();
  const sources = names.filter((name) => sourceName.test(name)).map((name) => join(folder, name));
  const others = names.filter((name) => name.endsWith(".flux") && (file === "-" || !isSameFile(join(folder, name), file)));
  if (others.length > 0 && sources.length > 0) {
    const own = file === "-" ? [] : [basename(file)];
    const programs = [...own, ...others].map((name) => `\`${name}\``).join(" and ");
    const glob = join(folder, `${file === "-" ? "" : basename(file, ".flux")}*.cpp`);
    throw failureAt(file, diagnostic("FLX0806", { at: nowhere }, { folder: relative("", folder) || ".", programs, glob }));
  }
  return sources;
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

function named(file: string, glob: string): readonly string[] {
  const found = filesMatching(glob);
  if (found.length === 0) throw failureAt(file, diagnostic("FLX0807", { at: nowhere }, { glob }));
  return found;
}

/**
 * Whether a source defines `main`: a client, a tool or a test beside the server, and no node source. Read off the text, since
 * such a program may need headers that the server does not.
 */
export function definesMain(text: string): boolean {
  if (!text.includes("main")) return false;
  // A definition has a body; in the style of before 1989 the parameters are declared in between.
  return /(?<!(?:\w|::|\.|->|~)\s*)\bmain\s*\([^;{}()]*(?:\([^()]*\)[^;{}()]*)*\)\s*(?:noexcept\s*)?(?:->\s*|try\s*)?(?:[\w*[\]][\w\s*[\],]*;\s*)*\{/.test(
    withoutCommentsAndTexts(text).replace(/\b(?:int|void|auto|extern)\b/g, " "),
  );
}

function withoutCommentsAndTexts(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/(?:\\\n|[^\n])*|R"([^()\\ ]{0,16})\([^]*?\)\1"|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g, " ");
}
