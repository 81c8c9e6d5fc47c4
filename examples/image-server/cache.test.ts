/** The image server's cache, on every runtime: its bound, what goes first, and that nothing goes that is in use. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build, Client, start, type RunningServer } from "../testing/running-server.ts";
import { runtimes } from "../web-server/corpus/runtimes.ts";
import { ask, bodyOf, counts, program, request, write } from "./testing/asking.ts";
import { jpeginfo, noise, ppm } from "./testing/pictures.ts";

describe.each(runtimes)("on %s", (runtime) => {
  let binary: string;
  const site = mkdtempSync(join(tmpdir(), "flux-cache-"));

  beforeAll(async () => {
    binary = await build(program, runtime);
    write(site, "small.ppm", ppm(noise(200, 200, 1)));
    write(site, "large.ppm", ppm(noise(2800, 2000, 2)));
  });
  afterAll(() => {
    rmSync(site, { recursive: true });
  });

  async function using(cacheBytes: string, use: (server: RunningServer) => Promise<void>): Promise<void> {
    const server = await start(binary, "--root", site, "--cache-bytes", cacheBytes);
    await use(server);
    expect((await counts(server)).in_use).toBe(0);
    expect((await server.stop()).code).toBe(0);
  }

  /** True if an image was still there. */
  async function isKept(server: RunningServer, target: string): Promise<boolean> {
    const before = await counts(server);
    expect((await ask(server, target, { method: "HEAD" })).status).toBe(200);
    const after = await counts(server);
    expect(after.hits + after.begun - before.hits - before.begun).toBe(1);
    return after.hits > before.hits;
  }

  test("what it keeps is never more than it may", async () => {
    await using("300K", async (server) => {
      for (let width = 100; width < 200; width++) {
        expect((await ask(server, `/small.jpg?width=${width}`)).status).toBe(200);
        const { bytes, images } = await counts(server);
        expect(bytes).toBeLessThanOrEqual(300 * 1024);
        expect(images).toBeGreaterThan(0);
      }
      const { evicted, images, made } = await counts(server);
      expect(evicted).toBeGreaterThan(50);
      expect(images + evicted).toBe(made);
    });
  });

  test("what is used least goes first, and what was used much long ago does not stay for ever", async () => {
    await using("120K", async (server) => {
      const often = "/small.jpg?width=100";
      for (let time = 0; time < 20; time++) await ask(server, often);
      for (let width = 101; width < 130; width++) await ask(server, `/small.jpg?width=${width}`);
      expect((await counts(server)).evicted).toBeGreaterThan(5);
      expect(await isKept(server, often)).toBe(true);
      expect(await isKept(server, "/small.jpg?width=101")).toBe(false);
      // Each of these is used twice, so what is dropped has been used more and more often.
      for (let round = 0; round < 12; round++) {
        for (let width = 130; width < 160; width++) for (let twice = 0; twice < 2; twice++) await ask(server, `/small.jpg?width=${width}`);
      }
      expect(await isKept(server, often)).toBe(false);
    });
  });

  test("without memory for it nothing is kept, and still an image is made once for all who wait", async () => {
    await using("0", async (server) => {
      expect(await isKept(server, "/small.jpg")).toBe(false);
      expect(await isKept(server, "/small.jpg")).toBe(false);
      const clients = Array.from({ length: 20 }, () => new Client(server.port));
      await Promise.all(clients.map((client) => client.connected));
      for (const client of clients) client.send(request("/large.jpg"));
      for (const client of clients) expect(jpeginfo(bodyOf(await client.readToEnd(20_000)))).toBe("OK 2800x2000");
      for (const client of clients) client.close();
      const { images, bytes, joined, begun } = await counts(server);
      expect([images, bytes]).toEqual([0, 0]);
      expect(joined).toBeGreaterThan(0);
      expect(joined + begun).toBe(22);
    });
  });

  test("an image that a slow client still takes is not dropped, however long ago it was asked for", async () => {
    const target = (quality: number): string => `/large.jpg?quality=${quality}`;
    await using("90M", async (server) => {
      // More than the kernel takes off the server's hands.
      const slow = new Client(server.port);
      slow.send(request(target(100)));
      slow.pause();
      await expect.poll(async () => (await counts(server)).made, { timeout: 20_000 }).toBe(1);
      for (let quality = 99; (await counts(server)).evicted < 3; quality--) {
        expect(quality).toBeGreaterThan(50);
        // Three times, so that no other has been used as little, or as long ago, as the one in use.
        for (let time = 0; time < 3; time++) expect((await ask(server, target(quality), { method: "HEAD" })).status).toBe(200);
      }
      expect((await counts(server)).in_use).toBe(1);
      expect(await isKept(server, target(100))).toBe(true);
      const body = bodyOf(await slow.readToEnd(20_000));
      expect(jpeginfo(body)).toBe("OK 2800x2000");
      slow.close();
      await expect.poll(async () => (await counts(server)).in_use).toBe(0);
    });
  });
});
