/** The server of `fluxc run --watch`: replaced by a newer one, ended with fluxc, never left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { constants } from "node:os";
import { printMessage } from "./console.ts";
import { stopWork } from "./cxx/processes.ts";
import { reasonOf } from "./system-error.ts";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;
const ending: readonly string[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

export class RunningServer {
  /** Settles once a signal has ended all: with the server's exit code. */
  readonly ended: Promise<number>;
  readonly #words: readonly string[];
  #process: ChildProcess | undefined;
  /** Settles when the process has ended. */
  #gone: Promise<number> = Promise.resolve(0);
  #runs = "";
  #isEnding = false;
  #end: (code: number) => void = () => undefined;

  constructor(words: readonly string[]) {
    this.#words = words;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    for (const signal of forwarded) process.on(signal, () => this.#pass(signal));
    // Whatever ends fluxc ends the server.
    process.on("exit", () => this.abandon());
  }

  /** Lets the server that runs finish what it has begun, and starts this one; nothing if it is the same. */
  async become(executable: string): Promise<void> {
    const { ino, mtimeMs } = statSync(executable);
    const identity = `${executable} ${ino} ${mtimeMs}`;
    if (this.#isEnding || (this.#process !== undefined && identity === this.#runs)) return;
    if (this.#process !== undefined) {
      this.#process.kill("SIGTERM");
      await this.#gone;
      // A signal may have come while the old one was ending.
      if (this.#isEnding) return;
    }
    this.#runs = identity;
    // A session of its own, as in `run-server.ts`: Ctrl-C comes once.
    const server = spawn(executable, this.#words, { stdio: "inherit", detached: true });
    this.#process = server;
    this.#gone = new Promise((resolve) => {
      const end = (code: number): void => {
        if (this.#process === server) this.#process = undefined;
        resolve(code);
        if (this.#isEnding) this.#end(code);
      };
      server.on("error", (error) => {
        printMessage(`fluxc: cannot run \`${executable}\`: ${reasonOf(error)}\n`);
        end(1);
      });
      server.on("exit", (code, signal) => {
        const answer = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
        if (!this.#isEnding && answer !== 0) printMessage(`fluxc: the server ended with ${signal ?? answer}; a change starts it again\n`);
        end(answer);
      });
    });
  }

  /** At once. */
  abandon(): void {
    this.#process?.kill("SIGKILL");
  }

  #pass(signal: NodeJS.Signals): void {
    if (ending.includes(signal)) {
      this.#isEnding = true;
      stopWork();
      if (this.#process === undefined) this.#end(128 + constants.signals[signal]);
    }
    this.#process?.kill(signal);
  }
}
