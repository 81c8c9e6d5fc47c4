/** What `fluxc check` does without a C++ compiler. Apart from the command so that `--help` loads no checker. */
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { fromSyntax } from "../diagnostics/from-syntax.ts";
import type { ExitCode } from "./exit-code.ts";
import type { ReportChoices } from "./options.ts";
import { readProgram } from "./read-program.ts";
import { printReport, verdict } from "./reporting.ts";

export function checkProgram(file: string, choices: ReportChoices): ExitCode {
  const source = readProgram(file);
  const { value: ast, errors } = parse(source);
  const { diagnostics: found } = check(ast, source);
  const diagnostics = [...errors.map(fromSyntax), ...found];
  printReport(diagnostics, source, choices);
  return verdict(diagnostics, choices);
}
