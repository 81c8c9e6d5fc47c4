/** `fluxc check FILE`: every check, nothing generated; with `--cxx` the node functions too. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";
import { reportOptions, runtimeOption, toolchainOptions, type ReportChoices } from "./options.ts";

interface CheckArguments extends ReportChoices {
  readonly file: string;
  /** A compiler's name, or nothing behind the option: the usual one. */
  readonly cxx?: string;
  readonly nodes?: readonly string[];
  readonly runtime?: string;
}

export const checkCommand = {
  command: "check <file>",
  describe: "find every mistake in a program",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({
        ...reportOptions,
        cxx: { type: "string", describe: "check the node functions too, with this C++ compiler (or the usual one: --cxx alone)" },
        nodes: toolchainOptions.nodes,
        runtime: { ...runtimeOption, describe: "with --cxx: the runtime to check against" },
      })
      .example("$0 check hello.flux", "all errors, with the lines they are in")
      .example("$0 check hello.flux --cxx", "and whether every node has a function that fits")
      .example("$0 check - --format short < hello.flux", "one line a mistake")
      .example("$0 check hello.flux --format sarif --deny-warnings", "for CI"),
  run: async (given: CheckArguments): Promise<ExitCode> => {
    const { reporting } = await import("./reporting.ts");
    return reporting(given, async () => {
      if (given.cxx !== undefined) {
        const { checkWithCompiler } = await import("./build-server.ts");
        return checkWithCompiler(given);
      }
      const { checkProgram } = await import("./check-program.ts");
      return checkProgram(given.file, given);
    });
  },
};
