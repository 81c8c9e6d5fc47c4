/** The commands, their order in the help, and what is said when a command line is wrong. Does none of the work. */
import yargs from "yargs";
import { closest } from "../text/closest.ts";
import { buildCommand } from "./build.ts";
import { checkCommand } from "./check.ts";
import { doctorCommand } from "./doctor.ts";
import { emitCommand } from "./emit.ts";
import { explainCommand } from "./explain.ts";
import { UsageError } from "./failure.ts";
import { fmtCommand } from "./fmt.ts";
import { graphCommand } from "./graph.ts";
import { initCommand } from "./init.ts";
import { version } from "./installed.ts";
import { locksCommand } from "./locks.ts";
import { runCommand } from "./run.ts";

const commands = [initCommand, checkCommand, buildCommand, runCommand, emitCommand, graphCommand, locksCommand, fmtCommand, doctorCommand, explainCommand] as const;
const commandNames = commands.map(({ command }) => command.split(" ")[0] ?? "");

/**
 * Does what a command line says.
 *
 * @throws UsageError the command line is wrong
 * @throws Failure the work cannot go on
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let answer = 0;
  const parser = yargs()
    .scriptName("fluxc")
    .usage("$0 COMMAND\n\nCompiles Flux, the dataflow language for servers.")
    .locale("en")
    .parserConfiguration({ "populate--": true, "camel-case-expansion": true, "parse-positional-numbers": false })
    .exitProcess(false)
    .showHelpOnFail(false)
    .strict()
    .wrap(widthOfHelp(words))
    .version(version())
    .alias({ help: "h", version: "V" })
    .demandCommand(1, missingCommand)
    .epilogue("`fluxc COMMAND --help` shows what a command takes, with examples. docs/command-line.md has it all on one page.");
  for (const one of commands) {
    parser.command(one.command, one.describe, one.builder as never, async (all: object) => {
      const given: GivenFiles = lastOfEach(all, (parser as unknown as KnowsOptions).getOptions().array);
      answer = await one.run((words.includes("-") ? { ...given, ...withDash(given) } : given) as never);
    });
  }
  parser.fail((message, error) => {
    // What yargs itself throws is about the command line as well.
    throw error === undefined || error.name === "YError" ? usageError(message ?? error?.message ?? "", words, parser) : error;
  });
  // Kept for a caller that asks for the help after a command has run, which nobody does: laying it out takes 4 ms.
  (parser as unknown as KnowsUsage).getInternalMethods().getUsageInstance().cacheHelpMessage = () => undefined;
  await parser.parseAsync(withPlainSwitches(words));
  return answer;
}

interface GivenFiles {
  readonly file?: string;
  readonly files?: readonly string[];
}

/** yargs reads a lone dash as an option without a name, and in a list leaves it out. */
function withDash({ file, files }: GivenFiles): GivenFiles {
  return { ...(file === "" ? { file: "-" } : {}), ...(files === undefined ? {} : { files: ["-", ...files] }) };
}

/** An option that is given again counts as it was given last, unless it is a list: yargs makes a list of every one. */
function lastOfEach(given: object, lists: readonly string[]): object {
  const kept = new Set(["_", "--", ...lists]);
  return Object.fromEntries(Object.entries(given).map(([name, value]: [string, unknown]) => [name, Array.isArray(value) && !kept.has(name) ? (value.at(-1) as unknown) : value]));
}

/** Without help to print nobody asks the terminal: Node loads all its streams for that. */
function widthOfHelp(words: readonly string[]): number {
  if (!words.some((word) => /^(-[a-zA-Z]*h[a-zA-Z]*|--h(e(l(p)?)?)?|help)$/.test(word))) return widestHelp;
  const { columns } = process.stdout;
  return Math.min(widestHelp, columns ?? widestHelp);
}

const widestHelp = 100;

const missingCommand = "which command?";

