/** What is asked of the kernel about a running server, and the runtimes it is built for. */
import { readFileSync } from "node:fs";
import { findRuntimes } from "../../../compiler/cli/runtimes.ts";
import type { RunningServer } from "../../testing/running-server.ts";

/** Those for users: the test runtime serves nobody. */
export const runtimes: readonly string[] = findRuntimes()
  .map(({ manifest }) => manifest.name)
  .filter((name) => name !== "test");

/** Seconds of CPU that it used. */
export function cpuSeconds({ process }: RunningServer): number {
  const fields = readFileSync(`/proc/${String(process.pid)}/stat`, "latin1").replace(/.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Kilobytes that are its own and in memory; pages of files it maps are not. */
export function memory({ process }: RunningServer): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${String(process.pid)}/status`, "latin1"))?.[1]);
}

/** The address that a server started with `--flux-metrics 0` says it can be seen at. */
export function endpoint(server: RunningServer): string {
  const url = /metrics on (http:\/\/127\.0\.0\.1:\d+)\/metrics/.exec(server.output())?.[1];
  if (url === undefined) throw new Error(`no endpoint: ${server.output()}`);
  return url;
}

/** Where it serves, not where it can be seen: with `--flux-metrics` it says both. */
export function servingPort(server: RunningServer): number | undefined {
  const port = /serving .* on http:\/\/\S+:(\d+)\//.exec(server.output())?.[1];
  return port === undefined ? undefined : Number(port);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
