/** `fluxc graph FILE`: a picture of a program. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";
import { plainPath } from "./options.ts";

export const graphFormats = ["svg", "dot", "mermaid", "json"] as const;

export interface GraphArguments {
  readonly file: string;
  /** Absent: by the name of `output`, otherwise svg. */
  readonly format?: (typeof graphFormats)[number];
  readonly output?: string;
  readonly profile?: string;
  readonly locks?: boolean;
  readonly color?: boolean;
}

export const graphCommand = {
  command: "graph <file>",
  describe: "draw the flows of a program, or its constraints",
  builder: (yargs: Argv) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "the program; - is standard input" })
      .options({
        format: { choices: graphFormats, describe: "otherwise what the name of the output ends in, otherwise svg", requiresArg: true },
        output: { alias: "o", type: "string", describe: "the file to write; otherwise standard output", requiresArg: true, coerce: plainPath },
        profile: { type: "string", describe: "what a server wrote with --flux-profile: paints where the time goes", requiresArg: true, coerce: plainPath },
        locks: { type: "boolean", describe: "the constraints in their order instead, and where one is acquired while another is held", conflicts: "profile" },
        color: { type: "boolean", describe: "colour in messages, or --no-color" },
      })
      .example("$0 graph hello.flux -o hello.svg", "for a browser or a page; needs no Graphviz")
      .example("$0 graph hello.flux --profile p.json -o hot.svg", "with the share of time in each node")
      .example("$0 graph hello.flux --format mermaid", "for a Markdown page on GitHub")
      .example("$0 graph web-server.flux --locks -o locks.svg", "what nests in what, and what is acquired early for it")
      .example("$0 graph hello.flux --format json", "for a program; docs/command-line.md has the schema"),
  run: async (given: GraphArguments): Promise<ExitCode> => {
    const { reporting } = await import("./reporting.ts");
    const choices = { format: "human", color: given.color, denyWarnings: false } as const;
    return reporting(choices, async () => {
      const { graphProgram } = await import("./graph-program.ts");
      return graphProgram(given, choices);
    });
  },
};
