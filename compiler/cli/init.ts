/** `fluxc init DIR [--template T]`: a program to begin with, which builds and answers at once. */
import type { Argv } from "yargs";
import type { ExitCode } from "./exit-code.ts";

export interface InitArguments {
  readonly folder: string;
  readonly template: string;
}

export const initCommand = {
  command: "init <dir>",
  describe: "begin a program that builds and answers at once",
  builder: (yargs: Argv) =>
    yargs
      .positional("dir", { type: "string", demandOption: true, describe: "the folder to make; its name becomes the program's" })
      .options({ template: { alias: "t", type: "string", default: "http", requiresArg: true, describe: "http: a small HTTP server; lines: one that talks in lines" } })
      .example("$0 init hello", "hello/hello.flux, its nodes in C++, and the commands that run it")
      .example("$0 init chat --template lines", "one that reads lines and answers each")
      .example("$0 init .", "here, where only a README or a .git may be"),
  run: async ({ dir, template }: { readonly dir: string; readonly template: string }): Promise<ExitCode> => {
    const { initProgram } = await import("./init-program.ts");
    return initProgram({ folder: dir, template });
  },
};
