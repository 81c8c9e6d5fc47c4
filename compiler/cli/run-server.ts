/** Runs a server in place of fluxc, as far as a parent can: its streams, its signals, its exit code. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { exitCode } from "./exit-code.ts";
import { printMessage } from "./console.ts";
import { reasonOf } from "./system-error.ts";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/**
 * The server gets a session of its own: a terminal would send Ctrl-C to both, and with the one passed on it would arrive
 * twice, which stops a server at once instead of letting it drain.
 */
export function runServer(executable: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const server = spawn(executable, words, { stdio: "inherit", detached: true });
    for (const signal of forwarded) process.on(signal, () => server.kill(signal));
    server.on("error", (error) => {
      printMessage(`fluxc: cannot run \`${executable}\`: ${reasonOf(error)}\n`);
      resolve(exitCode.usage);
    });
    server.on("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
