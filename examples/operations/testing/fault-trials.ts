/** Faults that a server has to live through, each as one trial of a running web server; the suites say which and on what. */
import { readdirSync } from "node:fs";
import type { Socket } from "node:net";
import { expect } from "vitest";
import type { RunningServer } from "../../testing/running-server.ts";
import { connected } from "./clients.ts";
import { crowd } from "./crowds.ts";
import { errands } from "./errands.ts";
import { callsOf, isFailing, whileFailing, type Fault } from "./fault-injection.ts";
import { pause } from "./server.ts";
import { start } from "./trials.ts";

/** How many descriptors it has. 0: it is gone. */
export function descriptors({ process }: RunningServer): number {
  try {
    return readdirSync(`/proc/${String(process.pid)}/fd`).length;
  } catch {
    return 0;
  }
}

/** What a server makes of errands: the calls that may fail, and the descriptors that are left when all clients are gone. */
export interface Usual {
  readonly calls: readonly string[];
  readonly descriptors: number;
}

async function startTrial(binary: string, site: string): Promise<RunningServer> {
  return start(binary, "--root", site, "--access-log", `${site}.log`);
}

/** Waits until every errand is done right, and no more descriptors are open than there should be: so it is after any fault. */
export async function recovers(server: RunningServer, site: string, usual: number, after = "", timeout = 15_000): Promise<void> {
  await expect
    .poll(
      async () => {
        const { right, all, wrong } = await errands(server.port, site, 5_000);
        return { wrong, failed: all - right, ended: server.process.exitCode ?? server.process.signalCode };
      },
      { timeout, message: `errands ${after}` },
    )
    .toEqual({ wrong: [], failed: 0, ended: null });
  await expect.poll(() => descriptors(server), { timeout: 5_000, message: `descriptors ${after}` }).toBeLessThanOrEqual(usual);
}

export async function usualWork(binary: string, site: string): Promise<Usual> {
  const server = await startTrial(binary, site);
  const calls = await callsOf(server, async () => {
    for (let time = 0; time < 3; time++) await errands(server.port, site);
    await pause(1_100);
  });
  await recovers(server, site, Number.POSITIVE_INFINITY);
  await pause(200);
  const usual = { calls: calls.filter(isFailing), descriptors: descriptors(server) };
  expect((await server.stop()).code).toBe(0);
  return usual;
}

/** Calls that block and can fail only because they were interrupted: made to fail always they do nothing else, and no kernel does that. */
const onlyWaits: readonly string[] = ["epoll_wait", "epoll_pwait", "epoll_pwait2"];

/**
 * One call fails while clients ask: no wrong answer, no crash, no hang, no leak, no spin where it always fails.
 *
 * @returns how often it failed
 */
export async function livesThrough(binary: string, site: string, usual: Usual, fault: Fault): Promise<number> {
  const server = await startTrial(binary, site);
  // Its sources have started: a server that cannot start says so and ends.
  await recovers(server, site, Number.POSITIVE_INFINITY);
  const wrong: string[] = [];
  const times = await whileFailing(server, fault, async (failed) => {
    const since = performance.now();
    do wrong.push(...(await errands(server.port, site)).wrong);
    while (failed() === 0 && performance.now() - since < 1_200);
  });
  const about = `${fault.call} fails with ${fault.error} (${fault.when}, ${String(times)} times)`;
  expect({ about, wrong }).toEqual({ about, wrong: [] });
  if (fault.when === "1+1" && !onlyWaits.includes(fault.call)) expect(times, about).toBeLessThan(3_000);
  // Said of a socket that is ready, EAGAIN is a lie: the flow waits for a change that does not come, until its limit or the stop.
  const waiting = fault.error === "EAGAIN" ? times : 0;
  await recovers(server, site, usual.descriptors + waiting, `after ${about}`);
  const { code, milliseconds } = await server.stop();
  expect({ about, code, said: server.output().match(/Sanitizer|runtime error|terminate/g) }).toEqual({ about, code: 0, said: null });
  expect(milliseconds, about).toBeLessThan(5_000);
  return times;
}

/** Stops and continues it again and again while clients ask: every wait of the kernel's ends early (signal(7)). */
export async function interrupted(binary: string, site: string, usual: Usual): Promise<void> {
  const server = await startTrial(binary, site);
  let asking = true;
  const storm = (async () => {
    while (asking) {
      server.process.kill("SIGSTOP");
      await pause(1);
      server.process.kill("SIGCONT");
      await pause(3);
    }
  })();
  for (let time = 0; time < 8; time++) expect((await errands(server.port, site)).wrong).toEqual([]);
  asking = false;
  await storm;
  await recovers(server, site, usual.descriptors);
  expect((await server.stop()).code).toBe(0);
}

const get = (path: string, more = ""): string => `GET /${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

/** Where a connection may be when its client resets it: brings it there. */
export const phases: Readonly<Record<string, (client: Socket) => Promise<void> | void>> = {
  "before a byte": () => undefined,
  "in the head": async (client) => {
    client.write("GET /page HTTP/1.1\r\nHo");
    await pause(20);
  },
  "as the request arrives": (client) => void client.write(get("page")),
  "in the body": async (client) => {
    client.write(`POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n${"b".repeat(1_000)}`);
    await pause(20);
  },
  "when it is told to send its body": async (client) => {
    client.write(get("page", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
    await pause(20);
  },
  "while the answer is written": async (client) => {
    client.pause();
    client.write(get("large"));
    await pause(20);
  },
  "with many requests unanswered": async (client) => {
    client.pause();
    client.write(get("page").repeat(1_000));
    await pause(20);
  },
  "while the server lingers": async (client) => {
    client.write("nonsense\r\n\r\n");
    await pause(20);
  },
  "between two requests": async (client) => {
    client.write(get("page"));
    await pause(20);
  },
};

/** Clients reset their connections, at every phase at once, while others ask. */
export async function resetEverywhere(binary: string, site: string, usual: Usual, clients: number): Promise<RunningServer> {
  const server = await startTrial(binary, site);
  const asking = (async () => {
    for (let time = 0; time < 3; time++) expect((await errands(server.port, site)).wrong).toEqual([]);
  })();
  const resets = Object.values(phases).flatMap((reach) =>
    Array.from({ length: clients }, async (_, index) => {
      const client = await connected(server.port);
      if (client === undefined) return;
      await reach(client);
      await pause(index % 7);
      client.resetAndDestroy();
    }),
  );
  await Promise.all([asking, ...resets]);
  await recovers(server, site, usual.descriptors);
  return server;
}

/** Slow clients, and some that send many requests and read no answer, while others ask; then all leave at once. */
export async function crowded(binary: string, site: string, usual: Usual): Promise<RunningServer> {
  const server = await startTrial(binary, site);
  const slow = await crowd(server.port, 300, 500, "half");
  const floods = await Promise.all(Array.from({ length: 5 }, () => connected(server.port)));
  for (const flood of floods) {
    flood?.pause();
    flood?.write(get("page").repeat(10_000));
  }
  for (let time = 0; time < 3; time++) {
    expect((await errands(server.port, site)).wrong).toEqual([]);
    await pause(200);
  }
  await slow.leave();
  for (const flood of floods) flood?.resetAndDestroy();
  await recovers(server, site, usual.descriptors, "after the crowd");
  return server;
}