/** A switch with a value, which yargs would take for "off": `--color=always` as other tools have it, and `check --cxx=clang++`. */
function withPlainSwitches(words: readonly string[]): string[] {
  const own = words.includes("--") ? words.indexOf("--") : words.length;
  return words.flatMap((word, index) => {
    if (index < own && words[0] === "check" && word.startsWith("--cxx=")) {
      throw new UsageError("on `check`, `--cxx` takes no value", "the variable CXX names the compiler");
    }
    if (index >= own || !word.startsWith("--color=")) return [word];
    switch (word.slice("--color=".length)) {
      case "always":
        return ["--color"];
      case "never":
        return ["--no-color"];
      case "auto":
        return [];
      default:
        throw new UsageError(`\`${word}\` is no choice`, "write --color or --no-color");
    }
  });
}

interface KnowsUsage {
  getInternalMethods(): { getUsageInstance(): { cacheHelpMessage: () => void } };
}

interface KnowsOptions {
  getOptions(): { readonly array: readonly string[]; readonly key: Readonly<Record<string, unknown>>; readonly alias: Readonly<Record<string, readonly string[]>> };
}

/** What yargs found wrong, in our words and with what was probably meant. */
function usageError(message: string, words: readonly string[], parser: unknown): UsageError {
  const command = words.find((word) => !word.startsWith("-"));
  const see = command !== undefined && commandNames.includes(command) ? `\`fluxc ${command} --help\` shows what it takes` : undefined;
  if (message === missingCommand) return new UsageError(missingCommand, `one of ${commandNames.join(", ")}; see \`fluxc --help\``);

  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(", ")[0];
  if (unknown !== undefined) {
    const option = words.find((word) => word.startsWith("-") && word.replace(/^-+(no-)?/, "").split("=")[0] === unknown);
    if (option !== undefined) {
      const { key, alias } = (parser as KnowsOptions).getOptions();
      const known = [...Object.keys(key), ...Object.keys(alias)].filter((name) => name.length > 1);
      return new UsageError(`there is no option \`${option.split("=")[0]}\``, meant(unknown, known, "--") ?? see);
    }
    if (unknown === command) {
      return new UsageError(`there is no command \`${unknown}\``, meant(unknown, commandNames, "fluxc ") ?? `one of ${commandNames.join(", ")}`);
    }
    return new UsageError(`\`${unknown}\` is one too many`, see);
  }
  if (message.startsWith("Not enough non-option arguments")) {
    const what = commands.find(({ command: form }) => form.startsWith(`${command} `))?.command.split(" ")[1];
    return new UsageError(`\`fluxc ${command}\` needs a ${what?.replace(/[<>[\]]/g, "").toUpperCase()}`, see);
  }
  const missing = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (missing !== undefined) return new UsageError(`\`${missing.length === 1 ? "-" : "--"}${missing}\` needs a value`, see);
  const required = /^Missing required argument: (\S+)$/.exec(message)?.[1];
  if (required !== undefined) return new UsageError(`\`fluxc ${command}\` needs \`--${required}\``, see);
  const choice = /Argument: (\S+), Given: "(.*)", Choices: (.*)$/s.exec(message);
  if (choice !== null) {
    const [, name, given = "", choices = ""] = choice;
    const names = choices.trim().split(", ").map((one) => one.replaceAll('"', ""));
    return new UsageError(`\`--${name} ${given}\` is no choice`, meant(given, names, `--${name} `) ?? `one of ${names.join(", ")}`);
  }
  const exclusive = /^Arguments (\S+) and (\S+) are mutually exclusive$/.exec(message);
  if (exclusive !== null) return new UsageError(`\`--${exclusive[1]}\` and \`--${exclusive[2]}\` exclude each other`, see);
  return new UsageError(message.split("\n")[0] ?? "", see);
}

function meant(unknown: string, known: readonly string[], before: string): string | undefined {
  const near = closest(unknown, known);
  return near === undefined ? undefined : `did you mean \`${before}${near}\`?`;
}
