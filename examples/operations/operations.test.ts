/** What an operator relies on, tried once on every runtime; again and again, and under sanitizers, in `operations.slow.test.ts`. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { build } from "../testing/running-server.ts";
import { makeSite } from "./testing/clients.ts";
import { runtimes } from "./testing/server.ts";
import { endServers, exhaustDescriptors, metricsUnderLoad, stopUnderLoad, stopWhileIdle } from "./testing/trials.ts";

test("there are runtimes", () => {
  expect(runtimes).toContain("thread");
});

afterEach(endServers);

describe.each(runtimes)("%s", (runtime) => {
  const site = makeSite();
  let binary = "";
  beforeAll(async () => {
    binary = await build("examples/web-server/web-server.flux", runtime);
  });

  test("a stop under load loses no request that had arrived", async () => {
    for (let time = 0; time < 3; time++) await stopUnderLoad(binary, site, 16, 100);
  });

  // The best of three: another process may have had the processor.
  test("with idle connections only, a stop takes less than 100 ms", async () => {
    const times = [];
    for (let time = 0; time < 3; time++) times.push(await stopWhileIdle(binary, site, 50));
    expect(Math.min(...times)).toBeLessThan(100);
  });

  test("out of descriptors it does not spin, and serves again at once when there are some", async () => {
    await exhaustDescriptors(binary, site, 200, 1);
  });

  test("it can be watched while it works", async () => {
    const text = await metricsUnderLoad(binary, site);
    expect(text).toMatch(/^flux_flows_started_total\{source="Listen"\} [1-9]/m);
  });
});
