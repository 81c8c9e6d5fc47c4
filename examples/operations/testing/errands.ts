/** A little of everything that clients ask of the web server, by clients that give up soon. Holds no expectations. */
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { page } from "./clients.ts";
import { pause } from "./server.ts";

/** How long a client waits for its answers under a fault, in milliseconds. Some never come: an edge was lost, a connection was never accepted. */
const shortPatience = 400;

const long = Buffer.alloc(3_000_000, "l");
/** More than a kernel keeps for a client that does not read, and still in the server's memory. */
const half = Buffer.alloc(500_000, "h");

/** What became of the errands. Those that are neither right nor wrong ended with an error that says so, or with the connection. */
export interface Errands {
  readonly right: number;
  readonly all: number;
  /** Answers that are not true: other bytes, or that something is not there which is. */
  readonly wrong: readonly string[];
}

/** What errands ask for, beside the site's `page`. */
export function addErrands(site: string): void {
  mkdirSync(join(site, "folder"), { recursive: true });
  writeFileSync(join(site, "folder/index.html"), "<p>");
  writeFileSync(join(site, "long"), long);
  writeFileSync(join(site, "half"), half);
}

let files = 0;

/** A file that no server has seen yet: it is looked for, opened and read. */
function newFile(site: string): { readonly name: string; readonly text: Buffer } {
  const name = `new-${String(files++)}`;
  const text = Buffer.from(name.padEnd(2_000, "."));
  writeFileSync(join(site, name), text);
  return { name, text };
}

/** Sends the parts, a moment apart; ends when `enough` bytes of the answer have come, the server has closed, or the client has lost its patience. */
function exchange(port: number, patience: number, sent: readonly string[], enough: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const parts: Buffer[] = [];
    let length = 0;
    const done = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(parts));
    };
    const timer = setTimeout(done, patience);
    const send = async (): Promise<void> => {
      for (const part of sent) {
        if (part !== sent[0]) await pause(20);
        socket.write(part);
      }
    };
    socket.on("connect", () => void send());
    socket.on("data", (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length >= enough) done();
    });
    socket.on("end", done).on("error", done);
  });
}

interface Answer {
  readonly status: string;
  readonly body: Buffer;
  readonly whole: boolean;
}

/** The answers in `bytes`, in their order. */
function answersIn(bytes: Buffer): readonly Answer[] {
  const found: Answer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0) break;
    const head = bytes.subarray(at, end + 2).toString("latin1");
    const length = Number(/\r\nContent-Length: (\d+)\r\n/i.exec(head)?.[1] ?? 0);
    const body = bytes.subarray(end + 4, end + 4 + length);
    found.push({ status: head.slice(9, 12), body, whole: body.length === length });
    at = end + 4 + length;
  }
  return found;
}

interface Server {
  readonly port: number;
  readonly patience: number;
}

interface Expected {
  readonly status: string;
  readonly body?: Buffer;
}

/** Sends requests at once; there is a wrong answer if one of them is neither what is expected, nor a prefix of that, nor an error of the server. */
async function errand(to: Server, request: string | readonly string[], expected: readonly Expected[]): Promise<"right" | "none" | string> {
  const whole = expected.reduce((sum, { body }) => sum + (body?.length ?? 0) + 100, 0);
  const enough = expected.some(({ body }) => body === undefined) ? Number.POSITIVE_INFINITY : whole;
  const answers = answersIn(await exchange(to.port, to.patience, typeof request === "string" ? [request] : request, enough));
  let right = 0;
  for (const [index, { status, body, whole: isWhole }] of answers.entries()) {
    const wanted = expected[index];
    if (wanted === undefined) return `${String(answers.length)} answers for ${String(expected.length)} requests`;
    const agrees = wanted.body === undefined || wanted.body.subarray(0, body.length).equals(body);
    if (status === wanted.status && agrees) right += isWhole ? 1 : 0;
    else if (!/^(?:408|5\d\d)$/.test(status)) return `${status} with ${String(body.length)} bytes for ${request.slice(0, 30).toString()}`;
  }
  return right === expected.length ? "right" : "none";
}

const get = (path: string, more = ""): string => `GET /${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const last = "Connection: close\r\n";

/** Everything once, all at the same time. */
export async function errands(port: number, site: string, patience = shortPatience): Promise<Errands> {
  const to = { port, patience };
  const index = { status: "200", body: Buffer.from("<p>") };
  const results = await Promise.all([
    ...Array.from({ length: 8 }, () => {
      const { name, text } = newFile(site);
      return errand(to, get(name, last), [{ status: "200", body: text }]);
    }),
    ...Array.from({ length: 4 }, () => errand(to, get("page", last), [{ status: "200", body: page }])),
    errand(to, ["GET /pa", "ge HTTP/1.1\r\nHo", `st: x\r\n${last}\r\n`], [{ status: "200", body: page }]),
    errand(to, get("page").repeat(19) + get("page", last), Array.from({ length: 20 }, () => ({ status: "200", body: page }))),
    errand(to, get("folder/") + get("missing") + get("folder/", last), [index, { status: "404" }, index]),
    errand(to, get("long", last), [{ status: "200", body: long }]),
    errand(to, `${get("page", `Content-Length: 5\r\nExpect: 100-continue\r\n${last}`)}12345`, [{ status: "200", body: page }]),
    errand(to, "nonsense\r\n\r\n", [{ status: "400" }]),
  ]);
  return {
    right: results.filter((result) => result === "right").length,
    all: results.length,
    wrong: results.filter((result) => result !== "right" && result !== "none"),
  };
}
