/** The limit servers answer rightly where a benchmark does not look: a fast wrong server would be no limit. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../testing/running-server.ts";
import { contenders, fileOf } from "./contenders.ts";
import type { Column } from "./figures.ts";
import { closeWorkshop, openWorkshop, startServer, type RunningServer } from "./server-process.ts";

const project = join(import.meta.dirname, "../..");
const workshop = openWorkshop(import.meta.dirname);
const strict = ["-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"];
const small: Column = { name: "small", title: "", bytes: 1_024, connections: 1, close: false };
const large: Column = { name: "large", title: "", bytes: 102_400, connections: 1, close: false };
const largeAndClose: Column = { ...large, close: true };

const body = readFileSync(join(workshop.root, fileOf(small)), "latin1");
const request = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n";
const largeBody = readFileSync(join(workshop.root, fileOf(large)), "latin1");
const answers = (text: string): number => text.split("HTTP/1.1 200 OK\r\n").length - 1;

/** Without the heads. */
const bodiesOf = (text: string): string => text.replaceAll(/HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*\r\n/g, "");

const limits = contenders(project, workshop.built).filter(({ kind }) => kind === "limit");

afterAll(() => closeWorkshop(workshop));

test("there are three", () => {
  expect(limits.map(({ name }) => name)).toEqual(["limit-epoll", "limit-pool", "limit-threads"]);
});

describe.each(limits)("$name", (contender) => {
  const running = new Map<Column, RunningServer>();
  const client = (column: Column): Client => new Client(running.get(column)?.port ?? 0);

  beforeAll(async () => {
    const [program = "", ...words] = contender.build?.command ?? [];
    await promisify(execFile)(program, [...words, ...strict]);
    for (const column of [small, large, largeAndClose]) running.set(column, await startServer(contender, column, workshop));
  }, 120_000);
  afterAll(async () => {
    await Promise.all([...running.values()].map((server) => server.stop()));
  });

  test("a pipeline has as many answers as requests, in pieces of any size", async () => {
    for (const size of [request.length, 7, 1]) {
      const one = client(small);
      const text = request.repeat(20);
      for (let at = 0; at < text.length; at += size) {
        one.send(text.slice(at, at + size));
        if (size < request.length) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(answers(await one.read((got) => answers(got) >= 20 && got.endsWith(body)))).toBe(20);
      one.close();
    }
  });

  test("requests end at an empty line, whatever ends their lines", async () => {
    const one = client(small);
    one.send("GET / HTTP/1.0\n\nGET / HTTP/1.1\r\n\r");
    expect(answers(await one.read((got) => got.endsWith(body)))).toBe(1);
    one.send("\n");
    expect(answers(await one.read((got) => got.endsWith(body)))).toBe(1);
    one.close();
  });

  test("a reader who waits gets every byte of every answer", { timeout: 60_000 }, async () => {
    const one = client(large);
    one.send(request);
    const answer = await one.read((got) => got.endsWith(largeBody));
    expect(answers(answer)).toBe(1);
    one.pause();
    one.send(request.repeat(60));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const text = await one.read((got) => got.length >= 60 * answer.length, 30_000);
    expect(text === answer.repeat(60)).toBe(true);
    one.close();
  });

  test("--close answers once, whole, and ends the connection", async () => {
    const one = client(largeAndClose);
    one.send(request);
    const text = await one.readToEnd();
    expect(one.ended).toBe(true);
    expect(answers(text)).toBe(1);
    expect(text).toContain("\r\nConnection: close\r\n");
    expect(bodiesOf(text) === largeBody).toBe(true);
  });

  test("a client that has said all it will say is answered, and its connection ends", async () => {
    const one = client(small);
    one.send(request);
    one.finish();
    expect(answers(await one.readToEnd())).toBe(1);
    expect(one.ended).toBe(true);
    expect(one.failed).toBe(false);
  });

  test("3,000 connections one after the other, 50 at a time", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 60; round++) {
      const clients = Array.from({ length: 50 }, () => client(small));
      for (const one of clients) one.send(request);
      const texts = await Promise.all(clients.map((one) => one.read((got) => got.endsWith(body))));
      expect(texts.map(answers)).toEqual(clients.map(() => 1));
      for (const one of clients) one.close();
    }
  });
});
