/**
 * The same traffic gets the same bytes on every runtime: each request of the corpus and a thousand that are made of those with mistakes,
 * each on a connection of its own, cut up as networks do. What the date is may differ.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { build, Client, start, type RunningServer } from "../testing/running-server.ts";
import { cases } from "./corpus/cases/index.ts";
import { cut, mutate, randomNumbers, seedsOf } from "./corpus/mutation.ts";
import { runtimes } from "./corpus/runtimes.ts";
import { makeSite } from "./corpus/site.ts";

const random = randomNumbers(20_261_121);
const seeds = seedsOf(cases);
const traffic = [...seeds, ...Array.from({ length: 1000 }, () => mutate(seeds, random))].map((bytes) => cut(bytes, random));
const site = makeSite();
const servers = new Map<string, RunningServer>();

beforeAll(async () => {
  for (const runtime of runtimes) {
    servers.set(runtime, await start(await build("examples/web-server/web-server.flux", runtime), "--root", site));
  }
});
afterAll(async () => {
  for (const server of servers.values()) await server.stop();
});

/** All that comes back until the server closes, which it does when it has answered what it was sent. */
async function answered(port: number, pieces: readonly string[]): Promise<string> {
  const client = new Client(port);
  await client.connected;
  for (const piece of pieces) {
    client.send(Buffer.from(piece, "latin1"));
    await client.flushed;
  }
  client.finish();
  const text = await client.readToEnd(10_000);
  client.close();
  return text.replaceAll(/^Date: .*$/gm, "Date: some day");
}

/** So many connections at a time. */
async function answersOf(port: number, width = 32): Promise<readonly string[]> {
  const answers: string[] = [];
  const rest = traffic.entries();
  const inTurn = async (): Promise<void> => {
    for (const [index, pieces] of rest) answers[index] = await answered(port, pieces);
  };
  await Promise.all(Array.from({ length: width }, inTurn));
  return answers;
}

test("every runtime answers the same bytes", async () => {
  const answers = new Map<string, readonly string[]>();
  for (const [runtime, { port }] of servers) answers.set(runtime, await answersOf(port));
  const [[first, expected] = ["", []], ...others] = answers;
  expect(expected.filter((answer) => answer.startsWith("HTTP/1.1 ")).length).toBeGreaterThan(traffic.length / 2);
  for (const [runtime, found] of others) {
    const different = found.flatMap((answer, index) =>
      answer === expected[index] ? [] : [`${JSON.stringify(traffic[index]?.join("")).slice(0, 300)}\n${first}: ${JSON.stringify(expected[index])?.slice(0, 400)}\n${runtime}: ${JSON.stringify(answer).slice(0, 400)}`],
    );
    expect(different.slice(0, 5)).toEqual([]);
  }
});
