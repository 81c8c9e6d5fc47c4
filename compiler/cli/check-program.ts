/** What `fluxc check` does without a C++ compiler. Apart from the command so that `--help` loads no checker. */
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { fromSyntax } from "../diagnostics/from-syntax.ts";
import { planLocks } from "../locks/plan-locks.ts";
import type { ExitCode } from "./exit-code.ts";
import type { ReportChoices } from "./options.ts";
import { readProgram } from "./read-program.ts";
import { printReport, verdict } from "./reporting.ts";

export function checkProgram(file: string, choices: ReportChoices): ExitCode {
  const source = readProgram(file);
  const { value: ast, errors } = parse(source);
  const { value: program, diagnostics: found } = check(ast, source);
  const front = [...errors.map(fromSyntax), ...found];
  const isSound = front.every(({ severity }) => severity === "warning");
  // What no server could be made of is said here, not first by `build`.
  const diagnostics = isSound ? [...front, ...planLocks(program).diagnostics] : front;
  printReport(diagnostics, source, choices);
  return verdict(diagnostics, choices);
}
