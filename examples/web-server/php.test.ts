/** PHP in the web server, made by a real php-fpm. What a PHP that breaks the rules does to it: php-faults.test.ts. */
import { execFile, execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runtimes } from "./corpus/runtimes.ts";
import { startPhpFpm, type PhpFpm } from "./php/php-fpm.ts";
import { build, Client, start, type RunningServer } from "../testing/running-server.ts";

const run = promisify(execFile);
const patient = { timeout: 10_000 };
const folder = mkdtempSync(join(tmpdir(), "flux-php-"));
const site = join(folder, "site");

const scripts: Readonly<Record<string, string>> = {
  "info.php": `header('Content-Type: application/json');
    echo json_encode(['server' => $_SERVER, 'get' => $_GET, 'post' => $_POST, 'cookie' => $_COOKIE]);`,
  "body.php": "$body = file_get_contents('php://input'); echo strlen($body), ' ', md5($body);",
  "upload.php": "echo $_FILES['f']['size'], ' ', md5_file($_FILES['f']['tmp_name']);",
  "status.php": "http_response_code((int) $_GET['s']); if ($_GET['s'] != 304) echo 'text';",
  "length.php": "header('Content-Length: 5'); echo 'abcde';",
  "move.php": "header('Location: /info.php?a=b'); setcookie('one', '1'); setcookie('two', '2');",
  "large.php": "for ($i = 0; $i < 3000; $i++) echo str_repeat(chr(97 + $i % 26), 1000);",
  "flush.php": `echo 'first'; while (ob_get_level()) ob_end_flush(); flush();
    for ($i = 0; $i < 1000 && !file_exists($_GET['until']); $i++) { usleep(10000); clearstatcache(); }
    echo 'last';`,
  "fatal.php": "nothing_of_this_name();",
  "crash.php": "exec('kill -9 ' . getmypid());",
  "crash-later.php": "echo str_repeat('x', 100000); flush(); exec('kill -9 ' . getmypid());",
  "log.php": "error_log(\"complaint \\x1b[31m of the script\"); echo 'logged';",
  "sleep.php": "usleep(500000); echo 'slept';",
  "inner.php/index.php": "echo 'inner ', $_SERVER['SCRIPT_NAME'], ' ', $_SERVER['PATH_INFO'] ?? '';",
};

interface Info {
  readonly server: Readonly<Record<string, string>>;
  readonly get: Readonly<Record<string, string>> | [];
  readonly post: Readonly<Record<string, string>> | [];
  readonly cookie: Readonly<Record<string, string>> | [];
}

let php: PhpFpm;
beforeAll(async () => {
  mkdirSync(join(site, "inner.php"), { recursive: true });
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(site, name), `<?php ${text}`);
  writeFileSync(join(site, "plain.txt"), "plain");
  writeFileSync(join(folder, "outside.php"), "<?php echo 'outside';");
  symlinkSync("../outside.php", join(site, "escape.php"));
  symlinkSync("..", join(site, "up"));
  symlinkSync("length.php", join(site, "inside.php"));
  php = await startPhpFpm(folder);
});
afterAll(async () => {
  await php.stop();
  rmSync(folder, { recursive: true });
});

