/** Options that several commands share, with their help texts. What they do is the commands' business. */
import { normalize } from "node:path";
import type { Options } from "yargs";
import type { Format } from "../diagnostics/report.ts";

export const formats = ["human", "short", "json", "sarif", "github"] as const satisfies readonly Format[];

/** How diagnostics look and what they lead to: on every command that reads a program. */
export const reportOptions = {
  format: {
    choices: formats,
    default: "human",
    describe: "how diagnostics look; json and sarif go to stdout, the others to stderr",
    requiresArg: true,
  },
  color: { type: "boolean", describe: "colour, or --no-color; otherwise where a terminal reads (NO_COLOR and FORCE_COLOR are heeded)" },
  "deny-warnings": { type: "boolean", default: false, describe: "a warning fails the command (for CI)" },
} as const satisfies Readonly<Record<string, Options>>;

export const runtimeOption = {
  alias: "r",
  type: "string",
  describe: "what the server runs on; a wrong name lists them",
  requiresArg: true,
} as const satisfies Options;

/** A path without detours, of the last one given: with its own `normalize` yargs breaks where an option is given twice. */
export function plainPath(given: string | readonly string[]): string {
  return normalize([given].flat().at(-1) ?? "");
}

/** What goes into a server and how it is compiled: on build, run and check --cxx. */
export const toolchainOptions = {
  nodes: { type: "string", array: true, nargs: 1, describe: "the node sources, as a glob (may be repeated); otherwise every C and C++ source beside FILE" },
  cxx: { type: "string", describe: "the C++ compiler; otherwise the variable CXX, otherwise g++ or clang++", requiresArg: true },
} as const satisfies Readonly<Record<string, Options>>;

export const buildOptions = {
  output: { alias: "o", type: "string", describe: "the executable; otherwise build/NAME beside FILE, and build/stdin here for -", requiresArg: true, coerce: plainPath },
  release: { type: "boolean", describe: "optimised (the default)", conflicts: "debug" },
  debug: { type: "boolean", describe: "for a debugger: not optimised, and lock order is checked as the server runs" },
  sanitize: { type: "string", describe: "address, thread or undefined; address,undefined for both", requiresArg: true },
} as const satisfies Readonly<Record<string, Options>>;

export const watchOption = { type: "boolean", default: false, describe: "do it again whenever a file it reads has changed; Ctrl-C ends it" } as const satisfies Options;

/** What `reportOptions` become. */
export interface ReportChoices {
  readonly format: Format;
  readonly color: boolean | undefined;
  readonly denyWarnings: boolean;
}
