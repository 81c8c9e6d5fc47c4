/**
 * Finds, builds and runs the conformance programs, for the suites that judge them. A program is a folder of `programs/`;
 * README.md says what is in it. Builds go through the command line, as a user's do, and are kept by it.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { findRuntimes } from "../../../compiler/cli/runtimes.ts";
import type { RuntimeManifest } from "../../../compiler/target/manifest.ts";

export interface Program {
  /** `0008-loops` */
  readonly name: string;
  readonly folder: string;
  /** The .flux file. */
  readonly file: string;
  readonly runs: readonly Run[];
}

/** One run of a program and what it must come to. */
export interface Run {
  readonly name: string;
  readonly arguments: readonly string[];
  /** Text of a script for the test runtime (`--flux-test-script`); such a run is for that runtime alone. */
  readonly script?: readonly string[];
  /** All of it. */
  readonly stdout: string;
  /** A regular expression that must match. */
  readonly stderr?: string;
  readonly exit: number;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** A number, or the name of the signal. */
  readonly exit: number | string;
}

const root = join(import.meta.dirname, "../programs");

export function findPrograms(): readonly Program[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const folder = join(root, name);
      const file = readdirSync(folder).find((each) => each.endsWith(".flux"));
      if (file === undefined) throw new Error(`${name} has no .flux file`);
      return { name, folder, file: join(folder, file), runs: runsOf(folder) };
    });
}

/** Without a `case.json`: one run without arguments. What a run does not say is in `expected.txt`, and exit code 0. */
function runsOf(folder: string): readonly Run[] {
  const described = join(folder, "case.json");
  const expected = join(folder, "expected.txt");
  const given: { readonly runs: readonly Partial<Run>[] } = existsSync(described)
    ? (JSON.parse(readFileSync(described, "utf8")) as { runs: Partial<Run>[] })
    : { runs: [{ name: "plain" }] };
  return given.runs.map((run) => ({
    ...run,
    name: run.name ?? "plain",
    arguments: run.arguments ?? [],
    stdout: run.stdout ?? readFileSync(expected, "utf8"),
    exit: run.exit ?? 0,
  }));
}

export function runtimesFound(): readonly RuntimeManifest[] {
  return findRuntimes().map(({ manifest }) => manifest);
}

/** The command line as it is now, bundled anew for each suite. @returns the words that run it */
export async function bundleCommandLine(suite: string): Promise<readonly string[]> {
  const main = join(import.meta.dirname, "../../../compiler/cli/main.ts");
  const outfile = join(import.meta.dirname, "../build", `fluxc-${suite}.mjs`);
  await build({
    stdin: {
      contents: `import { main } from ${JSON.stringify(main)};\nprocess.exitCode = await main(process.argv.slice(2));\n`,
      resolveDir: import.meta.dirname,
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: { "string-width": join(import.meta.dirname, "../../../compiler/cli/ascii-width.ts") },
    banner: { js: 'import { createRequire as requireFor } from "node:module";\nconst require = requireFor(import.meta.url);' },
    logLevel: "error",
  });
  return [process.execPath, outfile];
}

/** How strictly generated code, node code and the runtime are compiled in these suites. */
const warnings = "-Wall -Wextra -Wpedantic -Werror";

/**
 * @param options  of `fluxc build`
 * @returns the executable; its name says how it was built, so that several can stand beside each other
 * @throws Error the build failed; the message is what it said
 */
export async function buildProgram(
  fluxc: readonly string[],
  { name, folder, file }: Pick<Program, "name" | "folder" | "file">,
  runtime: string,
  options: readonly string[] = ["--debug"],
): Promise<string> {
  const executable = join(folder, "build", ["conformance", runtime, ...options].join("-").replaceAll(/[^\w-]+/g, ""));
  const words = [...fluxc, "build", file, "--runtime", runtime, "--output", executable, ...options];
  const environment = { ...process.env, CXXFLAGS: warnings, CFLAGS: warnings };
  const { exit, stdout, stderr } = await run(words, { environment, seconds: 300 });
  if (exit !== 0) throw new Error(`${name} does not build for ${runtime}: exit ${exit}\n${stdout}${stderr}`);
  return executable;
}

/**
 * Runs a program as a run of it says.
 *
 * @param options  for the runtime, before the program's own arguments
 * @param seconds  after which it is killed: it hangs
 */
export async function runProgram(
  executable: string,
  { folder }: Program,
  { name, arguments: own, script }: Run,
  options: readonly string[] = [],
  seconds = 60,
): Promise<Outcome> {
  const scripted = script === undefined ? [] : [`--flux-test-script=${scriptFile(folder, name, script)}`];
  return await run([executable, ...options, ...scripted, ...own], { seconds });
}

/** What a run came to, and what it must come to, in a form that shows well where they differ. */
export function compared(run: Run, options: readonly string[], outcome: Outcome): { readonly found: object; readonly expected: object } {
  const how = [run.name, ...options].join(" ");
  const { stdout, exit } = run;
  // What a runtime says of failing sources is its own affair, unless the run asks. It is shown where anything else is wrong.
  const fits = run.stderr === undefined ? outcome.stdout === stdout && outcome.exit === exit : new RegExp(run.stderr).test(outcome.stderr);
  return { found: { how, ...outcome, stderr: fits ? "as expected" : outcome.stderr }, expected: { how, stdout, stderr: "as expected", exit } };
}

function scriptFile(folder: string, name: string, lines: readonly string[]): string {
  const path = join(folder, "build", `${name.replaceAll(" ", "-")}.script`);
  mkdirSync(join(folder, "build"), { recursive: true });
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  return path;
}

/** Runs a command to its end, or kills it when its time is over. */
export function run(
  [command = "", ...words]: readonly string[],
  { environment = process.env, seconds }: { readonly environment?: NodeJS.ProcessEnv; readonly seconds: number },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"], env: environment, timeout: seconds * 1000, killSignal: "SIGKILL" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ stdout, stderr, exit: code ?? signal ?? "nothing" }));
  });
}
