/** `fluxc check FILE`: every check, nothing generated; with `--cxx` the node functions too. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";
import { reportOptions, runtimeOption, toolchainOptions, watchOption, type ReportChoices } from "./options.ts";

export interface CheckArguments extends ReportChoices {
  readonly file: string;
  readonly cxx?: boolean;
  readonly nodes?: readonly string[];
  readonly runtime?: string;
  readonly watch?: boolean;
}

export const checkCommand = {
  command: "check <file>",
  describe: "find every mistake in a program",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({
        ...reportOptions,
        cxx: { type: "boolean", describe: "check the node functions too, with the C++ compiler that the variable CXX names, or the usual one" },
        nodes: toolchainOptions.nodes,
        runtime: { ...runtimeOption, describe: "with --cxx: the runtime to check against" },
        watch: watchOption,
      })
      .example("$0 check hello.flux", "all errors, with the lines they are in")
      .example("$0 check hello.flux --cxx", "and whether every node has a function that fits")
      .example("$0 check - --format short < hello.flux", "one line a mistake")
      .example("$0 check hello.flux --watch", "again whenever you save")
      .example("$0 check hello.flux --format sarif --deny-warnings", "for CI"),
  run: async (given: CheckArguments): Promise<ExitCode | number> => {
    if (given.watch === true) {
      const { watchCheck } = await import("./watch-commands.ts");
      return watchCheck(given, () => once(given));
    }
    return once(given);
  },
};

async function once(given: CheckArguments): Promise<ExitCode> {
  const { reporting } = await import("./reporting.ts");
  return reporting(given, async () => {
    if (given.cxx === true) {
      const { checkWithCompiler } = await import("./build-server.ts");
      return checkWithCompiler(given);
    }
    const { checkProgram } = await import("./check-program.ts");
    return checkProgram(given.file, given);
  });
}
