/** `fluxc locks FILE`: the order of the constraints, why it is that one, and what was acquired early for it. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";

export interface LocksArguments {
  readonly file: string;
  readonly format: "human" | "json";
  readonly promela?: boolean;
  readonly color?: boolean;
}

export const locksCommand = {
  command: "locks <file>",
  describe: "show the order of the constraints, its reasons, and what is acquired early",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({
        format: { choices: ["human", "json"], default: "human", describe: "json is for programs; docs/command-line.md has the schema", requiresArg: true },
        promela: { type: "boolean", describe: "a model for the model checker Spin instead" },
        color: { type: "boolean", describe: "colour in messages, or --no-color" },
      })
      .example("$0 locks hello.flux", "in words, with a picture of every cycle")
      .example("$0 locks hello.flux --format json", "for a program")
      .example("$0 locks hello.flux --promela > model.pml && spin -search model.pml", "all interleavings, by somebody else's program"),
  run: async (given: LocksArguments): Promise<ExitCode> => {
    const { reporting } = await import("./reporting.ts");
    const choices = { format: "human", color: given.color, denyWarnings: false } as const;
    return reporting(choices, async () => {
      const { showLocks } = await import("./locks-program.ts");
      return showLocks(given, choices);
    });
  },
};
