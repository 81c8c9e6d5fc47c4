/**
 * The program behind `fluxc.ts`. Turns every way a command can end into an exit code and a message; the only `process.exit`
 * and the only catch-all.
 */
import { exitCode, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { printMessage } from "./console.ts";

// Whatever is asynchronous and fails where nobody waits for it is a mistake of ours too.
process.on("uncaughtException", endWithBug);
process.on("unhandledRejection", endWithBug);

/** Does what a command line says and ends the process. All that is printed is written by then; Node need not take the rest down. */
export function run(words: readonly string[]): void {
  void main(words).then((code) => process.exit(code));
}

/** Does what a command line says. @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const { runCommandLine } = await import("./command-line.ts");
    return await runCommandLine(words);
  } catch (error) {
    if (error instanceof UsageError) {
      printMessage(`fluxc: ${error.message}\n${error.hint === undefined ? "" : `  help: ${error.hint}\n`}`);
      return exitCode.usage;
    }
    return bug(error);
  }
}

function endWithBug(error: unknown): void {
  process.exit(bug(error));
}

/** What a person can do about a mistake of ours: tell us, with what we need to see it too. */
function bug(error: unknown): ExitCode {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  printMessage(
    [
      "fluxc: this is a bug in fluxc, not in your program.",
      "",
      "Please report it, with the program and these lines:",
      `  command   fluxc ${process.argv.slice(2).join(" ")}`,
      `  platform  node ${process.version} on ${process.platform} ${process.arch}`,
      ...trace.split("\n").map((line, index) => `${index === 0 ? "  error     " : "            "}${line.trim()}`),
      "",
    ].join("\n"),
  );
  return exitCode.bug;
}
