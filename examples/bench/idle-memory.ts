/** What an idle keep-alive connection costs in memory: thousands of clients ask once each and then say nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileOf, type Build, type Contender } from "./contenders.ts";
import type { Column } from "./figures.ts";
import { startChecked, type Cores } from "./measure.ts";
import { kernelMemory, userMemory } from "./process-facts.ts";
import type { RunningServer, Workshop } from "./server-process.ts";

export interface IdleMemory {
  readonly connections: number;
  /** Bytes a connection of the server's own. */
  readonly user: number;
  /** Bytes a connection of the kernel, for both ends of it and whatever else it did meanwhile. */
  readonly kernel: number;
}

/** The clients, a process of their own. */
export function idleClients(bench: string, built: string): Build {
  const binary = join(built, "idle-clients");
  return { command: ["g++", "-std=c++20", "-O2", join(bench, "load/idle_clients.cpp"), "-o", binary], binary };
}

export async function measureIdleMemory(
  contender: Contender,
  column: Column,
  connections: number,
  workshop: Workshop,
  cores: Cores,
): Promise<IdleMemory> {
  const server = await startChecked(contender, column, workshop, cores);
  try {
    await sleep(200);
    const before = { user: userMemory(server.processes()), kernel: kernelMemory() };
    const clients = await connectIdle(workshop, server, connections, cores);
    try {
      await sleep(500); // whoever gives memory back when it is idle may do so
      return {
        connections,
        user: (userMemory(server.processes()) - before.user) / connections,
        kernel: (kernelMemory() - before.kernel) / connections,
      };
    } finally {
      await clients.leave();
    }
  } finally {
    await server.stop();
  }
}

export interface IdleClients {
  /** Ends them all, and with them their connections. */
  leave(): Promise<void>;
}

/** So many connections to the server, each of which has had one answer. @throws if one of them got none */
export async function connectIdle(
  workshop: Workshop,
  { port, column }: RunningServer,
  connections: number,
  cores: Cores,
): Promise<IdleClients> {
  const words = [join(workshop.built, "idle-clients"), String(port), `/${fileOf(column)}`, String(connections)];
  const clients = spawn("taskset", ["-c", String(cores.load), ...words], { stdio: ["pipe", "pipe", "pipe"] });
  const exited = once(clients, "exit");
  const leave = async (): Promise<void> => {
    clients.kill("SIGKILL");
    await exited;
  };
  try {
    await ready(clients.stdout, clients.stderr);
  } catch (error) {
    await leave();
    throw error;
  }
  return { leave };
}

async function ready(stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream): Promise<void> {
  let complaint = "";
  stderr.on("data", (part: Buffer) => (complaint += part.toString()));
  for await (const part of stdout) if (String(part).startsWith("ready")) return;
  throw new Error(complaint.trim() || "the clients ended");
}
