/** However PHP's bytes were cut up on their way, the web server makes the same of them, and lets no head break out. Plays them without sockets. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mutate, randomNumbers } from "./corpus/mutation.ts";
import { end, output, record, types } from "./php/records.ts";

const server = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "flux-php-cut-"));
const program = join(folder, "cut_php");

beforeAll(() => {
  const sources = ["testing/cut_php.cpp", "fastcgi.cpp", "cgi_reply.cpp", "http_head.cpp"].map((name) => join(server, name));
  const checks = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"];
  execFileSync("c++", ["-std=c++20", "-O1", ...checks, "-o", program, ...sources], { stdio: ["ignore", "ignore", "inherit"] });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What is made of each stream as a whole. @throws where a cut changes it */
function play(streams: readonly Buffer[]): readonly string[] {
  const input = Buffer.concat(streams.flatMap((bytes) => [Buffer.from(`${String(bytes.length)}\n`), bytes]));
  const whole: string[] = [];
  const different: string[] = [];
  for (const line of execFileSync(program, { input, encoding: "latin1", maxBuffer: 1 << 28 }).trimEnd().split("\n")) {
    if (line.startsWith("whole ")) whole.push(line.slice("whole ".length));
    else different.push(`${streams[whole.length - 1]?.toString("latin1") ?? ""}: whole ${whole.at(-1) ?? ""}, ${line}`);
  }
  expect(different.slice(0, 5)).toEqual([]);
  expect(whole.length).toBe(streams.length);
  return whole;
}

const heads = [
  "Status: 404 Not Here\r\nX: y\r\nContent-Length: 3\r\n\r\nabc",
  "Content-Type: text/plain\nLocation: /x\n\nabc",
  "Connection: close, A\r\nA: 1\r\nB: 2\r\nSet-Cookie: a=b; c\r\n\r\n",
  "Status: 200\r\n\r\n",
];
const seeds: readonly Buffer[] = heads.flatMap((head) => [
  Buffer.concat([output(head), record(types.output), end()]),
  Buffer.concat([output(head, 5), record(types.error, "said"), end()]),
  Buffer.concat([record(types.output, head, { padding: 9 }), record(types.end, Buffer.alloc(8), { padding: 3 })]),
]);

test("what PHP sends as it should", () => {
  const made = play(seeds);
  expect(made[0]).toBe("ended 0 clean | 404 Not Here 3 X: y;abc | ");
  expect(made[4]).toBe("ended 0 clean | 302  - Content-Type: text/plain;Location: /x;abc | said");
  expect(made[8]).toBe("ended 0 clean | 200  - B: 2;Set-Cookie: a=b; c; | ");
  expect(made.every((one) => one.startsWith("ended 0 clean | "))).toBe(true);
});

test("2,000 streams with mistakes in them", () => {
  const random = randomNumbers(8);
  const texts = seeds.map((bytes) => bytes.toString("latin1"));
  // Mistakes in records mostly end them; those in heads come whole to whoever reads heads.
  const inRecords = Array.from({ length: 1_000 }, () => Buffer.from(mutate(texts, random), "latin1"));
  const inHeads = Array.from({ length: 1_000 }, () => Buffer.concat([output(mutate(heads, random).slice(0, 60_000)), end()]));
  const made = play([...inRecords, ...inHeads]);
  expect(made.filter((one) => one.includes("breaks out"))).toEqual([]);
  for (const some of ["more", "garbage", "ended 0 clean", "refused", "no head", "| 404 "]) {
    expect([some, made.filter((one) => one.includes(some)).length > 10]).toEqual([some, true]);
  }
});
