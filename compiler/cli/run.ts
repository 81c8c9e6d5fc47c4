/** `fluxc run FILE -r RUNTIME -- ARGS`: builds a server and becomes it. */
import type { Argv } from "yargs";
import type { BuildArguments } from "./build.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { buildOptions, reportOptions, runtimeOption, toolchainOptions } from "./options.ts";

interface RunArguments extends BuildArguments {
  /** What stands after `--`. */
  readonly "--"?: readonly string[];
}

export const runCommand = {
  command: "run <file>",
  describe: "make a server and run it",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({ runtime: runtimeOption, ...buildOptions, ...toolchainOptions, ...reportOptions })
      .example("$0 run hello.flux -r thread -- --port 8080", "what stands after -- goes to the server")
      .epilogue("The exit code is the server's. A signal sent to fluxc is passed on to it."),
  run: async (given: RunArguments): Promise<ExitCode | number> => {
    const { reporting } = await import("./reporting.ts");
    let server: string | undefined;
    const built = await reporting(given, async () => {
      const { buildServer } = await import("./build-server.ts");
      return buildServer(given, (executable) => (server = executable));
    });
    if (built !== exitCode.fine || server === undefined) return built;
    const { runServer } = await import("./run-server.ts");
    return runServer(server, given["--"] ?? []);
  },
};
