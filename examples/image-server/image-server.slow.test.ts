/** What takes the image server long: sanitizers over a cache that is too small, thousands of broken files, pictures of 100 megapixels. */
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build, Client, reports, start } from "../testing/running-server.ts";
import { randomNumbers } from "../web-server/corpus/mutation.ts";
import { runtimes } from "../web-server/corpus/runtimes.ts";
import { ask, bodyOf, counts, peakMemory, program, usersLeft, write } from "./testing/asking.ts";
import { jpeginfo, noise, picture, ppm, scene } from "./testing/pictures.ts";

const site = mkdtempSync(join(tmpdir(), "flux-pictures-"));
beforeAll(() => {
  for (let number = 0; number < 3; number++) write(site, `${number}.ppm`, ppm(noise(60, 60, number)));
  write(site, "broken.ppm", ppm(scene(60, 60)).subarray(0, -1));
});
afterAll(() => {
  rmSync(site, { recursive: true });
});

/** Width and height as a JPEG's frame says them; nothing for what does not end as a JPEG does. */
function sizeOf(jpeg: Buffer): string {
  if (jpeg.readUInt16BE(0) !== 0xffd8 || jpeg.readUInt16BE(jpeg.length - 2) !== 0xffd9) return "";
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0, 0x00, 0x11]));
  return `${jpeg.readUInt16BE(frame + 7)}x${jpeg.readUInt16BE(frame + 5)}`;
}

