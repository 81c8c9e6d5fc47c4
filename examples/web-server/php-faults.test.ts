/** The web server in front of a PHP that breaks the rules, leaves in the middle, is slow, or says too much. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { runtimes } from "./corpus/runtimes.ts";
import { FakePhp, type Call } from "./php/fake-php.ts";
import { end, output, record, types, whole } from "./php/records.ts";
import { build, Client, start, type RunningServer } from "../testing/running-server.ts";

const patient = { timeout: 10_000 };
const fine = "Content-Type: text/plain\r\n\r\nfine";

describe.each(runtimes)("on %s", (runtime) => {
  const folder = mkdtempSync(join(tmpdir(), "flux-fake-php-"));
  const address = join(folder, "php.sock");
  let binary: string;
  let server: RunningServer;
  let php: FakePhp;

  beforeAll(async () => {
    mkdirSync(join(folder, "site"));
    writeFileSync(join(folder, "site/x.php"), "");
    binary = await build("examples/web-server/web-server.flux", runtime);
    php = await FakePhp.listen(address);
    server = await start(binary, "--root", join(folder, "site"), "--php", address);
  });
  afterEach(async () => {
    // Whatever a test has done to it: the next request is served, and all that may be at PHP at once still may.
    php.answer = ({ socket }) => void socket.write(whole(fine));
    expect(new Set(await Promise.all(Array.from({ length: 5 }, async () => (await ask()).slice(-8))))).toEqual(new Set([chunked("fine").slice(-8)]));
    php.closeAll();
    await sleep(20);
    php.calls.length = 0;
    php.connections = 0;
  });
  afterAll(async () => {
    expect((await server.stop()).code).toBe(0);
    await php.close();
    rmSync(folder, { recursive: true });
  });

  const chunked = (text: string): string => `\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  const head = (method: string, further = ""): string => `${method} /x.php HTTP/1.1\r\nHost: x\r\n${further}\r\n`;

  /** One request on a connection of its own. */
  async function ask(request = head("GET", "Connection: close\r\n"), port = server.port): Promise<string> {
    const client = new Client(port);
    client.send(request);
    const text = await client.readToEnd(10_000);
    expect([request.slice(0, 100), client.ended]).toEqual([request.slice(0, 100), true]);
    client.close();
    return text;
  }
  const status = (text: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
  const answers = (...parts: readonly Buffer[]): void => {
    php.answer = ({ socket }) => void socket.write(Buffer.concat(parts));
  };
  /** The same, and then the connection is closed. */
  const answersAndCloses = (...parts: readonly Buffer[]): void => {
    php.answer = ({ socket }) => void socket.end(Buffer.concat(parts));
  };

  test("records byte by byte, with padding, empty and many: the same answer, on a connection that is kept", async () => {
    const text = "Content-Type: text/plain\r\nStatus: 201 Made\r\n\r\nabcdefgh";
    const padded = Buffer.concat([...text].map((byte, index) => record(types.output, byte, { padding: index % 256 })));
    const ways = [whole(text), Buffer.concat([padded, record(types.output), end()]), Buffer.concat([output(text), record(types.error), end()]), Buffer.concat([output(text, 3), end()])];
    for (const way of ways) {
      for (const part of [1, 7, 4_096]) {
        if (part === 1 && way.length > 1_000) continue;
        php.answer = async ({ socket }) => {
          socket.setNoDelay();
          for (let at = 0; at < way.length; at += part) {
            socket.write(way.subarray(at, at + part));
            await sleep(0);
          }
        };
        const got = await ask();
        expect(got).toMatch(/^HTTP\/1\.1 201 Made\r\n/);
        const content = got.slice(got.indexOf("\r\n\r\n") + 4).replaceAll(/[0-9a-f]+\r\n([a-z]*)\r\n/g, "$1");
        expect(content).toBe("abcdefgh");
      }
    }
    expect(php.connections).toBe(1);
  });

  test.each([
    ["another version", 502, record(types.output, fine, { version: 2 })],
    ["another request", 502, record(types.output, fine, { id: 2 })],
    ["no request", 502, record(types.getValuesResult, "", { id: 0 })],
    ["a type for the other side", 502, record(types.input, fine)],
    ["a type that there is not", 502, record(99, fine)],
    ["an end that is too short", 502, Buffer.concat([output("Content-Type: x"), record(types.end, "abc")])],
    ["an end that is too long", 502, record(types.end, Buffer.alloc(9))],
    ["HTTP", 502, Buffer.from(`HTTP/1.1 200 OK\r\n${fine}`)],
    ["noise", 502, randomBytes(5_000).fill(7, 0, 1)],
    ["no head", 502, end()],
    ["half a head", 502, whole("Content-Type: x\r\n")],
    ["an empty head", 502, whole("\r\nbody")],
    ["overloaded", 503, end(2)],
    ["no multiplexing", 502, end(1)],
    ["an end that there is not", 502, Buffer.concat([output("Content-Type: x\r\n"), end(77)])],
    ["an endless head", 502, output(`X: ${"x".repeat(70_000)}`)],
    ["an endless field in many records", 502, output(`X: ${"x".repeat(70_000)}\r\n\r\n`, 100)],
  ] as const)("%s is %i", async (_, expected, bytes) => {
    answers(bytes);
    expect(status(await ask())).toBe(expected);
  });

  test.each([
    ["no colon", "nonsense\r\n"],
    ["no name", ": x\r\n"],
    ["a space in the name", "A b: x\r\n"],
    ["a space before the colon", "A : x\r\n"],
    ["a folded line", "A: x\r\n y\r\n"],
    ["CR in a value", "A: x\ry\r\n"],
    ["NUL in a value", "A: x\0y\r\n"],
    ["NUL in a name", "A\0: x\r\n"],
    ["another control character", "A: \x1b[31m\r\n"],
    ["a status that is none", "Status: abc\r\n"],
    ["a status of two digits", "Status: 99\r\n"],
    ["a status of four", "Status: 2000\r\n"],
    ["1xx", "Status: 101 Switching Protocols\r\n"],
    ["6xx", "Status: 600\r\n"],
    ["a status with a line in it", "Status: 200 OK\rX: y\r\n"],
    ["two statuses", "Status: 200\r\nStatus: 404\r\n"],
    ["two lengths", "Content-Length: 4\r\nContent-Length: 4\r\n"],
    ["a length that is none", "Content-Length: -4\r\n"],
    ["a list of lengths", "Content-Length: 4, 4\r\n"],
    ["a length beyond all", "Content-Length: 99999999999999999999\r\n"],
    ["two places to go", "Location: /a\r\nLocation: /b\r\n"],
  ])("a head with %s is 502, and no byte of it gets out", async (_, lines) => {
    answers(whole(`X-Before: 1\r\n${lines}X-After: 1\r\n\r\nfine`));
    const text = await ask();
    expect(status(text)).toBe(502);
    expect(text).not.toMatch(/X-|fine/);
  });

  test("fields that are about a connection stay behind; LF alone ends a line too", async () => {
    const dropped = "Connection: close, X-Named\r\nX-Named: 1\r\nKeep-Alive: 1\r\nTransfer-Encoding: gzip\r\nTE: x\r\nTrailer: x\r\nUpgrade: x\r\nProxy-Connection: x\r\nDate: x\r\nServer: evil\r\n";
    answers(whole(`${dropped}Location: /y\nX-Kept:  a b \nSet-Cookie: a\nSet-Cookie: b\n\nfine`));
    const text = await ask();
    expect(status(text)).toBe(302);
    expect(text).toMatch(/\r\nLocation: \/y\r\nX-Kept: a b\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n/);
    expect(text).not.toMatch(/X-Named|Keep-Alive|gzip|TE:|Trailer|Upgrade|Proxy-|evil/);
    expect(text.match(/^Date: /gm)?.length).toBe(1);
  });

  test("a head of 60 KB passes", async () => {
    answers(whole(`X: ${"x".repeat(60_000)}\r\n${fine}`));
    const text = await ask();
    expect([status(text), text.length > 60_000, text.endsWith(chunked("fine"))]).toEqual([200, true, true]);
  });

  test("content where there can be none is dropped, and what is beyond its length too", async () => {
    const client = new Client(server.port);
    for (const [method, lines, tail] of [
      ["GET", "Status: 204\r\nContent-Length: 4", "\r\n\r\n"],
      ["GET", "Status: 304\r\nContent-Length: 4", "\r\n\r\n"],
      ["HEAD", "Content-Length: 4", "\r\n\r\n"],
      ["HEAD", "X: y", "\r\n\r\n"],
      ["GET", "Content-Length: 3", "\r\n\r\nfin"],
      ["GET", "X: y", chunked("fine")],
    ] as const) {
      answers(whole(`${lines}\r\n\r\nfine`));
      client.send(head(method));
      const text = await client.read((so) => so.endsWith(tail));
      expect([method, lines, text.endsWith(tail)]).toEqual([method, lines, true]);
    }
    expect([php.connections, php.calls.length]).toEqual([1, 6]);
    client.close();
  });

  test("one that closes too early is 502 before the head; after it the client's connection ends without an end of the body", async () => {
    answersAndCloses();
    expect(status(await ask())).toBe(502);
    answersAndCloses(output("Content-Type: text/plain\r\nX:"));
    expect(status(await ask())).toBe(502);
    answersAndCloses(output(fine).subarray(0, -3));
    expect(await ask()).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n1\r\nf\r\n$/);
    answersAndCloses(output("Content-Length: 9\r\n\r\nfine"));
    expect(await ask(head("GET"))).toMatch(/Content-Length: 9\r\n\r\nfine$/);
    answers(output("Content-Length: 9\r\n\r\nfine"), end());
    expect(await ask(head("GET"))).toMatch(/Content-Length: 9\r\n\r\nfine$/);
    answers(output(fine), Buffer.from("garbage in the middle"));
    expect(await ask(head("GET"))).toMatch(/\r\n4\r\nfine\r\n$/);
    php.answer = ({ socket }) => void socket.write(output(fine), () => socket.destroy());
    expect(await ask(head("GET"))).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  test("an error of PHP does not end the client's connection", async () => {
    const client = new Client(server.port);
    for (const expected of [502, 200, 502, 200]) {
      if (expected === 200) answers(whole(fine));
      else answersAndCloses();
      client.send(head("GET"));
      expect(status(await client.read((text) => /<\/h1>\n$|0\r\n\r\n$/.test(text)))).toBe(expected);
    }
    client.close();
  });

  describe("a connection that was kept", () => {
    /** Answers the first request of each connection, and closes at the second. */
    const closesAtSecond = (): void => {
      php.answer = ({ socket, earlier }) => void (earlier === 0 ? socket.write(whole(fine)) : socket.destroy());
    };

    test("is used again, and one that PHP has closed is not", async () => {
      answers(whole(fine));
      for (let index = 0; index < 5; index++) expect(status(await ask())).toBe(200);
      expect(php.connections).toBe(1);
      php.closeAll();
      await sleep(50);
      const post = head("POST", "Connection: close\r\nContent-Length: 3\r\n");
      expect(status(await ask(`${post}abc`))).toBe(200);
      expect(php.connections).toBe(2);
    });

    test("and is closed at the next request costs one more try, but not for what must not be done twice", async () => {
      closesAtSecond();
      for (let index = 0; index < 3; index++) expect(status(await ask())).toBe(200);
      expect(php.connections).toBe(3);
      expect(status(await ask(`${head("PUT", "Connection: close\r\nContent-Length: 3\r\n")}abc`))).toBe(200);
      expect(php.calls.at(-1)?.body().toString()).toBe("abc");
      expect(status(await ask(`${head("POST", "Connection: close\r\nContent-Length: 3\r\n")}abc`))).toBe(502);
      expect(status(await ask())).toBe(200);
    });

    test("is not tried a third time, and not after a byte of an answer", async () => {
      answers(whole(fine));
      await ask();
      php.answer = ({ socket }) => void socket.destroy();
      expect(status(await ask())).toBe(502);
      expect(php.calls.length).toBe(3);
      answers(whole(fine));
      await ask();
      php.answer = ({ socket }) => void socket.end(record(types.error, "x"));
      expect(status(await ask())).toBe(502);
      expect(php.calls.length).toBe(5);
    });

    test("is not one on which more came than the answer", async () => {
      answers(whole(fine), record(types.output, "more"));
      for (let index = 0; index < 3; index++) expect(await ask()).toMatch(/\r\n4\r\nfine\r\n0\r\n\r\n$/);
      expect(php.connections).toBe(3);
    });
  });

  test("PHP that is not there is 502, and served again once it is", async () => {
    await php.close();
    for (let index = 0; index < 3; index++) expect(status(await ask())).toBe(502);
    expect(server.output()).toContain(`web-server: php: cannot reach PHP at ${address}: `);
    php = await FakePhp.listen(address);
    answers(whole(fine));
    expect(status(await ask())).toBe(200);
  });

  test("PHP behind a TCP address, and one that refuses", async () => {
    const remote = await FakePhp.listen(0);
    remote.answer = ({ socket }) => void socket.write(whole(fine));
    const second = await start(binary, "--root", join(folder, "site"), "--php", `localhost:${remote.port}`.replace("localhost", "127.0.0.1"));
    for (let index = 0; index < 3; index++) expect(await ask(undefined, second.port)).toContain(chunked("fine"));
    expect(remote.connections).toBe(1);
    await remote.close();
    expect(status(await ask(undefined, second.port))).toBe(502);
    expect((await second.stop()).code).toBe(0);
    for (const wrong of ["", "nothing", "x:", ":9", "x:y", `/${"x".repeat(200)}`]) {
      await expect(start(binary, "--php", wrong)).rejects.toThrow(/ended with 1 .*--php/);
    }
  });

  test("a flood on stderr is cut, cleaned and logged, and the answer comes", async () => {
    answers(...Array.from({ length: 100 }, () => record(types.error, "\x1b]0;evil\x07\r\n".repeat(5_000))), whole(fine));
    const before = server.output().length;
    expect(status(await ask())).toBe(200);
    await expect.poll(() => server.output().slice(before), patient).toContain("web-server: php: … and more\n");
    const said = server.output().slice(before);
    expect(said).toContain("web-server: php: \\x1b]0;evil\\x07 (GET /x.php HTTP/1.1)\n");
    expect(said.length).toBeLessThan(40_000);
  });

  test("both ways are streams: each end has the beginning before the other has sent the rest", async () => {
    let call: Call | undefined;
    php.answer = async (came) => {
      call = came;
      came.socket.write(output("Content-Type: text/plain\r\n\r\nbegin"));
      await came.whole;
      came.socket.write(Buffer.concat([output("rest"), end()]));
    };
    const client = new Client(server.port);
    client.send(head("POST", "Content-Length: 200000\r\n"));
    client.send("a".repeat(150_000));
    expect(await client.read((text) => text.includes("begin"))).toContain("\r\n5\r\nbegin\r\n");
    await expect.poll(() => call?.body().length, patient).toBe(150_000);
    client.send("b".repeat(50_000));
    expect(await client.read((text) => text.endsWith("\r\n0\r\n\r\n"))).toBe("4\r\nrest\r\n0\r\n\r\n");
    expect(call?.body().length).toBe(200_000);
    client.close();
  });

  test("a client that does not read stops PHP, not the server's memory; read, all of it arrives", async () => {
    const part = output(randomBytes(60_000).toString("base64").repeat(5));
    let written = 0;
    php.answer = async ({ socket }) => {
      socket.write(output("Content-Type: text/plain\r\n\r\n"));
      for (let index = 0; index < 125; index++) {
        if (!socket.write(part)) await once(socket, "drain");
        written += part.length;
      }
      socket.write(end());
    };
    const memory = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(server.process.pid)}/status`, "utf8"))?.[1]) * 1_024;
    const before = memory();
    const client = new Client(server.port);
    client.pause();
    client.send(head("GET", "Connection: close\r\n"));
    let last = -1;
    await expect.poll(() => [written > 0, last === (last = written)], { ...patient, interval: 300 }).toEqual([true, true]);
    expect(written).toBeLessThan(20_000_000);
    expect(memory() - before).toBeLessThan(16_000_000);
    const text = await client.readToEnd(20_000);
    expect(text.length).toBeGreaterThan(125 * 400_000);
    expect(text.endsWith("\r\n0\r\n\r\n")).toBe(true);
    client.close();
  });

  test("PHP that answers before it has read, and a client that sends before it reads, do not wait for each other", async () => {
    const long = "x".repeat(3_000_000);
    php.answer = async ({ socket, whole: read }) => {
      socket.pause();
      socket.write(output(`Content-Type: text/plain\r\n\r\n${long}`), () => socket.resume());
      await read;
      socket.write(end());
    };
    const client = new Client(server.port);
    client.pause();
    client.send(head("POST", "Connection: close\r\nContent-Length: 1000000\r\n"));
    client.send("y".repeat(1_000_000));
    await client.flushed;
    expect((await client.readToEnd(10_000)).replaceAll(/[^x]/g, "").length).toBeGreaterThanOrEqual(3_000_000);
    expect(php.calls.at(-1)?.body().length).toBe(1_000_000);
    client.close();
  });

  test("an answer to half a body is given, and ends the connection", async () => {
    answers(whole(fine));
    const client = new Client(server.port);
    client.send(`${head("POST", "Content-Length: 900000\r\n")}${"y".repeat(100_000)}`);
    const text = await client.readToEnd();
    expect([status(text), client.ended]).toEqual([200, true]);
    client.close();
  });

  test("five at once are at PHP, the others wait for them; clients that leave hold no place", async () => {
    for (let index = 0; index < 8; index++) {
      php.answer = () => {};
      const client = new Client(server.port);
      client.send(head("GET"));
      client.send("GET / HTTP/1.1\r\n");
      await expect.poll(() => php.calls.length, patient).toBe(index + 1);
      php.calls.at(-1)?.socket.write(output(`Content-Type: x\r\n\r\n${"x".repeat(10_000)}`));
      await client.read((text) => text.length > 9_000);
      client.reset();
      await sleep(5);
      php.calls.at(-1)?.socket.write(Buffer.concat([output("y"), end()]));
    }
    php.calls.length = 0;
    const waiting = new Set<Call>();
    let most = 0;
    php.answer = (call) => {
      waiting.add(call);
      most = Math.max(most, waiting.size);
    };
    const all = Array.from({ length: 12 }, () => ask());
    await expect.poll(() => waiting.size, patient).toBe(5);
    await sleep(100);
    while (php.calls.length < 12 || waiting.size > 0) {
      for (const call of waiting) {
        waiting.delete(call);
        call.socket.write(whole(fine));
        break;
      }
      await sleep(5);
    }
    for (const text of await Promise.all(all)) expect(status(text)).toBe(200);
    expect(most).toBe(5);
  });
});
