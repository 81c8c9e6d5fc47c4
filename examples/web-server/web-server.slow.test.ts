/** What takes the web server long: its limits on time, hundreds of thousands of requests, builds with sanitizers. */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomNumbers } from "./corpus/mutation.ts";
import { runtimes } from "./corpus/runtimes.ts";
import { build, Client, start, startBy, type RunningServer } from "../testing/running-server.ts";

// Each waits up to a minute and does nothing else, so they wait together.
describe("limits on time", () => {
  const servers = new Map<string, RunningServer>();
  const connect = (runtime: string): Client => new Client(servers.get(runtime)?.port ?? 0);
  beforeAll(async () => {
    for (const runtime of runtimes) servers.set(runtime, await start(await build("examples/web-server/web-server.flux", runtime)));
  }, 240_000);
  afterAll(async () => {
    for (const server of servers.values()) expect((await server.stop()).code).toBe(0);
  });

  test.concurrent.each(runtimes)("on %s, half a request is answered with 408 after 15 s, and the connection closed", { timeout: 30_000 }, async (runtime) => {
    const client = connect(runtime);
    const since = performance.now();
    client.send("GET / HTTP/1.1\r\n");
    const text = await client.readToEnd(20_000);
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(text).toContain("\r\nConnection: close\r\n");
    expect(performance.now() - since).toBeGreaterThan(14_500);
    client.close();
  });

  test.concurrent.each(runtimes)("on %s, a connection that says nothing more is closed after a minute without an answer", { timeout: 80_000 }, async (runtime) => {
    const client = connect(runtime);
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.read((text) => text.endsWith("\r\n\r\n"));
    const since = performance.now();
    expect(await client.readToEnd(70_000)).toBe("");
    expect(client.ended).toBe(true);
    expect(performance.now() - since).toBeGreaterThan(59_000);
    client.close();
  });

  test.concurrent.each(runtimes)("on %s, half a body is answered with 408 after a minute", { timeout: 80_000 }, async (runtime) => {
    const client = connect(runtime);
    client.send("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
    expect(await client.readToEnd(70_000)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    client.close();
  });
});

describe.each(runtimes)("on %s", (runtime) => {
  let binary: string;
  let server: RunningServer;
  beforeAll(async () => {
    binary = await build("examples/web-server/web-server.flux", runtime);
    server = await start(binary);
  }, 120_000);
  afterAll(async () => {
    expect((await server.stop()).code).toBe(0);
  });

  test("200,000 requests and 20,000 connections leave no memory and no descriptor behind", { timeout: 120_000 }, async () => {
    const memory = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(server.process.pid)}/status`, "latin1"))?.[1]);
    const descriptors = (): number => readdirSync(`/proc/${String(server.process.pid)}/fd`).length;
    const request = "GET /README.md HTTP/1.1\r\nHost: x\r\n\r\n";
    const requests = async (count: number): Promise<void> => {
      const client = new Client(server.port);
      client.send(`${request.repeat(count - 1)}${request.slice(0, -2)}Connection: close\r\n\r\n`);
      const text = await client.readToEnd(60_000);
      expect(text.split("HTTP/1.1 200 OK\r\n").length - 1).toBe(count);
      client.close();
    };
    const connections = async (count: number): Promise<void> => {
      for (let begun = 0; begun < count; begun += 20) await Promise.all(Array.from({ length: 20 }, () => requests(1)));
    };
    await requests(2_000);
    await connections(2_000);
    const before = { memory: memory(), descriptors: descriptors() };
    for (let round = 0; round < 100; round++) await requests(2_000);
    await connections(20_000);
    expect(memory()).toBeLessThan(before.memory + 1_000);
    await expect.poll(descriptors).toBeLessThanOrEqual(before.descriptors);
  });

  test("with 64 descriptors and 500 clients it does not spin, and serves again within a second", { timeout: 60_000 }, async () => {
    const second = await startBy(["prlimit", "--nofile=64"], binary);
    const cpu = (): number => {
      const fields = readFileSync(`/proc/${String(second.process.pid)}/stat`, "latin1")
        .replace(/.*\) /s, "")
        .split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    };
    const clients = Array.from({ length: 500 }, () => new Client(second.port));
    await Promise.all(clients.map((client) => client.connected));
    for (const client of clients) client.send("GET / HTTP/1.1\r\n");
    await expect.poll(() => second.output()).toContain("Too many open files");
    const [used, said] = [cpu(), second.output().split("\n").length];
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(cpu() - used).toBeLessThan(0.15);
    expect(second.output().split("\n").length - said).toBeLessThanOrEqual(4);
    for (const client of clients) client.close();
    const since = performance.now();
    const last = new Client(second.port);
    last.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(await last.readToEnd()).toContain("HTTP/1.1 ");
    expect(performance.now() - since).toBeLessThan(1_500);
    last.close();
    expect((await second.stop()).code).toBe(0);
  });

  const requests = [
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "HEAD /README.md?a=b HTTP/1.1\r\nHost: [::1]:80\r\nUser-Agent: y\r\n\r\n",
    "GET http://x/docs HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "GET /%2e%2e/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde",
    "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: t\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
  ];
  const insertions = ["\r\n", "\0", " ", ":", "%", "/..", "\xff", "\r\n\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 3\r\n", "Expect: x\r\n", "Host: y\r\n", "0\r\n\r\n"];

  test.each(["address,undefined", "thread"])("with --sanitize %s, 10,000 requests with errors in them, however cut up, give no report", { timeout: 600_000 }, async (sanitizer) => {
    const checked = await start(await build("examples/web-server/web-server.flux", runtime, "--sanitize", sanitizer));
    const said = checked.output();
    const random = randomNumbers(1);
    let compared = 0;
    const one = <T>(of: readonly T[]): T => of[random(of.length)] as T;
    // A client that goes on after it, or an error of its own, has closed the connection may be reset before it has read the answer.
    const answers = async (parts: readonly string[]): Promise<{ readonly text: string; readonly reset: boolean }> => {
      const client = new Client(checked.port);
      for (const part of parts) {
        client.send(Buffer.from(part, "latin1"));
        if (parts.length > 1) await client.flushed;
      }
      client.finish();
      const text = await client.readToEnd(10_000);
      expect([parts, client.ended]).toEqual([parts, true]);
      client.close();
      return { text: text.replaceAll(/Date: .*\r\n/g, ""), reset: client.failed };
    };
    for (let done = 0; done < 10_000; done += 20) {
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          let bytes = Array.from({ length: 1 + random(3) }, () => one(requests)).join("");
          for (let change = random(5); change > 0; change--) {
            const at = random(bytes.length + 1);
            bytes = bytes.slice(0, at) + (random(3) === 0 ? String.fromCharCode(random(256)) : one(insertions)) + bytes.slice(at + random(4));
          }
          const whole = await answers([bytes]);
          const first = random(bytes.length + 1);
          const second = first + random(bytes.length + 1 - first);
          const cut = await answers([bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)]);
          if (!whole.reset && !cut.reset) {
            expect([bytes, cut.text]).toEqual([bytes, whole.text]);
            compared++;
          }
        }),
      );
    }
    expect(compared).toBeGreaterThan(9_000);
    expect((await checked.stop()).code).toBe(0);
    expect(checked.output()).toBe(said);
  });
});
