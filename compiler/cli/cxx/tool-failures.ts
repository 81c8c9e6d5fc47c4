/** What a failure of the C++ compiler or the linker is to the user. Which of its words belong to a node is `nodes/cpp`'s business. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { exitCode } from "../exit-code.ts";
import { Failure, nowhere } from "../failure.ts";
import type { Generation } from "../generate.ts";
import { linkErrors } from "../../nodes/cpp/link-errors.ts";
import { compileErrors } from "../../nodes/cpp/node-errors.ts";
import { folderOf } from "../node-sources.ts";
import { runtimesFolder } from "../runtimes.ts";
import { installLine } from "../setup.ts";
import { reasonOf } from "../system-error.ts";
import type { Compiled } from "./objects.ts";
import type { Outcome } from "./processes.ts";

/**
 * @param failed at least one
 * @param generated the folder of the generated files
 */
export function compilerFailure(failed: readonly Compiled[], generation: Generation, generated: string): Failure {
  const { source, program, files, diagnostics } = generation;
  const names = new Set(files.map(({ path }) => path));
  const { diagnostics: explained, complete } = compileErrors({
    program,
    output: failed.map(({ outcome }) => outcome?.stderr ?? "").join("\n"),
    isOurs: (path) => names.has(path) || isBelow(path, generated) || isBelow(path, runtimesFolder()),
    read: (path) => textOf(path) ?? textOf(join(folderOf(source.path), path)),
    beside: readdirSync(folderOf(source.path)),
  });
  // Where every error has its place in the user's text, nothing is left to add.
  const others = complete && explained.length > 0 ? [] : failed;
  const said = [...explained.map(withPlainPath), ...others.map(({ unit, outcome }) => asItIs(unit.source, outcome))];
  return new Failure(exitCode.toolchain, [...diagnostics, ...said], source);
}

export function linkerFailure(outcome: Outcome, { source, program, nodeSources, diagnostics, name }: Generation): Failure {
  const { diagnostics: explained, complete } = linkErrors({ program, output: outcome.stderr, nodeSources });
  const others = complete && explained.length > 0 ? [] : [asItIs(name, outcome)];
  return new Failure(exitCode.toolchain, [...diagnostics, ...explained, ...others], source);
}

/** What no node is to blame for, in the tool's own words. */
function asItIs(path: string, outcome: Outcome | undefined): Diagnostic {
  const { code, signal, error, stderr = "" } = outcome ?? {};
  const reason = error !== undefined ? reasonOf(error) : signal !== undefined ? `it was stopped by ${signal}` : `exit code ${code}`;
  const reported = diagnostic("FLX0805", { at: nowhere }, { file: basename(path), reason, output: shortened(stderr), advice: adviceOn(outcome) });
  return { ...reported, source: { path, text: "" } };
}

function adviceOn(outcome: Outcome | undefined): string | undefined {
  const { signal, error, stderr = "" } = outcome ?? {};
  if (/No space left on device/.test(stderr)) return "make room on the disk";
  if (signal === "SIGKILL" || /Killed signal terminated program/.test(stderr)) return "a compiler that is killed has usually run out of memory";
  if (error?.code === "ENOENT") return `install it with \`${installLine(["g++"])}\``;
  return undefined;
}

/** A source in the current folder is given as `./a.cpp`, which tells it from generated ones; a person calls it `a.cpp`. */
function withPlainPath(one: Diagnostic): Diagnostic {
  return one.source === undefined ? one : { ...one, source: { ...one.source, path: one.source.path.replace(/^\.\//, "") } };
}

function isBelow(path: string, folder: string): boolean {
  return !relative(folder, path).startsWith("..");
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const mostLines = 40;

function shortened(output: string): string {
  const lines = output.trim().split("\n");
  if (output.trim() === "") return "It said nothing.";
  return lines.length <= mostLines ? lines.join("\n") : [...lines.slice(0, mostLines), `(${lines.length - mostLines} more lines)`].join("\n");
}
