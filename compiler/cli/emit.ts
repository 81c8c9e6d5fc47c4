/** `fluxc emit FILE -r RUNTIME -o DIR`: the generated sources, nothing compiled. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";
import { reportOptions, runtimeOption, toolchainOptions, type ReportChoices } from "./options.ts";

interface EmitArguments extends ReportChoices {
  readonly file: string;
  readonly runtime?: string;
  readonly output: string;
  readonly nodes?: readonly string[];
}

export const emitCommand = {
  command: "emit <file>",
  describe: "write the generated C++ and its CMake files, compile nothing",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({
        runtime: runtimeOption,
        output: { alias: "o", type: "string", demandOption: true, requiresArg: true, describe: "the folder to write to" },
        nodes: toolchainOptions.nodes,
        ...reportOptions,
      })
      .example("$0 emit hello.flux -r thread -o generated", "to read it, or to build it with CMake"),
  run: async (given: EmitArguments): Promise<ExitCode> => {
    const { reporting } = await import("./reporting.ts");
    return reporting(given, async () => {
      const { emitProgram } = await import("./generate.ts");
      return emitProgram(given);
    });
  },
};
