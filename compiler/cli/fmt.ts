/** `fluxc fmt FILES [--check]`: every program in its one layout. Loads Prettier only when it runs. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { formats, reportOptions, type ReportChoices } from "./options.ts";

interface FmtArguments extends Pick<ReportChoices, "format" | "color"> {
  readonly files?: readonly string[];
  readonly "--"?: readonly string[];
  readonly check: boolean;
}

/** stdout has the names of the files, or the program itself: there is no place for a document. */
const lineFormats = formats.filter((name) => name !== "json" && name !== "sarif");

export const fmtCommand = {
  command: "fmt [files..]",
  describe: "lay programs out as everybody does",
  builder: (yargs: Argv) =>
    yargs
      .positional("files", { type: "string", array: true, describe: "programs, and folders with programs below; - is from standard input to standard output" })
      .options({
        check: { type: "boolean", default: false, describe: "change nothing; list what would change, and fail if anything would (for CI)" },
        format: { ...reportOptions.format, choices: lineFormats, describe: "how diagnostics look" },
        color: reportOptions.color,
      })
      .example("$0 fmt hello.flux", "its name is printed if it changed")
      .example("$0 fmt .", "every program here and below")
      .example("$0 fmt --check .", "for CI: exit code 1 and the names of those to format")
      .example("$0 fmt - < hello.flux", "for an editor"),
  run: async ({ files = [], "--": others = [], check, format, color }: FmtArguments): Promise<ExitCode> => {
    const named = [...files, ...others];
    if (named.length === 0) throw new UsageError("`fluxc fmt` needs a FILE or a folder", "`fluxc fmt .` formats every program here and below");
    const { formatFiles } = await import("./format-files.ts");
    return formatFiles(named, check, { format, color, denyWarnings: false });
  },
};
