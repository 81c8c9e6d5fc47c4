/** From a program on the disk to generated files in memory: what emit, build, run and check --cxx begin with. */
import { basename, join } from "node:path";
import type { Source } from "../../grammar/source.ts";
import type { Program } from "../check/program.ts";
import { checkOnly, compile } from "../compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { EmittedFile } from "../emit/emitted-file.ts";
import { writeFiles } from "../emit/write.ts";
import { printData, printNote } from "./console.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { findNodeSources } from "./node-sources.ts";
import type { ReportChoices } from "./options.ts";
import { readProgram } from "./read-program.ts";
import { readSurroundings } from "./read-surroundings.ts";
import { printReport, verdict } from "./reporting.ts";
import { chooseRuntime, type Runtime } from "./runtimes.ts";

/** What a generation is asked for. */
export interface GenerateArguments extends ReportChoices {
  readonly file: string;
  readonly runtime?: string;
  readonly nodes?: readonly string[];
}

export interface Generation {
  readonly source: Source;
  /** `hello` of `hello.flux`: names the executable and its folder. */
  readonly name: string;
  readonly runtime: Runtime;
  readonly nodeSources: readonly string[];
  /** Complete where there was no error. */
  readonly program: Program;
  /** Empty where the program has errors. */
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a program and what stands around it, and compiles it as far as text.
 *
 * @throws UsageError, Failure there is no such runtime, or something cannot be read
 */
export function generate({ file, runtime: asked, nodes }: GenerateArguments): Generation {
  const runtime = chooseRuntime(asked);
  const source = readProgram(file);
  const { sources: nodeSources, programs } = findNodeSources(file, nodes);
  for (const path of programs) printNote(`\`${path}\` defines \`main\` and is left out`);
  const { value: files, diagnostics } = compile(source, runtime.manifest, readSurroundings(file, nodeSources));
  const name = file === "-" ? "stdin" : basename(file).replace(/\.flux$/, "");
  const program = checkOnly(source, "build").value;
  return { source, name, runtime, nodeSources, program, files, diagnostics };
}

/** `fluxc emit`: what was generated, on the disk, and a list of it on stdout. */
export function emitProgram(given: GenerateArguments & { readonly output: string }): ExitCode {
  const { source, files, diagnostics } = generate(given);
  printReport(diagnostics, source, given);
  const answer = verdict(diagnostics, given);
  if (answer !== exitCode.fine) return answer;
  writeFiles(files, given.output);
  // A document on stdout must stay one.
  if (given.format !== "json" && given.format !== "sarif") {
    for (const { path } of files) printData(`${join(given.output, path)}\n`);
  }
  return answer;
}
