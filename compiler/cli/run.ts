/** `fluxc run FILE -r RUNTIME -- ARGS`: builds a server and becomes it. */
import type { Argv } from "yargs";
import type { BuildArguments } from "./build.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { buildOptions, reportOptions, runtimeOption, toolchainOptions, watchOption } from "./options.ts";

export interface RunArguments extends BuildArguments {
  /** What stands after `--`. */
  readonly "--"?: readonly string[];
}

export const runCommand = {
  command: "run <file>",
  describe: "make a server and run it",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({ runtime: runtimeOption, ...buildOptions, ...toolchainOptions, watch: watchOption, ...reportOptions })
      .example("$0 run hello.flux -r thread -- --port 8080", "what stands after -- goes to the server")
      .example("$0 run hello.flux -r thread --watch", "builds and starts it again whenever you save")
      .epilogue("The exit code is the server's. A signal sent to fluxc is passed on to it."),
  run: async (given: RunArguments): Promise<ExitCode | number> => {
    let server: string | undefined;
    const build = async (): Promise<ExitCode> => {
      server = undefined;
      const { reporting } = await import("./reporting.ts");
      return reporting(given, async () => {
        const { buildServer } = await import("./build-server.ts");
        return buildServer(given, (executable) => (server = executable));
      });
    };
    if (given.watch === true) {
      const { watchRun } = await import("./watch-commands.ts");
      return watchRun(given, build, () => server);
    }
    const built = await build();
    if (built !== exitCode.fine || server === undefined) return built;
    const { runServer } = await import("./run-server.ts");
    return runServer(server, given["--"] ?? []);
  },
};
