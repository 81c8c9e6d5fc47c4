/** However a client's bytes were cut up on their way, the web server makes the same of them. Plays them without sockets. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cases } from "./corpus/cases/index.ts";
import { mutate, randomNumbers, seedsOf } from "./corpus/mutation.ts";

const server = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "flux-cut-"));
const program = join(folder, "cut_anywhere");

beforeAll(() => {
  const sources = ["testing/cut_anywhere.cpp", "http_head.cpp", "http_body.cpp", "http_request.cpp"].map((name) => join(server, name));
  const checks = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"];
  execFileSync("c++", ["-std=c++20", "-O1", ...checks, `-I${join(server, "../../runtimes/include")}`, "-o", program, ...sources], { stdio: ["ignore", "ignore", "inherit"] });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What is made of each stream as a whole. @throws where a cut changes it */
function play(streams: readonly string[]): readonly string[] {
  const input = Buffer.concat(streams.map((bytes) => Buffer.from(`${String(bytes.length)}\n${bytes}`, "latin1")));
  const lines = execFileSync(program, { input, encoding: "latin1", maxBuffer: 1 << 28 }).trimEnd().split("\n");
  const whole: string[] = [];
  const different: string[] = [];
  for (const line of lines) {
    if (line.startsWith("whole ")) whole.push(line.slice("whole ".length).replace(/;$/, ""));
    else different.push(`${JSON.stringify(streams[whole.length - 1]?.slice(0, 200))}: whole ${whole.at(-1) ?? ""}, ${line}`);
  }
  expect(different.slice(0, 10)).toEqual([]);
  expect(whole.length).toBe(streams.length);
  return whole;
}

describe("two mistakes in one head: the first line was there first", () => {
  const fields = (bytes: number): string => `X: ${"a".repeat(bytes)}\r\n`;
  /** A GET whose first line, with its end, has so many bytes; what is not the method is the target. */
  const line = (bytes: number, method = "GET", end = " HTTP/1.1\r\n"): string => `${method} /${"a".repeat(bytes - method.length - 2 - end.length)}${end}`;
  // The target may have 8,192 bytes, the line 8,257, the head 40,960.
  const some: readonly (readonly [string, string, string])[] = [
    ["no version, then a bare LF", "GET //..HTTP/1.1\r\nHost: %\r\nA: b\n\r\n", "505"],
    ["no version, then a wrong Host", "GET //..HTTP/1.1\r\nHost: %\r\n\r\n", "505"],
    ["HTTP/2, then no field", "GET / HTTP/2.0\r\nnonsense\r\n\r\n", "505"],
    ["another scheme, then a bare LF", "GET https://x/ HTTP/1.1\r\nHost: x\n\r\n", "421"],
    ["HEAD without a version, then a bare LF", "HEAD /\r\n\n", "505 without content"],
    ["a method that is none, then too much", `G@T / HTTP/1.1\r\n${fields(50_000)}\r\n`, "400"],
    ["HTTP/2, then too much", `GET / HTTP/2.0\r\n${fields(50_000)}\r\n`, "505"],
    ["a target that is too long, then a bare LF", `${line(8_250)}A: b\n\r\n`, "414"],
    ["a target that is too long, then too much", `${line(8_250)}${fields(50_000)}\r\n`, "414"],
    ["a control character, then a line that is too long", `GET /\x01${"a".repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, "414"],
    ["a line that is too long, then a bare LF", `GET /${"a".repeat(9_000)} HTTP/1.1\nHost: x\r\n\r\n`, "414"],
    ["a bare LF, then a line that is too long", `GET /\n${"a".repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, "400"],
    ["a method longer than a line may be", `${"G".repeat(9_000)} / HTTP/1.1\r\nHost: x\r\n\r\n`, "400"],
    ["the longest line", `${line(8_257, "G".repeat(60))}Host: x\r\n\r\n`, "^G{60} /a{8184} "],
    ["one byte more", `${line(8_258, "G".repeat(60))}Host: x\r\n\r\n`, "414"],
    ["the longest target", `${line(8_206)}Host: x\r\n\r\n`, "^GET /a{8190} "],
    ["the longest head", `GET / HTTP/1.1\r\nHost: x\r\n${fields(40_928)}\r\n`, "^GET / "],
    ["one byte more", `GET / HTTP/1.1\r\nHost: x\r\n${fields(40_929)}\r\n`, "431"],
    ["a bare LF at the end of the longest head", `GET / HTTP/1.1\r\nHost: x\r\n${fields(40_927)}\r\n`.replace(/\r\n\r\n$/, "\r\n\n\n"), "400"],
    ["behind another request", "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET //..HTTP/1.1\r\nHost: %\r\nA: b\n\r\n", "^GET / HTTP/1.1 | / | 0;505$"],
    ["behind a body", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /\r\nA: b\n\r\n", "^GET / HTTP/1.1 | / | 3;505$"],
  ];
  test("each is answered as expected, wherever it is cut", () => {
    const made = play(some.map(([, bytes]) => bytes));
    expect(made.flatMap((is, index) => (matches(is, some[index]?.[2] ?? "") ? [] : [`${some[index]?.[0] ?? ""}: ${is.slice(0, 100)}`]))).toEqual([]);
  });
});

function matches(made: string, expected: string): boolean {
  return expected.startsWith("^") ? new RegExp(expected.replaceAll("|", "\\|")).test(made) : made === expected;
}

test("every request of the corpus", () => {
  const seeds = seedsOf(cases);
  expect(play(seeds).length).toBeGreaterThan(500);
});

test("3,000 requests with mistakes in them", () => {
  const seeds = seedsOf(cases).filter((bytes) => bytes.length < 300);
  const random = randomNumbers(20_061_121);
  const made = play(Array.from({ length: 3_000 }, () => mutate(seeds, random)));
  // They are not all refused for one reason, nor at once.
  const last = made.map((one) => one.split(";").at(-1)?.slice(0, 3));
  for (const status of ["400", "505", "GET"]) expect([status, last.filter((one) => one === status).length > 20]).toEqual([status, true]);
  expect(made.filter((one) => one.includes(";")).length).toBeGreaterThan(500);
});
