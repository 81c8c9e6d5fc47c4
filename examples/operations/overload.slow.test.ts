/** More clients than anybody wants: slow ones, some that send and never read, and more than there is memory for. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { build, startBy, tool } from "../testing/running-server.ts";
import { connected, load, makeSite, page } from "./testing/clients.ts";
import { crowd, favoured, mostDescriptors, slowestAnswer } from "./testing/crowds.ts";
import { addErrands } from "./testing/errands.ts";
import { descriptors, recovers } from "./testing/fault-trials.ts";
import { cpuSeconds, memory, pause, runtimes } from "./testing/server.ts";
import { endServers, isServed, kept, start } from "./testing/trials.ts";

/** As many as there are descriptors for, but no more: each needs one here and one there, and a server some for its files. */
const many = Math.min(15_000, mostDescriptors - 2_000);

afterEach(endServers);

describe.each(runtimes)("%s", (runtime) => {
  const site = makeSite();
  addErrands(site);
  let binary = "";
  beforeAll(async () => {
    binary = await build("examples/web-server/web-server.flux", runtime);
  });

  test("15,000 slow clients: an ordinary one waits at most twice as long as without them", async () => {
    const times = await tool("request_times");
    const server = kept(await startBy(favoured, binary, "--root", site));
    await recovers(server, site, Number.POSITIVE_INFINITY);
    const before = descriptors(server);
    // The best of some rounds, here and there: whatever else runs on the machine only adds to a round.
    let alone = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 6; round++) alone = Math.min(alone, await slowestAnswer(server.port, times));
    const slow = await crowd(server.port, many, 10_000, "half");
    await expect.poll(() => descriptors(server), { timeout: 20_000 }).toBeGreaterThanOrEqual(many);
    let beside = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 30 && beside > 2 * alone; round++) beside = Math.min(beside, await slowestAnswer(server.port, times));
    expect(beside).toBeLessThanOrEqual(2 * alone);
    expect(descriptors(server)).toBeGreaterThan(0.9 * many);
    await slow.leave();
    await recovers(server, site, before);
    expect((await server.stop()).code).toBe(0);
    expect(server.output()).not.toMatch(/failed|no thread/);
  });

  test.runIf(runtime === "thread")("slow clients that have all its threads: it names the limit once, and serves others within a second after they leave", async () => {
    const server = await start(binary, "--root", site, "--flux-threads", "300");
    await recovers(server, site, Number.POSITIVE_INFINITY);
    const before = descriptors(server);
    const slow = await crowd(server.port, 1_000, 10_000, "half");
    await expect.poll(server.output, { timeout: 10_000 }).toContain("source Listen waits: all 300 threads have a flow (--flux-threads)\n");
    const used = cpuSeconds(server);
    await pause(2_000);
    expect(cpuSeconds(server) - used).toBeLessThan(0.2);
    expect(server.output().split("source Listen waits").length).toBe(2);
    await slow.leave();
    const since = performance.now();
    while (!(await isServed(server.port)) && performance.now() - since < 1_000) await pause(10);
    expect(performance.now() - since).toBeLessThan(1_000);
    await recovers(server, site, before);
    expect((await server.stop()).code).toBe(0);
  });

  test("100,000 requests at once from each of ten that read no answer: little memory, no work for nobody, and others are served", async () => {
    const log = `${site}.flood.log`;
    const server = await start(binary, "--root", site, "--access-log", log);
    await recovers(server, site, Number.POSITIVE_INFINITY);
    const before = { memory: memory(server), descriptors: descriptors(server) };
    const requests = Buffer.from("GET /page HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100_000));
    const floods = await Promise.all(Array.from({ length: 10 }, () => connected(server.port)));
    for (const flood of floods) {
      flood?.pause();
      flood?.write(requests);
    }
    const asking = load(server.port, 4);
    await expect.poll(asking.answers, { timeout: 10_000 }).toBeGreaterThan(300);
    asking.noMore();
    expect(await asking.ended()).toEqual([]);
    await pause(1_500);
    const used = cpuSeconds(server);
    await pause(1_000);
    expect(cpuSeconds(server) - used).toBeLessThan(0.1);
    expect(memory(server) - before.memory).toBeLessThan(16_000);
    // What the kernel keeps for a client that does not read, twice 4 MB or so; it is no more than that.
    const answered = readFileSync(log, "latin1").split("\n").length - asking.answers();
    expect(answered).toBeLessThan(10 * 2_000);
    // Who reads gets on.
    let read = 0;
    floods[0]?.on("data", (bytes: Buffer) => (read += bytes.length));
    floods[0]?.resume();
    await expect.poll(() => read, { timeout: 20_000 }).toBeGreaterThan(3_000 * page.length);
    for (const flood of floods) flood?.resetAndDestroy();
    await recovers(server, site, before.descriptors);
    expect((await server.stop()).code).toBe(0);
  });

  // A machine that does other things too may take a second by itself, not twice.
  test("more clients than there is memory for: no crash and no spin, and an answer within a second after they leave", { retry: 2 }, async () => {
    // One heap for all threads: each of its own would take a reserve beforehand.
    const server = kept(await startBy(["env", "MALLOC_ARENA_MAX=1"], binary, "--root", site));
    await recovers(server, site, Number.POSITIVE_INFINITY);
    const before = descriptors(server);
    const size = Number(/VmSize:\s+(\d+)/.exec(readFileSync(`/proc/${String(server.process.pid)}/status`, "latin1"))?.[1]);
    expect(spawnSync("prlimit", ["--pid", String(server.process.pid), `--as=${String((size + 8_000) * 1024)}`]).status).toBe(0);
    const clients = await Promise.all(Array.from({ length: 2_000 }, () => connected(server.port)));
    let ended = 0;
    for (const client of clients) {
      client?.on("close", () => ended++);
      client?.write(`GET /page HTTP/1.1\r\nHost: x\r\nX-Long: ${"l".repeat(6_000)}`);
    }
    await pause(1_000);
    const used = cpuSeconds(server);
    await pause(1_000);
    expect(cpuSeconds(server) - used).toBeLessThan(0.3);
    // Some were sent away, or wait to be let in.
    expect(ended > 0 || /allocate memory|no thread/.test(server.output())).toBe(true);
    expect(server.output().split("\n").length).toBeLessThan(8);
    for (const client of clients) client?.destroy();
    const since = performance.now();
    while (!(await isServed(server.port)) && performance.now() - since < 1_000) await pause(10);
    expect(performance.now() - since).toBeLessThan(1_000);
    // Threads that have nothing to do go after ten seconds, and with them their stacks.
    await recovers(server, site, before, "after the crowd");
    expect((await server.stop()).code).toBe(0);
  });
});
