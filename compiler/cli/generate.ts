/** From a program on the disk to generated files in memory: what emit, build, run and check --cxx begin with. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Source } from "../../grammar/source.ts";
import type { Program } from "../check/program.ts";
import { compile, type EmittedFile } from "../compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { writeFiles } from "../emit/write.ts";
import { printData, printNote } from "./console.ts";
import type { ExitCode } from "./exit-code.ts";
import { findNodeSources, folderOf } from "./node-sources.ts";
import type { ReportChoices } from "./options.ts";
import { readProgram } from "./read-program.ts";
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
  /** Absent where the program has errors. */
  readonly program?: Program;
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export function generate(): Generation {
  throw new Error();
}
export function emitProgram(): ExitCode {
  throw new Error();
}
