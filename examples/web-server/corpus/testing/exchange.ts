/** Plays one case against one server: sends its bytes, gathers all that comes back, and tries whether the connection is still good. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "../../../testing/running-server.ts";
import { parseAnswers, type Stream } from "../answers.ts";
import { get, type Case, type Step } from "../case.ts";
import { probe } from "../site.ts";
import type { Transcript } from "../transcript.ts";

/** What the server under test gave in an earlier answer; cases send it back. */
export interface Validators {
  readonly etag: string;
}

// Answers that are due come at once; only a server that does not send them makes a case last as long as this.
const patience = 4_000;
const lastRequest = get(probe.path, "Connection: close");

export async function play(one: Case, port: number, validators: Validators): Promise<Transcript> {
  const client = new Client(port);
  let bytes = "";
  const isHead = (index: number): boolean => one.answers[index]?.head === true;
  const parsed = (more = ""): Stream => parseAnswers(bytes + more, isHead);
  try {
    for (const step of one.send) await take(step, client, validators);
    const due = one.answers.filter(({ optional }) => optional !== true).length;
    bytes += await client.read((more) => one.then !== "closes" && parsed(more).responses.length >= due, patience);
    if (!client.ended) {
      client.send(lastRequest);
      const before = parsed().responses.length;
      bytes += await client.read((more) => parsed(more).responses.length > before && isProbed(parsed(more)), patience);
    }
  } finally {
    client.close();
  }
  const stream = parsed();
  const alive = isProbed(stream);
  const responses = alive ? stream.responses.slice(0, -1) : [...stream.responses, ...(stream.waiting ? [stream.waiting] : [])];
  return { responses, rest: stream.rest, closed: !alive, reset: client.failed };
}

/** The last answer is the one to the request that tries the connection. A `Smuggled` one looks like it, and is told by its Connection. */
function isProbed({ responses }: Pick<Stream, "responses">): boolean {
  const last = responses.at(-1);
  return last?.body === probe.body && last.fields.some(([name, value]) => name === "connection" && value === "close");
}

async function take(step: Step, client: Client, { etag }: Validators): Promise<void> {
  if (step === "finish") return client.finish();
  if (typeof step !== "string") return sleep(step.pause);
  const opaque = etag.replace(/^W\//, "");
  client.send(Buffer.from(step.replaceAll("{etag}", etag).replaceAll("{weak etag}", `W/${opaque}`), "latin1"));
}

/** Asks the server for what the cases send back. */
export async function validatorsOf(port: number): Promise<Validators> {
  const client = new Client(port);
  client.send(get("/letters.txt", "Connection: close"));
  const text = await client.readToEnd();
  client.close();
  return { etag: /\r\nETag: (\S+)\r\n/i.exec(text)?.[1] ?? '"none"' };
}

/** Plays all cases, at most `width` at a time. */
export async function playAll(cases: readonly Case[], port: number, width = 48): Promise<ReadonlyMap<string, Transcript>> {
  const validators = await validatorsOf(port);
  const transcripts = new Map<string, Transcript>();
  const waiting = cases.values();
  const worker = async (): Promise<void> => {
    for (const one of waiting) transcripts.set(one.name, await play(one, port, validators));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return transcripts;
}
