/** For tests of the image server: asks it for images and for what has happened. Holds no expectations. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunningServer } from "../../testing/running-server.ts";

export const program = "examples/image-server/image-server.flux";

export interface Answer {
  readonly status: number;
  readonly reason: string | null;
  readonly headers: Headers;
  readonly body: Buffer;
}

export async function ask(server: RunningServer, target: string, options: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${server.port}${target}`, options);
  return { status: response.status, reason: response.headers.get("x-reason"), headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

/** The numbers of /status. */
export type Counts = Readonly<Record<"hits" | "joined" | "begun" | "made" | "failed" | "evicted" | "outdated" | "images" | "in_use" | "bytes", number>>;

export async function counts(server: RunningServer): Promise<Counts> {
  const { body } = await ask(server, "/status");
  const lines = body.toString().trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => [line.split(" ")[0], Number(line.split(" ")[1])])) as unknown as Counts;
}

/** How many images have users once requests that are answered have let go of them, which is a moment later: after five seconds at most. */
export async function usersLeft(server: RunningServer): Promise<number> {
  for (let time = 0; ; time++) {
    const { in_use } = await counts(server);
    if (in_use === 0 || time === 100) return in_use;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A raw request that ends its connection. */
export function request(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
}

/** The body of a raw answer, which was read as latin1. */
export function bodyOf(answer: string): Buffer {
  return Buffer.from(answer.slice(answer.indexOf("\r\n\r\n") + 4), "latin1");
}

export function write(folder: string, name: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

/** The most memory the server has had at once, in megabytes. */
export function peakMemory(server: RunningServer): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(server.process.pid)}/status`, "latin1"))?.[1]) / 1024;
}

export function openDescriptors(server: RunningServer): number {
  return readdirSync(`/proc/${String(server.process.pid)}/fd`).length;
}
