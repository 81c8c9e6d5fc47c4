/** What the web server does beside serving files whole: cache, ranges, conditions, listing, log; and how clients of every day take it. */
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build, Client, start, startBy, tool, type RunningServer } from "../testing/running-server.ts";
import { runtimes } from "./corpus/runtimes.ts";

const run = promisify(execFile);
const letters = "abcdefghijklmnopqrstuvwxyz";
const large = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));

describe.each(runtimes)("on %s", (runtime) => {
  let binary: string;
  let server: RunningServer;
  const folder = mkdtempSync(join(tmpdir(), "flux-features-"));
  const site = join(folder, "site");
  const log = join(folder, "access.log");

  beforeAll(async () => {
    mkdirSync(join(site, "files/inner"), { recursive: true });
    writeFileSync(join(site, "letters.txt"), letters);
    writeFileSync(join(site, "middle.bin"), large.subarray(0, 100_000));
    writeFileSync(join(site, "large.bin"), large);
    writeFileSync(join(site, "files/a & <b>.txt"), "");
    writeFileSync(join(site, "files/.hidden"), "");
    binary = await build("examples/web-server/web-server.flux", runtime);
    server = await start(binary, "--root", site, "--list", "--access-log", log, "--cache-bytes", "1M");
  });
  afterAll(async () => {
    expect((await server.stop()).code).toBe(0);
    rmSync(folder, { recursive: true });
  });

  const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
  const get = (path: string, fields: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Response> => fetch(url(path), { method, headers: fields });

  test.each([
    ["bytes=0-0", "a", "0-0"],
    ["bytes=5-9", "fghij", "5-9"],
    ["bytes=20-", "uvwxyz", "20-25"],
    ["bytes=-3", "xyz", "23-25"],
    ["bytes=-100", letters, "0-25"],
    ["bytes=20-99", "uvwxyz", "20-25"],
  ])("Range: %s gives that part", async (range, part, where) => {
    const response = await get("/letters.txt", { Range: range });
    expect([response.status, response.headers.get("content-range"), response.headers.get("content-length")]).toEqual([206, `bytes ${where}/26`, String(part.length)]);
    expect(await response.text()).toBe(part);
  });

  test("a range that begins behind the end is 416, several and nonsense are the whole", async () => {
    const behind = await get("/letters.txt", { Range: "bytes=26-" });
    expect([behind.status, behind.headers.get("content-range")]).toEqual([416, "bytes */26"]);
    for (const range of ["bytes=0-1,4-5", "bytes=5-2", "lines=1-2", "bytes=a-b"]) expect((await get("/letters.txt", { Range: range })).status).toBe(200);
  });

  test.each(["/middle.bin", "/large.bin"])("curl continues an interrupted download of %s", async (path) => {
    const part = join(folder, "part.bin");
    const whole = large.subarray(0, statSync(join(site, path)).size);
    writeFileSync(part, whole.subarray(0, 70_000));
    await run("curl", ["-sS", "-C", "-", "-o", part, url(path)]);
    expect(readFileSync(part).equals(whole)).toBe(true);
  });

  test("a client that has the file already is told so", async () => {
    const first = await get("/letters.txt");
    const [tag, date] = [first.headers.get("etag") ?? "", first.headers.get("last-modified") ?? ""];
    for (const fields of [{ "If-None-Match": tag }, { "If-None-Match": `"x", W/${tag}` }, { "If-Modified-Since": date }, { "If-None-Match": "*" }]) {
      expect((await get("/letters.txt", fields)).status).toBe(304);
      expect((await get("/letters.txt", fields, "HEAD")).status).toBe(304);
    }
    expect((await get("/letters.txt", { "If-None-Match": '"x"', "If-Modified-Since": date })).status).toBe(200);
    expect((await get("/letters.txt", { "If-Match": '"x"' })).status).toBe(412);
    expect((await get("/letters.txt", { Range: "bytes=0-1", "If-Range": tag })).status).toBe(206);
    expect((await get("/letters.txt", { Range: "bytes=0-1", "If-Range": '"x"' })).status).toBe(200);
  });

  test("a file that is changed, replaced or removed is seen a second later", async () => {
    const file = join(site, "changing.txt");
    writeFileSync(file, "one");
    const tags = new Set<string | null>();
    const sees = async (status: number, text?: string): Promise<void> => {
      await expect.poll(async () => (await get("/changing.txt")).status, { timeout: 3_000 }).toBe(status);
      if (text === undefined) return;
      await expect.poll(async () => (await get("/changing.txt")).text(), { timeout: 3_000 }).toBe(text);
      tags.add((await get("/changing.txt")).headers.get("etag"));
    };
    await sees(200, "one");
    writeFileSync(file, "two");
    await sees(200, "two");
    writeFileSync(`${file}.new`, "six");
    utimesSync(`${file}.new`, statSync(file).atime, statSync(file).mtime);
    renameSync(`${file}.new`, file);
    await sees(200, "six");
    rmSync(file);
    await sees(404);
    expect(tags.size).toBeGreaterThanOrEqual(2);
  });

  test("more files than the cache holds are all served right", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `many-${index}.txt`);
    for (const name of names) writeFileSync(join(site, name), name.repeat(5_000));
    for (let round = 0; round < 3; round++) {
      await Promise.all(names.map(async (name) => expect((await (await get(`/${name}`)).text()) === name.repeat(5_000)).toBe(true)));
    }
  });

  test("a folder without index.html is listed where that was asked for, with names that cannot break out", async () => {
    const response = await get("/files/");
    const html = await response.text();
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(html).toContain('<a href="./a%20%26%20%3Cb%3E.txt">a &amp; &lt;b&gt;.txt</a>');
    expect(html).toContain('<a href="./inner/">inner/</a>');
    expect(html).not.toContain("hidden");
    expect((await get("/files/a%20%26%20%3Cb%3E.txt")).status).toBe(200);
  });

  test("the access log has a line for every request, and no client writes its own", async () => {
    const client = new Client(server.port);
    client.send('GET /letters.txt?log HTTP/1.1\r\nHost: x\r\nReferer: http://y/\r\nUser-Agent: "evil\\\xe9"\r\n\r\nHEAD /nothing HTTP/1.0\r\n\r\n');
    await client.readToEnd();
    client.close();
    const bad = new Client(server.port);
    bad.send("GET /log-me HTTP/1.1\r\nHost: x\r\n y\r\n\r\n");
    await bad.readToEnd();
    bad.close();
    const lines = (): readonly string[] => readFileSync(log, "latin1").split("\n");
    await expect.poll(() => lines().some((line) => line.includes("log-me")), { timeout: 4_000 }).toBe(true);
    const line = lines().find((each) => each.includes("?log"));
    expect(line).toMatch(/^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/letters\.txt\?log HTTP\/1\.1" 200 26 "http:\/\/y\/" "\\x22evil\\x5C\\xC3\\xA9\\x22"$/);
    expect(lines().some((each) => each.endsWith('"HEAD /nothing HTTP/1.0" 404 0 "-" "-"'))).toBe(true);
    expect(lines().some((each) => each.includes('"GET /log-me HTTP/1.1" 400 '))).toBe(true);
  });

  test("a client that leaves in the middle of its answer is logged by its address", async () => {
    const client = new Client(server.port);
    client.send("GET /large.bin?left HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.read((text) => text.length > 0);
    client.reset();
    const line = (): string | undefined => readFileSync(log, "latin1").split("\n").find((each) => each.includes("?left"));
    await expect.poll(line, { timeout: 4_000 }).toMatch(/^127\.0\.0\.1 - - .* 200 \d+ /);
  });

  // Root may read everything, so the server is somebody else; elsewhere the tests are nobody special already.
  test("what its user may not read is not there, and a root that he may not enter is refused", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed);
    for (const name of ["folder", "locked"]) {
      mkdirSync(join(closed, name));
      writeFileSync(join(closed, name, "index.html"), "index");
    }
    writeFileSync(join(closed, "secret.txt"), "secret");
    for (const [name, mode] of [["..", 0o755], [".", 0o755], ["secret.txt", 0], ["folder", 0o111], ["locked", 0]] as const) chmodSync(join(closed, name), mode);
    chmodSync(dirname(binary), 0o755);
    const nobody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"];
    const second = await startBy(nobody, binary, "--root", closed);
    for (const [path, expected] of [["/secret.txt", 404], ["/folder/", 200], ["/locked/", 404], ["/locked/index.html", 404]] as const) {
      expect([path, (await fetch(`http://127.0.0.1:${second.port}${path}`)).status]).toEqual([path, expected]);
    }
    expect((await second.stop()).code).toBe(0);
    await expect(startBy(nobody, binary, "--root", join(closed, "locked"))).rejects.toThrow(/ended with 1 .*cannot serve .*locked: Permission denied/);
    // Who is not root could not remove them.
    for (const name of ["folder", "locked"]) chmodSync(join(closed, name), 0o755);
  });

  test("a stop writes what the log has gathered", async () => {
    const last = join(folder, "last.log");
    const second = await start(binary, "--root", site, "--access-log", last);
    expect((await fetch(`http://127.0.0.1:${second.port}/letters.txt`)).status).toBe(200);
    expect((await second.stop()).code).toBe(0);
    expect(readFileSync(last, "latin1").split("\n").length).toBe(2);
  });

  test("without sendfile, and without a cache, a large file arrives whole", async () => {
    const second = await startBy([await tool("without_call"), "sendfile"], binary, "--root", site, "--cache-bytes", "0");
    for (const [path, length] of [["/large.bin", large.length], ["/middle.bin", 100_000]] as const) {
      const response = await fetch(`http://127.0.0.1:${second.port}${path}`);
      expect(Buffer.from(await response.arrayBuffer()).equals(large.subarray(0, length))).toBe(true);
    }
    expect((await second.stop()).code).toBe(0);
  });

  test("a pipelining client that never reads holds neither a worker nor the others", async () => {
    const greedy = Array.from({ length: 20 }, () => new Client(server.port));
    for (const client of greedy) {
      client.pause();
      client.send("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let index = 0; index < 20; index++) expect((await get("/letters.txt")).status).toBe(200);
    for (const client of greedy) client.reset();
  });

  // The server does not read a head again that is the same as the last one it read.
  test("the same head again gets the same answer, and one that differs in a byte its own", async () => {
    const head = (range: string, host = "xx"): string => `GET /letters.txt HTTP/1.1\r\nHost: ${host}\r\nRange: bytes=${range}\r\n\r\n`;
    const client = new Client(server.port);
    for (const [range, body] of [["0-0", "a"], ["0-0", "a"], ["1-1", "b"], ["1-1", "b"], ["0-0", "a"], ["1-2", "bc"]] as const) {
      client.send(head(range));
      expect(await client.read((text) => text.endsWith(`\r\n\r\n${body}`))).toMatch(/^HTTP\/1\.1 206 /);
      const spaced = new Client(server.port);
      spaced.send(head(range, "x "));
      spaced.finish();
      expect(await spaced.readToEnd()).toMatch(/^HTTP\/1\.1 206 /);
      const bad = new Client(server.port);
      bad.send(head(range, "x/"));
      expect(await bad.readToEnd()).toMatch(/^HTTP\/1\.1 400 /);
      for (const each of [spaced, bad]) each.close();
    }
    client.close();
  });

  test("a request may arrive byte by byte", async () => {
    const client = new Client(server.port);
    for (const byte of "GET /letters.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") {
      client.send(byte);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect((await client.readToEnd()).endsWith(letters)).toBe(true);
    client.close();
  });

  test("wrk and ab see no error", async () => {
    const ab = execFileSync("ab", ["-q", "-k", "-n", "2000", "-c", "20", url("/letters.txt")], { encoding: "utf8" });
    expect(ab).toMatch(/Failed requests: +0\n/);
    expect(ab).toMatch(/Complete requests: +2000\n/);
    expect(ab).toMatch(/Keep-Alive requests: +2000\n/);
    const wrk = execFileSync("wrk", ["-t1", "-c20", "-d1s", url("/middle.bin")], { encoding: "utf8" });
    expect(wrk).toMatch(/\d+ requests in/);
    expect(wrk).not.toMatch(/Socket errors|Non-2xx/);
  });
});
