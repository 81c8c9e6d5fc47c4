/** What takes PHP in the web server long: its limits on time, and builds with sanitizers under load, beside PHP that breaks the rules. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { randomNumbers } from "./corpus/mutation.ts";
import { runtimes } from "./corpus/runtimes.ts";
import { FakePhp } from "./php/fake-php.ts";
import { startPhpFpm } from "./php/php-fpm.ts";
import { end, output, record, types, whole } from "./php/records.ts";
import { build, Client, reports, start, type RunningServer } from "../testing/running-server.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-php-slow-"));
const site = join(folder, "site");
beforeAll(() => {
  chmodSync(folder, 0o755);
  mkdirSync(site);
  writeFileSync(join(site, "x.php"), "<?php $body = file_get_contents('php://input'); echo strlen($body) . ' ' . str_repeat($_GET['a'] ?? 'x', 1 + $_GET['n'] % 99999);");
  writeFileSync(join(site, "x.txt"), "file");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fine = "Content-Type: text/plain\r\n\r\nfine";
const status = (text: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);

// Each waits for a minute and does nothing else, so they wait together.
describe("limits on time", () => {
  const servers = new Map<string, RunningServer>();
  const fakes: FakePhp[] = [];
  beforeAll(async () => {
    for (const runtime of runtimes) {
      const php = await FakePhp.listen(join(folder, `${runtime}.sock`));
      fakes.push(php);
      php.answer = async ({ variables, socket }) => {
        switch (variables.get("QUERY_STRING")) {
          case "silent": return;
          case "half": return void socket.write(output(`${fine}, and`));
          case "steady":
            socket.write(output(fine));
            for (let second = 0; second < 70; second++) {
              await sleep(1_000);
              socket.write(output("."));
            }
            socket.write(end());
            return;
          default: socket.write(whole(fine));
        }
      };
      servers.set(runtime, await start(await build("examples/web-server/web-server.flux", runtime), "--root", site, "--php", join(folder, `${runtime}.sock`)));
    }
  });
  afterAll(async () => {
    for (const server of servers.values()) expect((await server.stop()).code).toBe(0);
    for (const php of fakes) await php.close();
  });

  const cases = runtimes.flatMap((runtime) => [
    [runtime, "PHP that says nothing is 504", "GET /x.php?silent", "", /^HTTP\/1\.1 504 Gateway Timeout\r\n[^]*\r\nConnection: close\r\n/],
    [runtime, "PHP that stops in the middle ends the connection", "GET /x.php?half", "", /\r\nfine, and\r\n$/],
    [runtime, "PHP that goes on slowly is heard to its end", "GET /x.php?steady", "", /(1\r\n\.\r\n){60}[^]*\r\n0\r\n\r\n$/],
    [runtime, "a short body that does not come is 408", "POST /x.php?body", "Content-Length: 10\r\n", /^HTTP\/1\.1 408 /],
    [runtime, "a long body that stops coming is 408", "POST /x.php?silent", "Content-Length: 200000\r\n", /^HTTP\/1\.1 408 /],
  ] as const);
  test("each is kept", { timeout: 180_000 }, async () => {
    await Promise.all(
      cases.map(async ([runtime, name, line, field, expected]) => {
        const client = new Client(servers.get(runtime)?.port ?? 0);
        const since = performance.now();
        client.send(`${line} HTTP/1.1\r\nHost: x\r\nConnection: ${line.includes("steady") ? "close" : "keep-alive"}\r\n${field}\r\n`);
        if (field.includes("200000")) client.send("x".repeat(100_000));
        const text = await client.readToEnd(120_000);
        expect([runtime, name, text, expected.test(text)]).toEqual([runtime, name, text, true]);
        expect([runtime, name, client.ended, performance.now() - since > 59_000]).toEqual([runtime, name, true, true]);
        client.close();
      }),
    );
  });
});

describe.each(runtimes)("on %s", (runtime) => {
  test.each(["address,undefined", "thread"])("with --sanitize %s, clients and PHP that do what they must not leave no report", { timeout: 600_000 }, async (sanitizer) => {
    const binary = await build("examples/web-server/web-server.flux", runtime, "--sanitize", sanitizer);
    const fpmFolder = mkdtempSync(join(tmpdir(), "flux-php-fpm-"));
    const fpm = await startPhpFpm(fpmFolder);
    const fake = await FakePhp.listen(join(folder, "odd.sock"));
    // Also where something was found.
    onTestFinished(async () => {
      for (const server of servers) server.process.kill("SIGKILL");
      await fpm.stop();
      await fake.close();
      rmSync(fpmFolder, { recursive: true });
    });
    const servers: RunningServer[] = [];
    const random = randomNumbers(7);
    const odd = [
      Buffer.from("garbage"),
      output(`${fine}x`),
      output("Content-Length: 9\r\n\r\nfine"),
      record(types.output, "X: y\r\n", { padding: 200 }),
      record(types.output),
      record(types.error, "said\n"),
      record(types.error, "\0\x1b".repeat(9_000)),
      record(99, "x"),
      output("y".repeat(100_000)),
      end(),
      end(2),
      whole(fine),
    ];
    fake.answer = async ({ socket, whole: read }) => {
      if (random(4) === 0) await Promise.race([read, sleep(20)]);
      for (let parts = random(6); parts > 0; parts--) {
        const part = odd[random(odd.length)] ?? end();
        const cut = random(3) === 0 ? random(part.length) : part.length;
        socket.write(part.subarray(0, cut));
        if (random(2) === 0) await sleep(0);
        socket.write(part.subarray(cut));
      }
      if (random(3) === 0) socket.end();
      else if (random(5) === 0) socket.destroy();
      else socket.write(random(2) === 0 ? whole(fine) : end());
      // What is still open after that would hold its place for a minute.
      setTimeout(() => socket.destroy(), 200);
    };
    for (const address of [fpm.address, join(folder, "odd.sock")]) servers.push(await start(binary, "--root", site, "--php", address));
    const [first] = servers;
    if (first === undefined) throw new Error("no server");
    const said = reports(first);
    let whole200 = 0;
    const one = async (server: RunningServer, index: number, strict: boolean): Promise<void> => {
      const client = new Client(server.port);
      const length = [0, 3, 70_000, 300_000][random(4)] ?? 0;
      const leaves = random(8) === 0;
      client.send(`${length > 0 ? "POST" : "GET"} /x.php?n=${String(random(99_999))}&a=${String(index)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${length > 0 ? `Content-Length: ${String(length)}\r\n` : ""}\r\n`);
      if (length > 0) client.send("b".repeat(leaves ? random(length) : length));
      if (leaves) {
        await sleep(random(20));
        client.reset();
        return;
      }
      const text = await client.readToEnd(60_000);
      expect(client.ended).toBe(true);
      if (strict) {
        expect(status(text)).toBe(200);
        expect(text.slice(0, 400)).toContain(`\r\n${String(length)} ${String(index)}`);
        whole200++;
      }
      client.close();
      expect(await (await fetch(`http://127.0.0.1:${String(server.port)}/x.txt`, { headers: { Connection: "close" } })).text()).toBe("file");
    };
    for (const [index, server] of servers.entries()) {
      for (let round = 0; round < 15; round++) await Promise.all(Array.from({ length: 20 }, (_, at) => one(server, round * 20 + at, index === 0)));
    }
    expect(whole200).toBeGreaterThan(200);
    for (const server of servers) expect((await server.stop()).code).toBe(0);
    expect(reports(first)).toBe(said);
    expect(servers[1]?.output()).not.toMatch(/ERROR: |WARNING: |runtime error/);
  });
});
