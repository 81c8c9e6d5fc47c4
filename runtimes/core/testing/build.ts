/**
 * Compiles C++ of the runtimes for their own tests. Not how a generated program is built: that is the CLI's.
 *
 * Objects and executables are kept under `runtimes/build/tests`, by a hash of all they are made of, so a second run compiles nothing.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export const runtimesFolder = join(import.meta.dirname, "../..");
const cacheFolder = join(runtimesFolder, "build/tests");

const warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"];

export interface Build {
  /** Relative to `runtimes/`. */
  readonly sources: readonly string[];
  /** Beside `-std=c++20` and the warnings. */
  readonly flags: readonly string[];
  readonly compiler?: "g++" | "clang++";
}

/** The `.cpp` files of a folder under `runtimes/`; tests only if asked for. */
export function sourcesOf(folder: string, which: "library" | "tests"): string[] {
  return readdirSync(join(runtimesFolder, folder))
    .filter((name) => name.endsWith(".cpp") && name.endsWith("_test.cpp") === (which === "tests"))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Compiles and links.
 *
 * @returns the path of the executable.
 * @throws Error with what the compiler said.
 */
export async function buildExecutable({ sources, flags, compiler = "g++" }: Build): Promise<string> {
  mkdirSync(cacheFolder, { recursive: true });
  const command = ["-std=c++20", ...warnings, ...flags, "-I.", "-Iinclude"];
  const headers = hashOf(headersOf(runtimesFolder));
  const objects: string[] = [];
  const pending = [...sources];
  const compile = async (): Promise<void> => {
    for (let source = pending.shift(); source !== undefined; source = pending.shift()) {
      const object = join(cacheFolder, `${hashOf([source], [headers, compiler, ...command])}.o`);
      objects.push(object);
      await made(object, (to) => run(compiler, [...command, "-c", source, "-o", to], { cwd: runtimesFolder }));
    }
  };
  await Promise.all([compile(), compile()]);
  const executable = join(cacheFolder, hashOf([], [compiler, ...command, ...objects.sort()]));
  await made(executable, (to) => run(compiler, [...command, ...objects, "-o", to, "-lpthread"], { cwd: runtimesFolder }));
  return executable;
}

/** Under a temporary name first: two test files may build the same at once. */
async function made(path: string, make: (to: string) => Promise<unknown>): Promise<void> {
  if (existsSync(path)) return;
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}${path.endsWith(".o") ? ".o" : ""}`;
  try {
    await make(temporary);
  } catch (error) {
    throw new Error(String((error as { stderr?: unknown }).stderr ?? error));
  }
  renameSync(temporary, path);
}

/** But those in folders where tests build: they come and go. */
function headersOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "build" ? [] : headersOf(path);
      return entry.name.endsWith(".hpp") ? [relative(runtimesFolder, path)] : [];
    })
    .sort();
}

function hashOf(files: readonly string[], words: readonly string[] = []): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("\0").update(readFileSync(join(runtimesFolder, file))).update("\0");
  for (const word of words) hash.update(word).update("\0");
  return hash.digest("hex").slice(0, 32);
}
