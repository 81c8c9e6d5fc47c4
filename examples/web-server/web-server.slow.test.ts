/** What the web server does when a client takes too long: the limits are seconds, so these tests take them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { build, Client, start, type RunningServer } from "../testing/running-server.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await start(await build("examples/web-server/web-server.flux", "thread"));
}, 120_000);
afterAll(async () => {
  expect((await server.stop()).code).toBe(0);
});

test("half a request is answered with 408 after 15 s, and the connection closed", { timeout: 30_000 }, async () => {
  const client = new Client(server.port);
  const since = performance.now();
  client.send("GET / HTTP/1.1\r\n");
  const text = await client.readToEnd(20_000);
  expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(text).toContain("\r\nConnection: close\r\n");
  expect(performance.now() - since).toBeGreaterThan(14_500);
  client.close();
});

test("a connection that says nothing is closed after 15 s without an answer", { timeout: 30_000 }, async () => {
  const client = new Client(server.port);
  const since = performance.now();
  expect(await client.readToEnd(20_000)).toBe("");
  expect(client.ended).toBe(true);
  expect(performance.now() - since).toBeGreaterThan(14_500);
  client.close();
});
