/** A few failing calls, and clients that reset their connections; every call with every error, and under sanitizers, in `faults.slow.test.ts`. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { build } from "../testing/running-server.ts";
import { makeSite } from "./testing/clients.ts";
import { addErrands } from "./testing/errands.ts";
import { livesThrough, resetEverywhere, usualWork } from "./testing/fault-trials.ts";
import { runtimes } from "./testing/server.ts";
import { endServers } from "./testing/trials.ts";

afterEach(endServers);

describe.each(runtimes)("%s", (runtime) => {
  const site = makeSite();
  addErrands(site);
  let binary = "";
  beforeAll(async () => {
    binary = await build("examples/web-server/web-server.flux", runtime);
  });

  test("system calls may fail and clients may reset their connections: it goes on, and has lost nothing", async () => {
    const usual = await usualWork(binary, site);
    expect(await livesThrough(binary, site, usual, { call: "accept4", error: "EMFILE", when: "1+1" })).toBeGreaterThan(0);
    expect(await livesThrough(binary, site, usual, { call: "recvfrom", error: "EINTR", when: "1+3" })).toBeGreaterThan(0);
    expect(await livesThrough(binary, site, usual, { call: "sendmsg", error: "ENOBUFS", when: "1+3" })).toBeGreaterThan(0);
    expect(await livesThrough(binary, site, usual, { call: "openat2", error: "ENOMEM", when: "1+3" })).toBeGreaterThan(0);
    expect((await (await resetEverywhere(binary, site, usual, 5)).stop()).code).toBe(0);
  });
});