describe.each(runtimes)("on %s", (runtime) => {
  test.each(["address,undefined", "thread"])("with --sanitize %s, a cache that is too small, clients that leave and pictures that change give no report", async (sanitizer) => {
    const server = await start(await build(program, runtime, "--sanitize", sanitizer), "--root", site, "--cache-bytes", "40K");
    const said = reports(server);
    const random = randomNumbers(1);
    const one = async (): Promise<void> => {
      const client = new Client(server.port);
      const asked = Array.from({ length: 1 + random(3) }, () => ({ number: random(3), width: 40 + random(8), kind: random(12) }));
      const target = ({ number, width, kind }: (typeof asked)[number]): string => (kind === 0 ? "/missing.jpg" : kind === 1 ? "/broken.jpg" : `/${number}.jpg?width=${width}&height=30`);
      client.send(asked.map((each, index) => `GET ${target(each)} HTTP/1.1\r\nHost: x\r\n${index === asked.length - 1 ? "Connection: close\r\n" : ""}\r\n`).join(""));
      const manner = random(8);
      if (manner === 0) {
        await client.connected;
        client.reset();
        return;
      }
      if (manner === 1) {
        await client.read((text) => text.length > 0, 20_000);
        client.reset();
        return;
      }
      let text = await client.readToEnd(60_000);
      client.close();
      for (const each of asked) {
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
        const body = bodyOf(text).subarray(0, Number(/\r\nContent-Length: (\d+)/.exec(text)?.[1]));
        expect([each, status]).toEqual([each, each.kind === 0 ? 404 : each.kind === 1 ? 500 : 200]);
        if (status !== 200) return;
        expect(sizeOf(body)).toBe(`${each.width}x30`);
        text = text.slice(text.indexOf("\r\n\r\n") + 4 + body.length);
      }
    };
    for (let done = 0; done < 3_000; done += 30) {
      if (done % 300 === 0) write(site, "2.ppm", ppm(noise(60, 61 + (done % 7), done)));
      await Promise.all(Array.from({ length: 30 }, one));
    }
    expect(await usersLeft(server)).toBe(0);
    const { bytes, evicted, hits, joined } = await counts(server);
    expect(bytes).toBeLessThanOrEqual(40 * 1024);
    expect(Math.min(evicted, hits, joined)).toBeGreaterThan(10);
    // Whether a picture was in the cache whenever it changed above is chance; this one is.
    let change = 0;
    const outdated = async (): Promise<number> => {
      await ask(server, "/2.jpg?width=40&height=30");
      write(site, "2.ppm", ppm(noise(60, 61 + (++change % 7), change)));
      return (await counts(server)).outdated;
    };
    await expect.poll(outdated, { timeout: 20_000, interval: 300 }).toBeGreaterThan(0);
    expect((await server.stop()).code).toBe(0);
    expect(reports(server)).toBe(said);
  });

  test("with --sanitize address,undefined, 1,500 files with errors in them give an answer and no report", async () => {
    const server = await start(await build(program, runtime, "--sanitize", "address,undefined"), "--root", site);
    const said = reports(server);
    const random = randomNumbers(2);
    const heads = ["P6\n8 6\n255\n", "P6 # a\n8 6\n65535\n", "P6\n8\n6\n7\n", "P6\n4096 6\n255\n", "P6\n1 65500\n255\n"];
    const insertions = ["0", "9", "-", " ", "\n", "#", "P6\n", "65535", "4294967295", "2147483648", "\0", "\xff", ".5", "x"];
    const seen = new Map<number, number>();
    const body = Buffer.alloc(300_000, "picture");
    for (let done = 0; done < 1_500; done += 10) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          let head = heads[random(heads.length)] ?? "";
          for (let change = random(4); change > 0; change--) {
            const at = random(head.length + 1);
            head = head.slice(0, at) + (insertions[random(insertions.length)] ?? "") + head.slice(at + random(3));
          }
          const size = [288, 144, 100_000, 300_000, random(400)][random(5)] ?? 0;
          write(site, `mutant-${done + index}.ppm`, Buffer.concat([Buffer.from(head, "latin1"), body.subarray(0, size)]));
          const width = random(2) === 0 ? "?width=5&height=7" : "";
          const answer = await ask(server, `/mutant-${done + index}.jpg${width}`);
          expect([head, [200, 400, 500].includes(answer.status)]).toEqual([head, true]);
          if (answer.status === 200) expect(sizeOf(answer.body)).not.toBe("");
          seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
          rmSync(join(site, `mutant-${done + index}.ppm`));
        }),
      );
    }
    expect(seen.get(200)).toBeGreaterThan(200);
    expect(seen.get(500)).toBeGreaterThan(200);
    expect(await usersLeft(server)).toBe(0);
    expect((await server.stop()).code).toBe(0);
    expect(reports(server)).toBe(said);
  });

  test("a picture of 100 megapixels becomes a small image without being in memory", async () => {
    const server = await start(await build(program, runtime), "--root", site);
    write(site, "sky.ppm", "P6\n10000 10000\n255\n");
    truncateSync(join(site, "sky.ppm"), 300_000_019);
    const { body } = await ask(server, "/sky.jpg?width=200");
    expect(jpeginfo(body)).toBe("OK 200x200");
    expect(peakMemory(server)).toBeLessThan(60);
    expect((await server.stop()).code).toBe(0);
  });

  test("a crowd that asks for large images does not take all memory: some are told to come again", async () => {
    const server = await start(await build(program, runtime), "--root", site);
    write(site, "wide.ppm", ppm(picture(4, 4, (x, y) => 60 * (x ^ y))));
    const answers = await Promise.all(Array.from({ length: 24 }, (_, index) => ask(server, `/wide.jpg?width=4096&height=4096&quality=${index + 10}`)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).toBeGreaterThan(0);
    for (const { body } of good) expect(sizeOf(body)).toBe("4096x4096");
    for (const { status, headers } of answers.filter((answer) => answer.status !== 200)) expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    // 256 MB of pixels, where all at once would be 1,200.
    expect(peakMemory(server)).toBeLessThan(600);
    expect((await ask(server, "/wide.jpg?width=4096&height=4096&quality=5")).status).toBe(200);
    expect(await usersLeft(server)).toBe(0);
    expect((await server.stop()).code).toBe(0);
  });
});
