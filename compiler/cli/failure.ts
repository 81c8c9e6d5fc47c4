/**
 * How a command stops early. Only `compiler/cli` throws these: the passes return what is wrong as data. Says nothing of how
 * a failure looks.
 */
import type { Source } from "../../grammar/source.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WriteError } from "../emit/write.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { adviceOn, reasonOf } from "./system-error.ts";

/** The command line is wrong: one line that says so, and one that helps. */
export class UsageError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Work that cannot go on, with what the user is told of it. */
export class Failure extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Source;
  readonly code: ExitCode;
  constructor(code: ExitCode, diagnostics: readonly Diagnostic[], source: Source) {
    super(diagnostics.map(({ title }) => title).join("\n"));
    this.code = code;
    this.diagnostics = diagnostics;
    this.source = source;
  }
}

/** A failure that is about a file or a tool, and about no place in a text. */
export function failureAt(path: string, reported: Diagnostic, code: ExitCode = exitCode.usage): Failure {
  return new Failure(code, [reported], { path, text: "" });
}

export function failureToWrite({ path, reason }: WriteError): Failure {
  const holes = { path, reason: reasonOf(reason), advice: adviceOn(reason) };
  return failureAt(path, diagnostic("FLX0803", { at: nowhere }, holes));
}

/** In a file that has no text, or none that could be read. */
export const nowhere = { start: 0, end: 0 } as const;
