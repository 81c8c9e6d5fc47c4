/** The web server under real clients, on every runtime: what it serves, what it refuses, and how it stops. What it adds to that: features.test.ts. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runtimes } from "./corpus/runtimes.ts";
import { build, Client, start, startBy, tool, type RunningServer } from "../testing/running-server.ts";

const run = promisify(execFile);
const hello = "hello from a file\n";
const large = Buffer.alloc(3_000_000, "0123456789abcdef");

function makeSite(): string {
  const outside = mkdtempSync(join(tmpdir(), "flux-site-"));
  const site = join(outside, "site");
  mkdirSync(join(site, "folder/inner"), { recursive: true });
  mkdirSync(join(site, "odd/index.html"), { recursive: true });
  writeFileSync(join(outside, "secret.txt"), "secret");
  writeFileSync(join(site, "hello.txt"), hello);
  writeFileSync(join(site, "with space.txt"), "space");
  writeFileSync(join(site, "large.bin"), large);
  writeFileSync(join(site, "empty.css"), "");
  writeFileSync(join(site, "index.html"), "<p>home");
  writeFileSync(join(site, "folder/index.html"), "<p>folder");
  symlinkSync("../secret.txt", join(site, "escape.txt"));
  symlinkSync(join(outside, "secret.txt"), join(site, "absolute.txt"));
  symlinkSync("..", join(site, "up"));
  symlinkSync("hello.txt", join(site, "inside.txt"));
  symlinkSync("loop", join(site, "loop"));
  execFileSync("mkfifo", [join(site, "fifo")]);
  return site;
}

const status = (text: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);

const outside = [
  "/../secret.txt",
  "/folder/../../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e%2fsecret.txt",
  "/%252e%252e/secret.txt",
  "/up/secret.txt",
  "/escape.txt",
  "/absolute.txt",
  "//../secret.txt",
  "/folder//..//..//secret.txt",
  "/..\\secret.txt",
  "/%c0%ae%c0%ae/secret.txt",
  "//etc/passwd",
  "/proc/self/environ",
  "http://x/../secret.txt",
  "/loop",
  "/loop/secret.txt",
  "/fifo",
  "/fifo/secret.txt",
];

describe.each(runtimes)("on %s", (runtime) => {
  let binary: string;
  let server: RunningServer;
  const site = makeSite();

  beforeAll(async () => {
    binary = await build("examples/web-server/web-server.flux", runtime);
    server = await start(binary, "--root", site);
  });
  afterAll(async () => {
    expect((await server.stop()).code).toBe(0);
  });

  const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
  async function say(bytes: string): Promise<string> {
    const client = new Client(server.port);
    client.send(bytes);
    client.finish();
    const text = await client.readToEnd();
    client.close();
    return text;
  }
  const get = (target: string): Promise<string> => say(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);

  test("curl gets a file, its length and its type", async () => {
    const { stdout } = await run("curl", ["-sS", "-i", url("/hello.txt")]);
    expect(stdout).toContain("HTTP/1.1 200 OK");
    expect(stdout).toContain(`Content-Length: ${hello.length}\r\n`);
    expect(stdout).toContain("Content-Type: text/plain; charset=utf-8\r\n");
    expect(stdout).toMatch(/Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
    expect(stdout.endsWith(hello)).toBe(true);
  });

  test("curl reuses its connection for many requests", async () => {
    const { stdout } = await run("curl", ["-sS", "-w", "%{num_connects}\n", ...Array.from({ length: 5 }, () => ["-o", "/dev/null", url("/hello.txt")]).flat()]);
    expect(stdout).toBe("1\n0\n0\n0\n0\n");
  });

  test("HEAD has the head of GET and nothing else", async () => {
    const text = await say("HEAD /hello.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(status(text)).toBe(200);
    expect(text).toContain(`Content-Length: ${hello.length}\r\n`);
    expect(text.endsWith("\r\n\r\n")).toBe(true);
  });

  test("a large file arrives whole, also at a client that reads slowly", async () => {
    const response = await fetch(url("/large.bin"));
    expect(Buffer.from(await response.arrayBuffer()).equals(large)).toBe(true);
    const { stdout } = await run("curl", ["-sS", "--limit-rate", "2M", url("/large.bin")], { encoding: "buffer", maxBuffer: 1 << 26 });
    expect(stdout.equals(large)).toBe(true);
  });

  test.each([
    ["/", 200],
    ["/folder/", 200],
    ["/folder", 301],
    ["/folder/inner/", 404],
    ["/odd/", 404],
    ["/empty.css", 200],
    ["/with%20space.txt", 200],
    ["/hello.txt?query=1", 200],
    ["/hello.txt/", 404],
    ["/nothing", 404],
    ["http://x/hello.txt", 200],
    ["/inside.txt", 200],
    ["/%", 400],
    ["/%zz", 400],
    ["/hello.txt%00", 400],
  ])("%s answers %i", async (target, expected) => {
    expect(status(await get(target))).toBe(expected);
  });

  test.each(outside)("%s does not leave the root", async (target) => {
    const text = await get(target);
    expect(status(text)).toBe(404);
    expect(text).not.toContain("secret\n");
  });

  test("a folder's redirect leads to no other host", async () => {
    expect(await get("//folder")).toContain("\r\nLocation: /folder/\r\n");
    expect(await get("http://x/folder?a=/b")).toContain("\r\nLocation: /folder/?a=/b\r\n");
  });

  test.each(([
    ["POST /hello.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 405],
    ["DELETE /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n", 405],
    ["CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 405],
    ["GET /hello.txt\r\n\r\n", 505],
    ["nonsense\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost : x\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x y\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: user@x\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x/y\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: [::1]:80 \r\n\r\n", 200],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\n: nameless\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\n\r\n", 413],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n", 413],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400],
    ["OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 204],
    ["PROPFIND /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n", 501],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\n\r\n", 417],
    ["GET https://x/hello.txt HTTP/1.1\r\nHost: x\r\n\r\n", 421],
    ["GET /hello.txt RTSP/1.0\r\nHost: x\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400],
    ["GET /hello.txt HTTP/1.1\nHost: x\n\n", 400],
    ["GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ["GET /hello.txt HTTP/9.9\r\nHost: x\r\n\r\n", 505],
    ["GET /hello.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
    [`GET /${"a".repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
    [`GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(50_000)}\r\n\r\n`, 431],
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ] satisfies [string, number][]).map(([bytes, expected]) => ({ begin: JSON.stringify(bytes.slice(0, 100)), bytes, expected })))("$begin answers $expected", async ({ bytes, expected }) => {
    expect(status(await say(bytes))).toBe(expected);
  });

  test("405 says what is allowed", async () => {
    expect(await say("PUT / HTTP/1.1\r\nHost: x\r\n\r\n")).toContain("\r\nAllow: GET, HEAD, OPTIONS\r\n");
  });

  test("HTTP/1.0 closes, and keeps alive where it was asked to", async () => {
    const client = new Client(server.port);
    client.send("GET /hello.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect(await client.read((text) => text.endsWith(hello))).toContain("\r\nConnection: keep-alive\r\n");
    client.send("GET /hello.txt HTTP/1.0\r\n\r\n");
    expect(await client.readToEnd()).toContain("\r\nConnection: close\r\n");
    expect(client.ended).toBe(true);
    client.close();
  });

  test("pipelined requests are answered in order", async () => {
    const text = await say(`${"GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50)}GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(text.split(hello).length - 1).toBe(50);
    expect(text.lastIndexOf("404 Not Found</h1>")).toBeGreaterThan(text.lastIndexOf(hello));
  });

  test("a body is read and dropped, and the next request is found behind it", async () => {
    const next = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const body of ["Content-Length: 5\r\n\r\nabcde", "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nabcde\r\n0\r\nTrailer: x\r\n\r\n"]) {
      const text = await say(`GET /hello.txt HTTP/1.1\r\nHost: x\r\n${body}${next}`);
      expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404"]);
    }
  });

  test("10,000 requests may be sent before the first answer is read", async () => {
    const client = new Client(server.port);
    client.pause();
    client.send("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n".repeat(10_000));
    client.finish();
    expect((await client.readToEnd(10_000)).split(hello).length - 1).toBe(10_000);
    client.close();
  });

  test("a client that expects to be told whether to send a body is told", async () => {
    const client = new Client(server.port);
    client.send("GET /hello.txt HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    expect(await client.read((text) => text.endsWith("\r\n\r\n"))).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abcde");
    expect(await client.read((text) => text.endsWith(hello))).toMatch(/^HTTP\/1\.1 200 /);
    client.send("PUT /hello.txt HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    expect(await client.readToEnd()).toMatch(/^HTTP\/1\.1 405 [^]*\r\nConnection: close\r\n/);
    client.close();
  });

  test("a client that is still sending gets its answer before the connection ends", async () => {
    const client = new Client(server.port);
    client.send("PUT /hello.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
    client.send(Buffer.alloc(400_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.send(Buffer.alloc(400_000));
    expect(status(await client.readToEnd())).toBe(413);
    expect(client.ended).toBe(true);
    expect(client.failed).toBe(false);
    client.close();
  });

  test.each([
    ["empty lines", "", "\r\n", 400],
    ["white space", "GET / HTTP/1.1\r\nHost: x\r\nA:", " ", 431],
    ["header fields without a value", "GET / HTTP/1.1\r\nHost: x\r\n", "A:\r\n", 431],
    ["a chunk's extension", "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=", "a", 413],
    ["a chunk's size", "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "0", 413],
  ])("%s come to an end, however fast they are sent", async (_, begin, part, expected) => {
    const client = new Client(server.port);
    client.send(begin);
    expect(await client.flood(part.repeat(20_000), 100_000_000)).toBeLessThan(50_000_000);
    expect(status(await client.readToEnd())).toBe(expected);
    client.close();
  });

  test("a file that becomes shorter while it is sent ends its connection and no other", async () => {
    const shrinking = join(site, "shrinking.bin");
    writeFileSync(shrinking, Buffer.alloc(20_000_000));
    const client = new Client(server.port);
    client.send("GET /shrinking.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.read((text) => text.length > 0);
    client.pause();
    truncateSync(shrinking, 100);
    expect((await client.readToEnd()).length).toBeLessThan(20_000_000);
    expect(client.ended).toBe(true);
    client.close();
    expect(status(await get("/hello.txt"))).toBe(200);
  });

  test("clients that go away in the middle leave nothing behind", async () => {
    const descriptors = (): number => readdirSync(`/proc/${String(server.process.pid)}/fd`).length;
    expect(status(await get("/hello.txt"))).toBe(200);
    const request = "GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n";
    const leaving = Array.from({ length: 60 }, (_, index) => {
      const client = new Client(server.port);
      client.send(index % 2 === 0 ? request : request.slice(0, index));
      return client;
    });
    await Promise.all(leaving.filter((_, index) => index % 2 === 0).map((client) => client.read((text) => text.length > 0)));
    for (const client of leaving) client.reset();
    await expect.poll(descriptors, { timeout: 3_000 }).toBeLessThan(20);
    expect(status(await get("/hello.txt"))).toBe(200);
  });

  test("without openat2 the root cannot be left either", async () => {
    const second = await startBy([await tool("without_call"), "openat2"], binary, "--root", site);
    for (const [target, expected] of [["/hello.txt", 200], ["/folder", 301], ["/folder/", 200], ["/", 200], ["/inside.txt", 404], ["/folder/./hello.txt", 404], ...outside.map((each) => [each, 404] as const)] as const) {
      const client = new Client(second.port);
      client.send(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const text = await client.readToEnd();
      expect([target, status(text)]).toEqual([target, expected]);
      client.close();
    }
    expect((await second.stop()).code).toBe(0);
  });

  test.runIf(runtime === "thread")("out of memory for threads it ends connections and not itself", async () => {
    const second = await startBy(["prlimit", "--as=60000000"], binary, "--root", site);
    const clients = Array.from({ length: 300 }, () => new Client(second.port));
    for (const client of clients) client.send("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => second.output(), { timeout: 5_000 }).toContain("no thread for a new flow");
    for (const client of clients) client.close();
    // What threads that have become idle keep is given back within seconds.
    const answer = (): Promise<string> => run("curl", ["-s", `http://127.0.0.1:${second.port}/hello.txt`]).then(({ stdout }) => stdout, String);
    await expect.poll(answer, { timeout: 20_000, interval: 200 }).toBe(hello);
    expect((await second.stop()).code).toBe(0);
  });

  test("a stop ends idle connections at once and answers what was begun", async () => {
    const second = await start(binary, "--root", site);
    const idle = Array.from({ length: 20 }, () => new Client(second.port));
    const used = new Client(second.port);
    used.send("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await used.read((text) => text.endsWith(hello))).toContain("200 OK");
    const half = new Client(second.port);
    half.send("GET /hello.txt HTTP/1.1\r\nHost: x\r\n");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = second.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    half.send("\r\n");
    expect((await half.readToEnd()).endsWith(hello)).toBe(true);
    half.close();
    expect((await stopped).code).toBe(0);
    for (const client of [...idle, used]) client.close();
  });

  test("with only idle connections a stop takes under 100 ms", async () => {
    const second = await start(binary, "--root", site);
    const idle = Array.from({ length: 50 }, () => new Client(second.port));
    for (const client of idle) client.send("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    await Promise.all(idle.map((client) => client.read((text) => text.endsWith(hello))));
    const { code, milliseconds } = await second.stop();
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(100);
    for (const client of idle) client.close();
  });

  test.each([
    [["--port", "nonsense"], /--port takes a number/],
    [["--root", "/no/such/folder"], /cannot serve \/no\/such\/folder/],
    [["--bogus"], /unknown option --bogus/],
    [["--cache-bytes", "64X"], /--cache-bytes takes a number of bytes/],
    [["--access-log", "/no/such/folder/log"], /cannot write the access log \/no\/such\/folder\/log/],
    [["extra"], /unexpected argument 'extra'/],
    [["--port"], /--port needs a value/],
    [["--list=yes"], /--list takes no value/],
    [["-lx"], /unknown option -l /],
    [["--root", ""], /--root takes a folder, not ''/],
  ])("%j is one clear line and exit code 1", async (options, message) => {
    const failure = await run(binary, options).then(
      () => undefined,
      (error: unknown) => error as { readonly code: number; readonly stderr: string },
    );
    expect(failure?.code).toBe(1);
    expect(failure?.stderr).toMatch(message);
    expect(failure?.stderr.trimEnd().split("\n").length).toBe(1);
  });

  test("started with its standard descriptors closed it opens nothing in their place, and serves", async () => {
    const path = join(site, "../socket");
    const second = spawn("/bin/sh", ["-c", 'exec "$0" "$@" <&- >&- 2>&-', binary, "--host", `unix:${path}`, "--root", site], { stdio: "ignore" });
    const ended = once(second, "exit");
    const curl = (): Promise<string> => run("curl", ["-sS", "--unix-socket", path, "http://x/hello.txt"]).then(({ stdout }) => stdout, String);
    await expect.poll(curl).toBe(hello);
    for (const fd of [0, 1, 2]) expect(readlinkSync(`/proc/${String(second.pid)}/fd/${fd}`)).toBe("/dev/null");
    second.kill();
    expect(await ended).toEqual([0, null]);
  });

  test("an address of IPv6 is served and printed as one writes it in a URL", async () => {
    const second = await start(binary, "--root", site, "--host", "[::1]");
    expect(second.output()).toContain(`http://[::1]:${second.port}/\n`);
    const { stdout } = await run("curl", ["-sS", `http://[::1]:${second.port}/hello.txt`]);
    expect(stdout).toBe(hello);
    expect((await second.stop()).code).toBe(0);
  });

  test("no request that has arrived is lost by a stop", async () => {
    const threads = runtime === "thread" ? "--flux-threads" : runtime === "event" ? "--flux-loops" : "--flux-workers";
    for (let round = 0; round < 5; round++) {
      const second = await start(binary, "--root", site, threads, String(2 + 10 * round));
      const clients = Array.from({ length: 40 }, () => new Client(second.port));
      await Promise.all(clients.map((client) => client.connected));
      for (const client of clients) client.send("GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n");
      // The kernel has taken them all; the server has read some.
      await Promise.all(clients.map((client) => client.flushed));
      const stopped = second.stop();
      for (const client of clients) expect((await client.readToEnd()).endsWith(hello)).toBe(true);
      expect((await stopped).code).toBe(0);
      for (const client of clients) client.close();
    }
  });

  test("a port in use is one clear line", async () => {
    const failure = await run(binary, ["--port", String(server.port)]).catch((error: unknown) => error as { readonly code: number; readonly stderr: string });
    expect("code" in failure && failure.code).toBe(1);
    expect(failure.stderr).toMatch(new RegExp(`${server.port}.*in use`, "i"));
  });
});