describe.each(runtimes)("on %s", (runtime) => {
  let server: RunningServer;
  let binary: string;
  const log = join(folder, `access-${runtime}.log`);
  beforeAll(async () => {
    binary = await build("examples/web-server/web-server.flux", runtime);
    server = await start(binary, "--root", site, "--php", php.address, "--access-log", log);
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
  const info = async (path: string, init: RequestInit = {}): Promise<Info> => (await (await fetch(url(path), init)).json()) as Info;

  test("a script is told of its request what CGI says", async () => {
    const { server: said, get, cookie } = await info("/info.php/more%20of/it?x=1&y[]=%20", { headers: { "X-Own": "a", Cookie: "c=d", Referer: "http://r/" } });
    expect(said).toMatchObject({
      REQUEST_METHOD: "GET",
      SCRIPT_FILENAME: join(site, "info.php"),
      SCRIPT_NAME: "/info.php",
      PATH_INFO: "/more of/it",
      REQUEST_URI: "/info.php/more%20of/it?x=1&y[]=%20",
      QUERY_STRING: "x=1&y[]=%20",
      DOCUMENT_ROOT: site,
      SERVER_PROTOCOL: "HTTP/1.1",
      SERVER_NAME: "127.0.0.1",
      SERVER_PORT: String(server.port),
      REMOTE_ADDR: "127.0.0.1",
      REQUEST_SCHEME: "http",
      GATEWAY_INTERFACE: "CGI/1.1",
      HTTP_HOST: `127.0.0.1:${server.port}`,
      HTTP_X_OWN: "a",
      HTTP_REFERER: "http://r/",
    });
    expect(get).toEqual({ x: "1", y: [" "] });
    expect(cookie).toEqual({ c: "d" });
  });

  test("fields that could be mistaken for others' do not reach it", async () => {
    const fields = "Proxy: http://evil/\r\nX_Own: 1\r\nX-Own: 2\r\nx-own: 3\r\nCookie: a=1\r\nCookie: b=2\r\nX.Dot: 4\r\nTransfer_Encoding: x";
    const text = await say(`GET http://name:81/info.php HTTP/1.1\r\nHost: other\r\n${fields}\r\nConnection: close\r\n\r\n`);
    const { server: said } = JSON.parse(/\{.*\}/.exec(text)?.[0] ?? "") as Info;
    expect(said).toMatchObject({ HTTP_X_OWN: "2, 3", HTTP_COOKIE: "a=1; b=2", HTTP_HOST: "name:81", SERVER_NAME: "name", REQUEST_URI: "/info.php" });
    for (const name of ["HTTP_PROXY", "HTTP_X_DOT", "HTTP_X.DOT", "HTTP_TRANSFER_ENCODING", "HTTP_CONNECTION"]) expect(said).not.toHaveProperty(name);
  });

  test("forms, bodies in chunks, long ones and uploads arrive whole", async () => {
    expect((await info("/info.php", { method: "POST", body: new URLSearchParams({ a: "b c", d: "é" }) })).post).toEqual({ a: "b c", d: "é" });
    const bytes = randomBytes(900_000);
    const expected = (length: number): string => `${String(length)} ${createHash("md5").update(bytes.subarray(0, length)).digest("hex")}`;
    const file = join(folder, `upload-${runtime}.bin`);
    for (const length of [0, 1, 65_535, 65_536, 65_537, 900_000]) {
      writeFileSync(file, bytes.subarray(0, length));
      for (const framing of ["X: y", "Transfer-Encoding: chunked"]) {
        for (const method of ["POST", "PUT"]) {
          const words = ["-sS", "-X", method, "--data-binary", `@${file}`, "-H", framing, "-H", "Content-Type: application/octet-stream", url("/body.php")];
          expect([framing, (await run("curl", words)).stdout]).toEqual([framing, expected(length)]);
        }
      }
    }
    expect((await run("curl", ["-sS", "-F", `f=@${file}`, url("/upload.php")])).stdout).toBe(expected(900_000));
  });

  test("HEAD, 204 and 304 have no content, and the connection goes on", async () => {
    const client = new Client(server.port);
    for (const [method, path, status, end] of [
      ["HEAD", "/large.php", 200, "\r\n\r\n"],
      ["GET", "/status.php?s=304", 304, "\r\n\r\n"],
      ["GET", "/status.php?s=204", 204, "\r\n\r\n"],
      ["HEAD", "/length.php", 200, "\r\n\r\n"],
      ["GET", "/length.php", 200, "\r\n\r\nabcde"],
    ] as const) {
      client.send(`${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const text = await client.read((so) => so.endsWith(end));
      expect([path, text.slice(9, 12), text.endsWith(end)]).toEqual([path, String(status), true]);
      expect(text.includes("Content-Length: 5\r\n")).toBe(path === "/length.php");
    }
    client.close();
  });

  test("status and fields are the script's own", async () => {
    const moved = await fetch(url("/move.php"), { redirect: "manual" });
    expect([moved.status, moved.headers.get("location"), moved.headers.getSetCookie()]).toEqual([302, "/info.php?a=b", ["one=1", "two=2"]]);
    for (const status of [201, 403, 404, 418, 500, 503]) expect((await fetch(url(`/status.php?s=${status}`))).status).toBe(status);
  });

  test("an answer without a length is sent in chunks, and to HTTP/1.0 until the end", async () => {
    const chunked = await say("GET /large.php HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(chunked).toContain("\r\nTransfer-Encoding: chunked\r\n");
    expect(chunked.endsWith("\r\n0\r\n\r\n")).toBe(true);
    const old = await say("GET /large.php HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect(old).not.toContain("chunked");
    expect(old).toContain("\r\nConnection: close\r\n");
    expect(old.slice(old.indexOf("\r\n\r\n") + 4).length).toBe(3_000_000);
    const whole = await (await fetch(url("/large.php"))).text();
    expect(whole === old.slice(old.indexOf("\r\n\r\n") + 4)).toBe(true);
  });

  test("what a script has written goes out before it ends", async () => {
    const client = new Client(server.port);
    const until = join(folder, `until-${runtime}`);
    client.send(`GET /flush.php?until=${until} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const early = await client.read((text) => text.includes("first"));
    expect(early).not.toContain("last");
    writeFileSync(until, "");
    expect(await client.readToEnd()).toContain("last");
    client.close();
  });

  test("scripts are found where files are, and nowhere else; their source is never shown", async () => {
    for (const [target, status] of [
      ["/none.php", 404],
      ["/none.php/x", 404],
      ["/escape.php", 404],
      ["/up/outside.php", 404],
      ["/../outside.php", 404],
      ["/%2e%2e/outside.php", 404],
      ["/x.php/../../outside.php", 404],
      ["/length.php%2fx", 404],
      ["/length.php%00", 400],
      ["/inner.php/", 404],
      ["/plain.txt/x.php", 404],
      ["/length.php", 200],
      ["/length%2ephp", 200],
      ["/length.%70hp", 200],
      ["//length.php", 200],
      ["/./length.php", 200],
      ["/inside.php", 200],
      ["/plain.txt", 200],
      ["/plain.txt?x.php", 200],
    ] as const) {
      const text = await say(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
      expect([target, Number(text.slice(9, 12)), /<\?php|outside/.test(text)]).toEqual([target, status, false]);
    }
    expect(await (await fetch(url("/inner.php/index.php/a"))).text()).toBe("inner /inner.php/index.php /a");
    expect((await fetch(url("/none.php"), { method: "POST", body: "x".repeat(200_000) })).status).toBe(404);
    expect((await say("TRACE /length.php HTTP/1.1\r\nHost: x\r\n\r\n")).slice(9, 12)).toBe("405");
    expect((await say("BREW /length.php HTTP/1.1\r\nHost: x\r\n\r\n")).slice(9, 12)).toBe("501");
    expect((await say("POST /plain.txt HTTP/1.1\r\nHost: x\r\n\r\n")).slice(9, 12)).toBe("405");
  });

  test("a client that asks first is told to go on, and one whose script is missing is not", async () => {
    const { stdout } = await run("curl", ["-sS", "-v", "-d", "abc", "-H", "Expect: 100-continue", url("/body.php")]).then((said) => ({ stdout: said.stderr + said.stdout }));
    expect(stdout).toContain("HTTP/1.1 100 Continue");
    expect(stdout).toContain("3 900150983cd24fb0d6963f7d28e17f72");
    const missing = await say("POST /none.php HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    expect(missing).toMatch(/^HTTP\/1\.1 404 /);
    expect(missing).toContain("\r\nConnection: close\r\n");
  });

  test("a script that fails is 500, a process that dies 502 or the end of the connection, and the next request is served", async () => {
    expect((await fetch(url("/fatal.php"))).status).toBe(500);
    await expect.poll(() => server.output(), patient).toMatch(/web-server: php: PHP message: PHP Fatal error: .*nothing_of_this_name.* \(GET \/fatal\.php HTTP\/1\.1\)\n/);
    expect((await fetch(url("/crash.php"), { method: "POST", body: "x" })).status).toBe(502);
    const later = await say("GET /crash-later.php HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(later).toMatch(/^HTTP\/1\.1 (200|502) /);
    expect(later).not.toContain("\r\n0\r\n\r\n");
    for (let index = 0; index < 10; index++) expect(await (await fetch(url("/length.php"))).text()).toBe("abcde");
  });

  test("what it logs is in the server's log, with nothing that a terminal would obey", async () => {
    expect(await (await fetch(url("/log.php"))).text()).toBe("logged");
    await expect.poll(() => server.output(), patient).toContain("web-server: php: PHP message: complaint \\x1b[31m of the script (GET /log.php HTTP/1.1)\n");
  });

  test("more clients than processes all get their answers, files meanwhile at once", async () => {
    let done = 0;
    const slow = Array.from({ length: 15 }, async () => {
      const text = await (await fetch(url("/sleep.php"))).text();
      done++;
      return text;
    });
    const since = performance.now();
    expect(await (await fetch(url("/plain.txt"))).text()).toBe("plain");
    expect(done).toBeLessThan(15);
    expect(new Set(await Promise.all(slow))).toEqual(new Set(["slept"]));
    expect(performance.now() - since).toBeGreaterThan(1_200); // three rounds of five
  });

  test("ab sees no error, and the access log has its lines", async () => {
    const ab = execFileSync("ab", ["-q", "-k", "-n", "500", "-c", "10", url("/length.php?ab")], { encoding: "utf8" });
    expect(ab).toMatch(/Failed requests: +0\n/);
    expect(ab).toMatch(/Complete requests: +500\n/);
    const lines = (): number => readFileSync(log, "latin1").split("\n").filter((line) => line.includes('"GET /length.php?ab HTTP/1.0" 200 5 ')).length;
    await expect.poll(lines, patient).toBe(500);
  });

  test("without --php a script is a file like others, and a stop waits for the script that runs", async () => {
    const plain = await start(binary, "--root", site);
    expect(await (await fetch(`http://127.0.0.1:${plain.port}/length.php`)).text()).toContain("<?php");
    expect((await plain.stop()).code).toBe(0);
    const second = await start(binary, "--root", site, "--php", php.address);
    const client = new Client(second.port);
    const until = join(folder, `stopped-${runtime}`);
    client.send(`GET /flush.php?until=${until} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await client.read((text) => text.includes("first"));
    const stopped = second.stop();
    setTimeout(() => writeFileSync(until, ""), 100);
    expect(await client.readToEnd()).toMatch(/last\r\n0\r\n\r\n$/);
    expect((await stopped).code).toBe(0);
    client.close();
  });
});
