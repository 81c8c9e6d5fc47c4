/** Where reports go and what they come to. How a diagnostic looks is `diagnostics/report.ts`'s business. */
import type { Source } from "../../grammar/source.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { report } from "../diagnostics/report.ts";
import { WriteError } from "../emit/write.ts";
import { printData, printMessage, wantsColor } from "./console.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { explainPageOf } from "./explain-pages.ts";
import { Failure, failureToWrite } from "./failure.ts";
import type { ReportChoices } from "./options.ts";

/**
 * Documents for another program are data and go to stdout, so that nothing else a command says can come between; what a
 * person or a CI log reads goes to stderr.
 */
export function printReport(diagnostics: readonly Diagnostic[], source: Source, { format, color }: ReportChoices): void {
  const isData = format === "json" || format === "sarif";
  const text = report(diagnostics, source, {
    format,
    // Node makes a stream when it is first looked at, which takes longer than to find nothing wrong.
    color: diagnostics.length > 0 && wantsColor(color, isData ? process.stdout : process.stderr),
    page: explainPageOf,
  });
  if (isData) printData(text);
  else printMessage(text);
}

/** What a program comes to that has these diagnostics. */
export function verdict(diagnostics: readonly Diagnostic[], { denyWarnings }: ReportChoices): ExitCode {
  const fails = ({ severity }: Diagnostic): boolean => severity === "error" || denyWarnings;
  return diagnostics.some(fails) ? exitCode.wrong : exitCode.fine;
}

/** Runs a command; one that stops early has its reason printed in the format that was asked for. */
export async function reporting(choices: ReportChoices, command: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await command();
  } catch (error) {
    const failure = error instanceof WriteError ? failureToWrite(error) : error;
    if (!(failure instanceof Failure)) throw error;
    printReport(failure.diagnostics, failure.source, choices);
    return failure.code;
  }
}
