/** What an operator relies on, each as one trial of a running web server; the suites say how often and on what. */
import { expect } from "vitest";
import { start as startServer, startBy, type RunningServer } from "../../testing/running-server.ts";
import { ask, connected, load, page } from "./clients.ts";
import { cpuSeconds, endpoint, pause, servingPort } from "./server.ts";

const servers: RunningServer[] = [];

/** Starts a server that ends with the test, whatever becomes of that. */
export async function start(binary: string, ...options: readonly string[]): Promise<RunningServer> {
  return kept(await startServer(binary, ...options));
}

/** The same for one that was started otherwise. */
export function kept(server: RunningServer): RunningServer {
  servers.push(server);
  return server;
}

/** For after each test. */
export function endServers(): void {
  for (const { process } of servers.splice(0)) process.kill("SIGKILL");
}

/** Stops it while clients ask, and expects that every request whose bytes had arrived has its whole answer. */
export async function stopUnderLoad(binary: string, site: string, clients: number, answers: number): Promise<RunningServer> {
  const server = await start(binary, "--root", site);
  const asking = load(server.port, clients);
  await expect.poll(asking.answers, { timeout: 30_000, interval: 5 }).toBeGreaterThanOrEqual(answers);
  asking.noMore();
  const { code, milliseconds } = await server.stop();
  expect(await asking.ended()).toEqual([]);
  expect(code).toBe(0);
  expect(milliseconds).toBeLessThan(5_000);
  return server;
}

/** @returns how long a stop takes while connections are only kept */
export async function stopWhileIdle(binary: string, site: string, connections: number): Promise<number> {
  const server = await start(binary, "--root", site);
  const idle = await Promise.all(Array.from({ length: connections }, () => connected(server.port)));
  for (const socket of idle) if (socket !== undefined) expect((await ask(socket)).failure).toBeUndefined();
  await pause(100);
  const { code, milliseconds } = await server.stop();
  for (const socket of idle) socket?.destroy();
  expect(code).toBe(0);
  return milliseconds;
}

/** 64 descriptors and many more clients: no spin while they are there, an answer soon after they are gone. */
export async function exhaustDescriptors(binary: string, site: string, clients: number, seconds: number): Promise<void> {
  const server = kept(await startBy(["prlimit", "--nofile=64"], binary, "--root", site));
  const many = await Promise.all(Array.from({ length: clients }, () => connected(server.port)));
  // Half a request: a listener may leave a client that has said nothing to the kernel.
  for (const socket of many) socket?.write("GET /page HTTP/1.1\r\n");
  await expect.poll(server.output, { timeout: 10_000 }).toContain("Too many open files");
  const [used, said] = [cpuSeconds(server), server.output().split("\n").length];
  await pause(1000 * seconds);
  expect(cpuSeconds(server) - used).toBeLessThan(0.1 * seconds);
  expect(server.output().split("\n").length - said).toBeLessThanOrEqual(seconds + 1);
  for (const socket of many) socket?.destroy();
  const since = performance.now();
  // The last descriptor may go to a connection, so that there is none for the file: then it says so, and the next one is served.
  while (!(await isServed(server.port)) && performance.now() - since < 1_000) await pause(10);
  expect(performance.now() - since).toBeLessThan(1_000);
  expect((await server.stop()).code).toBe(0);
}

/** An ordinary client gets what it asks for. */
export async function isServed(port: number): Promise<boolean> {
  const socket = await connected(port);
  if (socket === undefined) return false;
  const { bytes } = await ask(socket);
  socket.destroy();
  return bytes.subarray(bytes.indexOf("\r\n\r\n") + 4).equals(page);
}

/** The text of `/metrics` while the server works. */
export async function metricsUnderLoad(binary: string, site: string): Promise<string> {
  const server = await start(binary, "--root", site, "--flux-metrics", "0");
  await expect.poll(() => servingPort(server)).toBeDefined();
  const asking = load(servingPort(server) ?? 0, 4);
  await expect.poll(asking.answers, { timeout: 30_000 }).toBeGreaterThan(20);
  // A scraper that stalls is nobody's business.
  const stalled = await connected(Number(new URL(endpoint(server)).port));
  expect(await (await fetch(`${endpoint(server)}/healthz`)).text()).toBe("ok\n");
  const response = await fetch(`${endpoint(server)}/metrics`);
  expect(response.status).toBe(200);
  const text = await response.text();
  stalled?.destroy();
  asking.noMore();
  expect((await server.stop()).code).toBe(0);
  expect(await asking.ended()).toEqual([]);
  return text;
}
