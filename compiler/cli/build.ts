/** `fluxc build FILE -r RUNTIME`: a server. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";
import { buildOptions, reportOptions, runtimeOption, toolchainOptions, watchOption, type ReportChoices } from "./options.ts";

/** What build and run are asked for. */
export interface BuildArguments extends ReportChoices {
  readonly file: string;
  readonly runtime?: string;
  readonly output?: string;
  readonly release?: boolean;
  readonly debug?: boolean;
  readonly sanitize?: string;
  readonly nodes?: readonly string[];
  readonly cxx?: string;
  readonly watch?: boolean;
}

export const buildCommand = {
  command: "build <file>",
  describe: "make a server",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({ runtime: runtimeOption, ...buildOptions, ...toolchainOptions, watch: watchOption, ...reportOptions })
      .example("$0 build hello.flux -r thread", "build/hello, from hello.flux and the C++ beside it")
      .example("$0 build hello.flux -r thread --debug --sanitize address", "to find a mistake in a node")
      .example("$0 build hello.flux -r thread --nodes 'src/*.cpp' -o /tmp/hello", "nodes from elsewhere")
      .epilogue("CXXFLAGS, CFLAGS, CPPFLAGS and LDFLAGS are added to what the compiler is given."),
  run: async (given: BuildArguments): Promise<ExitCode | number> => {
    if (given.watch === true) {
      const { watchBuild } = await import("./watch-commands.ts");
      return watchBuild(given, () => once(given));
    }
    return once(given);
  },
};

async function once(given: BuildArguments): Promise<ExitCode> {
  const { reporting } = await import("./reporting.ts");
  return reporting(given, async () => {
    const { buildServer } = await import("./build-server.ts");
    return buildServer(given);
  });
}
