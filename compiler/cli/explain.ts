/** `fluxc explain CODE`: the page of a code; without a code, the list of them. */
import type { Argv } from "yargs";
import { printData, wantsColor } from "./console.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { explainedCodes, explainPageOf } from "./explain-pages.ts";
import { UsageError } from "./failure.ts";

interface ExplainArguments {
  readonly code?: string;
  readonly color?: boolean;
}

export const explainCommand = {
  command: "explain [code]",
  describe: "say what a code like FLX0201 means, with an example",
  builder: (yargs: Argv) =>
    yargs
      .positional("code", { type: "string", describe: "as a message shows it; the letters and leading zeros may be left out" })
      .options({ color: { type: "boolean", describe: "colour, or --no-color" } })
      .example("$0 explain FLX0201", "what it means that no node has a name, and what to do")
      .example("$0 explain", "every code and its title"),
  run: async ({ code, color }: ExplainArguments): Promise<ExitCode> => {
    const { explainPage, pageTitle } = await import("../diagnostics/explain.ts");
    if (code === undefined) {
      for (const one of explainedCodes()) printData(`${one}  ${pageTitle(explainPageOf(one) ?? "") ?? ""}\n`);
      return exitCode.fine;
    }
    const digits = /^(?:flx)?-?(\d{1,4})$/i.exec(code.trim())?.[1];
    if (digits === undefined) throw new UsageError(`\`${code}\` is no code`, "a code is FLX and four digits: `fluxc explain FLX0201`");
    const full = `FLX${digits.padStart(4, "0")}`;
    const page = explainPageOf(full);
    if (page === undefined) throw new UsageError(`there is no code \`${full}\``, "`fluxc explain` lists them");
    const { painter } = await import("../diagnostics/paint.ts");
    printData(explainPage(page, painter(wantsColor(color, process.stdout))));
    return exitCode.fine;
  },
};
