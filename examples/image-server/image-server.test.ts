/** The image server under real clients, on every runtime: what it makes, what it refuses, what it makes only once; what its cache keeps and drops. */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build, Client, start, type RunningServer } from "../testing/running-server.ts";
import { runtimes } from "../web-server/corpus/runtimes.ts";
import { ask, bodyOf, counts, openDescriptors, peakMemory, program, request, usersLeft, write } from "./testing/asking.ts";
import { hostile, odd, plain } from "./testing/files.ts";
import { colourDifference, difference, fromJpeg, jpeginfo, noise, picture, ppm, scaled, scene } from "./testing/pictures.ts";

const run = promisify(execFile);
const source = scene(320, 240);

describe.each(runtimes)("on %s", (runtime) => {
  let binary: string;
  let server: RunningServer;
  const folder = mkdtempSync(join(tmpdir(), "flux-pictures-"));
  const site = join(folder, "site");

  beforeAll(async () => {
    write(site, "scene.ppm", ppm(source));
    write(site, "inner/a picture.ppm", ppm(plain));
    write(folder, "outside.ppm", ppm(plain));
    write(site, "text.txt", "text");
    write(site, "large.ppm", ppm(scene(5000, 10)));
    write(site, "small.ppm", ppm(noise(200, 200, 1)));
    write(site, "noise.ppm", ppm(noise(2800, 2000, 2)));
    for (const [name, bytes] of odd) write(site, `odd/${name}.ppm`, bytes);
    for (const [name, bytes] of hostile) write(site, `hostile/${name}.ppm`, typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    mkdirSync(join(site, "folder.ppm"));
    execFileSync("mkfifo", [join(site, "fifo.ppm")]);
    symlinkSync("../outside.ppm", join(site, "escape.ppm"));
    binary = await build(program, runtime);
    server = await start(binary, "--root", site);
  });
  afterAll(async () => {
    expect(await usersLeft(server)).toBe(0);
    expect((await server.stop()).code).toBe(0);
    rmSync(folder, { recursive: true });
  });

  test("a picture without a size comes as large as it is", async () => {
    const { status, headers, body } = await ask(server, "/scene.jpg?quality=95");
    expect([status, headers.get("content-type"), headers.get("content-length")]).toEqual([200, "image/jpeg", String(body.length)]);
    expect(jpeginfo(body)).toBe("OK 320x240");
    expect(colourDifference(fromJpeg(body), source)).toBeLessThan(2);
  });

  test.each([
    ["width=160&height=120", 160, 120],
    ["width=100", 100, 75],
    ["height=7", 9, 7],
    ["width=1&height=1", 1, 1],
    ["width=1", 1, 1],
    ["width=319&height=239", 319, 239],
    ["width=17&height=480", 17, 480],
    ["width=700&height=31", 700, 31],
    ["height=500", 667, 500],
    ["width=321&height=241", 321, 241],
  ])("scaled to %s it looks right", async (query, width, height) => {
    const { body } = await ask(server, `/scene.jpg?${query}&quality=100`);
    expect(jpeginfo(body)).toBe(`OK ${width}x${height}`);
    expect(difference(fromJpeg(body), scaled(source, width, height))).toBeLessThan(2);
  });

  test("the largest size that may be asked for", async () => {
    const { body } = await ask(server, "/scene.jpg?width=4096&height=4");
    expect(jpeginfo(body)).toBe("OK 4096x4");
    expect(jpeginfo((await ask(server, "/scene.jpg?width=4&height=4096")).body)).toBe("OK 4x4096");
  });

  test("a better quality takes more bytes and comes closer", async () => {
    const bodies = await Promise.all([1, 30, 75, 100].map(async (quality) => (await ask(server, `/scene.jpg?quality=${quality}`)).body));
    const sizes = bodies.map(({ length }) => length);
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    expect(new Set(sizes).size).toBe(4);
    const differences = bodies.map((body) => difference(fromJpeg(body), source));
    expect(differences).toEqual(differences.toSorted((one, other) => other - one));
    expect((await ask(server, "/scene.jpg")).body.equals(bodies[2] as Buffer)).toBe(true);
  });

  test.each(odd)("PPM in another manner: %s", async (name, _, means) => {
    const { body } = await ask(server, `/odd/${name}.jpg?quality=100`);
    expect(jpeginfo(body)).toBe("OK 4x3");
    const expected = fromJpeg((await ask(server, "/inner/a%20picture.jpg?quality=100")).body);
    expect(difference(fromJpeg(body), means === plain ? expected : means)).toBeLessThan(means === plain ? 0.01 : 2);
  });

  test.each([
    ["/missing.jpg", 404],
    ["/scene.ppm", 404],
    ["/scene", 404],
    ["/", 404],
    ["/text.jpg", 404],
    ["/folder.jpg", 404],
    ["/fifo.jpg", 404],
    ["/escape.jpg", 404],
    ["/../outside.jpg", 404],
    ["/%2e%2e/outside.jpg", 404],
    ["//scene.jpg", 404],
    ["/./scene.jpg", 404],
    ["/scene%2ejpg", 200],
    ["/scene.jpg?", 200],
    ["/scene.jpg?width=0", 400],
    ["/scene.jpg?width=-1", 400],
    ["/scene.jpg?width=4097", 400],
    ["/scene.jpg?width=99999999999999999999", 400],
    ["/scene.jpg?width=1e2", 400],
    ["/scene.jpg?width=%31", 400],
    ["/scene.jpg?width=", 400],
    ["/scene.jpg?width", 400],
    ["/scene.jpg?height=0x10", 400],
    ["/scene.jpg?width=10&width=10", 400],
    ["/scene.jpg?quality=101", 400],
    ["/scene.jpg?colour=red", 400],
    ["/scene.jpg?width=10&&height=10", 400],
    // What it would become in proportion is too high.
    ["/large.jpg", 400],
    ["/large.jpg?height=10", 400],
    ["/large.jpg?width=4096", 200],
    ["/%", 400],
  ])("%s answers %i", async (target, expected) => {
    const client = new Client(server.port);
    client.send(request(target));
    const text = await client.readToEnd();
    client.close();
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${expected} `));
    expect(text).toContain("\r\nConnection: close\r\n");
  });

  test.each(hostile)("the file %s is refused with its reason", async (name, _, reason) => {
    for (const query of ["", "?width=100&height=100"]) {
      const answer = await ask(server, `/hostile/${name}.jpg${query}`);
      expect([answer.status, answer.reason]).toEqual([500, expect.stringMatching(reason)]);
    }
    expect(await usersLeft(server)).toBe(0);
  });

  test("no file made the server take much memory", () => {
    expect(peakMemory(server)).toBeLessThan(150);
  });

  test.each([
    ["PUT /scene.jpg HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 405],
    ["BREW /scene.jpg HTTP/1.1\r\nHost: x\r\n\r\n", 501],
    ["GET /scene.jpg HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 413],
    ["GET /scene.jpg HTTP/1.1\r\n\r\n", 400],
    ["nonsense\r\n\r\n", 400],
    ["GET /scene.jpg HTTP/2.0\r\nHost: x\r\n\r\n", 505],
  ])("%j answers %i and ends the connection", async (bytes, expected) => {
    const client = new Client(server.port);
    client.send(bytes);
    const text = await client.readToEnd();
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${expected} [^]*\r\nConnection: close\r\n`));
    expect(client.failed).toBe(false);
    client.close();
  });

  test("HEAD has the head of GET and nothing else, also where there is no image", async () => {
    const whole = await ask(server, "/scene.jpg?width=50");
    const head = await ask(server, "/scene.jpg?width=50", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), head.headers.get("etag")]).toEqual([200, String(whole.body.length), whole.headers.get("etag")]);
    const client = new Client(server.port);
    client.send("HEAD /scene.jpg HTTP/1.1\r\nHost: x\r\n\r\nHEAD /missing.jpg HTTP/1.1\r\nHost: x\r\n\r\n");
    const text = await client.readToEnd();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)+\r\nHTTP\/1\.1 404 Not Found\r\n(?:[^\r]+\r\n)+\r\n$/);
    client.close();
  });

  test("who has the image already is told so, and part of it can be had", async () => {
    const { headers, body } = await ask(server, "/scene.jpg");
    const tag = headers.get("etag") ?? "";
    expect((await ask(server, "/scene.jpg", { headers: { "If-None-Match": tag } })).status).toBe(304);
    expect((await ask(server, "/scene.jpg?width=100", { headers: { "If-None-Match": tag } })).status).toBe(200);
    const part = await ask(server, "/scene.jpg", { headers: { Range: "bytes=10-29" } });
    expect([part.status, part.body.equals(body.subarray(10, 30))]).toEqual([206, true]);
  });

  test("curl gets many images over one connection", async () => {
    const targets = ["/scene.jpg", "/scene.jpg?width=20", "/odd/comments.jpg", "/scene.jpg"].flatMap((target) => ["-o", "/dev/null", `http://127.0.0.1:${server.port}${target}`]);
    const { stdout } = await run("curl", ["-sS", "-w", "%{http_code} %{num_connects}\n", ...targets]);
    expect(stdout).toBe("200 1\n200 0\n200 0\n200 0\n");
  });

  test("an image is made once, however many ask for it while it is not there", async () => {
    write(site, "slow.ppm", ppm(noise(2500, 1200, 1)));
    const before = await counts(server);
    const clients = Array.from({ length: 60 }, () => new Client(server.port));
    await Promise.all(clients.map((client) => client.connected));
    for (const client of clients) client.send(request("/slow.jpg?width=2000"));
    const bodies = await Promise.all(clients.map(async (client) => bodyOf(await client.readToEnd(30_000))));
    for (const client of clients) client.close();
    expect(jpeginfo(bodies[0] as Buffer)).toBe("OK 2000x960");
    expect(bodies.filter((body) => body.equals(bodies[0] as Buffer)).length).toBe(60);
    const after = await counts(server);
    expect([after.begun - before.begun, after.made - before.made, after.failed - before.failed]).toEqual([1, 1, 0]);
    expect(after.joined - before.joined).toBeGreaterThan(0);
    expect(after.joined + after.hits - before.joined - before.hits).toBe(59);
  });

  test("who asks for a picture that is missing or broken is told so, however many ask at once", async () => {
    for (const [target, status] of [["/missing.jpg", 404], ["/hostile/one-byte-less.jpg", 500]] as const) {
      const clients = Array.from({ length: 60 }, () => new Client(server.port));
      await Promise.all(clients.map((client) => client.connected));
      for (const client of clients) client.send(request(target));
      for (const client of clients) expect(await client.readToEnd()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      for (const client of clients) client.close();
    }
    expect(await usersLeft(server)).toBe(0);
  });

  test("a picture that is replaced, broken or removed is seen a second later", async () => {
    const colour = async (): Promise<string> => {
      const { status, body } = await ask(server, "/changing.jpg");
      return status === 200 ? [...fromJpeg(body).bytes.subarray(0, 3)].map((sample) => Math.round(sample / 100)).join() : String(status);
    };
    // The kernel dates a file by its tick.
    const change = (red: number, blue: number): Promise<void> => sleep(20).then(() => write(site, "changing.ppm", ppm(picture(8, 8, (_x, _y, at) => [red, 0, blue][at] ?? 0))));
    await change(200, 0);
    expect(await colour()).toBe("2,0,0");
    const before = await counts(server);
    await change(0, 200);
    await expect.poll(colour, { timeout: 10_000 }).toBe("0,0,2");
    writeFileSync(join(site, "changing.ppm"), "P6");
    await expect.poll(colour, { timeout: 10_000 }).toBe("500");
    await change(200, 200);
    expect(await colour()).toBe("2,0,2");
    rmSync(join(site, "changing.ppm"));
    await expect.poll(colour, { timeout: 10_000 }).toBe("404");
    expect((await counts(server)).outdated - before.outdated).toBe(3);
  });

  test.each([
    ["--port=x", /--port takes a number from 0 to 65535, not 'x'/],
    ["--cache-bytes=64X", /--cache-bytes takes a number of bytes/],
    ["--root=/no/such/folder", /cannot serve \/no\/such\/folder/],
    ["--bogus", /unknown option --bogus/],
    ["extra", /unexpected argument 'extra'/],
  ])("%s is one clear line and exit code 1", async (option, message) => {
    const failure = await run(binary, [option]).then(
      () => undefined,
      (error: unknown) => error as { readonly code: number; readonly stderr: string },
    );
    expect(failure?.code).toBe(1);
    expect(failure?.stderr).toMatch(message);
    expect(failure?.stderr.trimEnd().split("\n").length).toBe(1);
  });

  test("clients that go away in the middle leave nothing behind", async () => {
    write(site, "leaving.ppm", ppm(noise(1500, 1000, 2)));
    await counts(server);
    const descriptors = openDescriptors(server);
    // In the middle of a head; while their image is made, by them or by another; while it is sent.
    for (let round = 0; round < 3; round++) {
      const some = Array.from({ length: 30 }, () => new Client(server.port));
      const others = Array.from({ length: 15 }, () => new Client(server.port));
      await Promise.all([...some, ...others].map((client) => client.connected));
      const bytes = (index: number): string => request(`/leaving.jpg?quality=100&width=${1400 + round * 3 + (index % 3)}`);
      some.forEach((client, index) => client.send(index % 9 === 0 ? bytes(index).slice(0, 30) : bytes(index)));
      others.forEach((client, index) => client.send(bytes(index)));
      for (const client of some) client.reset();
      await Promise.all(others.map((client) => client.read((text) => text.length > 0, 20_000)));
      for (const client of others) client.reset();
    }
    await expect.poll(async () => (await counts(server)).in_use, { timeout: 10_000 }).toBe(0);
    await expect.poll(() => openDescriptors(server), { timeout: 10_000 }).toBeLessThanOrEqual(descriptors + 1);
    expect((await ask(server, "/scene.jpg")).status).toBe(200);
  });

  test("a stop waits for the images that were asked for, and for nobody who only listens", async () => {
    const second = await start(binary, "--root", site);
    const idle = Array.from({ length: 10 }, () => new Client(second.port));
    for (const client of idle) client.send("GET /scene.jpg?width=9 HTTP/1.1\r\nHost: x\r\n\r\n");
    await Promise.all(idle.map((client) => client.read((text) => text.includes("\xff\xd9"))));
    const clients = Array.from({ length: 20 }, () => new Client(second.port));
    await Promise.all(clients.map((client) => client.connected));
    for (const client of clients) client.send(request("/slow.jpg?width=2001"));
    await expect.poll(async () => (await counts(second)).begun).toBe(2);
    const stopped = second.stop();
    for (const client of clients) expect(jpeginfo(bodyOf(await client.readToEnd(30_000)))).toBe("OK 2001x960");
    expect((await stopped).code).toBe(0);
    for (const client of [...idle, ...clients]) client.close();
  });

  describe("its cache", () => {
    async function using(cacheBytes: string, use: (server: RunningServer) => Promise<void>): Promise<void> {
      const server = await start(binary, "--root", site, "--cache-bytes", cacheBytes);
      try {
        await use(server);
      } catch (error) {
        server.process.kill("SIGKILL");
        throw error;
      }
      expect(await usersLeft(server)).toBe(0);
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
        for (const client of clients) client.send(request("/noise.jpg"));
        for (const client of clients) expect(jpeginfo(bodyOf(await client.readToEnd(20_000)))).toBe("OK 2800x2000");
        for (const client of clients) client.close();
        const { images, bytes, joined, begun } = await counts(server);
        expect([images, bytes]).toEqual([0, 0]);
        expect(joined).toBeGreaterThan(0);
        expect(joined + begun).toBe(22);
      });
    });

    test("an image that a slow client still takes is not dropped, however long ago it was asked for", async () => {
      const target = (quality: number): string => `/noise.jpg?quality=${quality}`;
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
        await expect.poll(async () => (await counts(server)).in_use).toBe(1);
        expect(await isKept(server, target(100))).toBe(true);
        const body = bodyOf(await slow.readToEnd(20_000));
        expect(jpeginfo(body)).toBe("OK 2800x2000");
        slow.close();
        expect(await usersLeft(server)).toBe(0);
      });
    });
  });
});
