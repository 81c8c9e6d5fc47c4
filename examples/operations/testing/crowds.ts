/** Crowds of clients that are slow, and how long an ordinary one waits beside them. Holds no expectations. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { tool } from "../../testing/running-server.ts";

/** Descriptors that a process may have here. */
export const mostDescriptors: number = Number(execFileSync("prlimit", ["--nofile", "--output", "HARD", "--noheadings", "--raw"], { encoding: "utf8" }).replace("unlimited", "1048576"));

/**
 * Before the other work of the machine, where that is allowed: what is to be measured is not who else runs.
 * With all the descriptors that there are: who starts a server for so many clients sees to that.
 */
export const favoured: readonly string[] = ["nice", "-n", "-10", "prlimit", `--nofile=${String(mostDescriptors)}`];

export interface Crowd {
  /** All leave at once. @returns how many had to connect again meanwhile */
  leave(): Promise<number>;
}

/** `count` clients; half of them send a byte of a request every `period` milliseconds, the others take a byte of the answer as often. */
export async function crowd(port: number, count: number, period: number, path: string): Promise<Crowd> {
  const clients = spawn("prlimit", [`--nofile=${String(mostDescriptors)}`, await tool("slow_clients"), String(port), String(count), String(period), path]);
  let said = "";
  const ended = once(clients, "close");
  await new Promise<void>((resolve, reject) => {
    clients.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    clients.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("ready\n")) resolve();
    });
    clients.once("close", () => reject(new Error(`no crowd: ${said}`)));
  });
  return {
    async leave() {
      clients.stdin.end();
      await ended;
      return Number(said.replace("ready\n", ""));
    },
  };
}

/** An ordinary client that asks for `page` 400 times. @returns the 99th percentile of its waiting, in microseconds. @throws where it got a wrong answer or none. */
export async function slowestAnswer(port: number, timesTool: string): Promise<number> {
  const { stdout } = await promisify(execFile)("nice", ["-n", "-10", timesTool, String(port), "page", "4", "100", "1000"]);
  return Number(stdout.split(" ")[1]);
}
