/** Starts the hand-written server of `testdata/trial.cpp` and speaks its line protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";

import { buildExecutable, sourcesOf } from "../../core/testing/build.ts";

/** What a build of the server is made with. */
export interface Variant {
  readonly name: string;
  readonly flags: readonly string[];
  readonly compiler?: "g++" | "clang++";
  /** A sanitizer makes everything slower and larger. */
  readonly sanitized?: boolean;
  /** Its connections may block for a moment. */
  readonly blocksBriefly?: boolean;
}

/** What a test is given: servers and clients that end with it. */
export interface Trial {
  readonly sanitized: boolean;
  /** How much longer everything may take. */
  readonly slower: number;
  /** What is put in here is closed at the end of the test. */
  readonly clients: Client[];
  /** A path that nothing has used. */
  readonly temporary: (name: string) => string;
  /** `limit`: a command of the shell that lowers a resource. */
  readonly start: (args: readonly string[], limit?: string) => Server;
  readonly connect: (port: number) => Promise<Client>;
  /** Stops it, and expects that it says nothing: a sanitizer reports on stderr. */
  readonly endsWell: (server: Server) => Promise<void>;
}

export function buildTrial({ flags, compiler }: Variant): Promise<string> {
  return buildExecutable({
    sources: [...sourcesOf("core", "library"), ...sourcesOf("thread", "library"), "thread/testdata/trial.cpp"],
    flags,
    ...(compiler === undefined ? {} : { compiler }),
  });
}

/** A server that was started, and all it said so far. */
export class Server {
  readonly process: ChildProcess;
  stdout = "";
  stderr = "";
  private readonly ended: Promise<unknown>;

  constructor(executable: string, args: readonly string[], limit?: string) {
    // ThreadSanitizer would sleep for a second at the end.
    const env = { ...process.env, TSAN_OPTIONS: "atexit_sleep_ms=0" };
    // A limit of resources is set by the shell that becomes the server.
    this.process =
      limit === undefined
        ? spawn(executable, args, { stdio: "pipe", env })
        : spawn("/bin/sh", ["-c", `${limit} && exec "$0" "$@"`, executable, ...args], { stdio: "pipe", env });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = once(this.process, "close");
  }

  /** The port it listens on, once it does. */
  async port(): Promise<number> {
    await until(() => /^port \d+$/m.test(this.stdout) || this.process.exitCode !== null, () => `no port: ${this.stdout}${this.stderr}`);
    const port = /^port (\d+)$/m.exec(this.stdout)?.[1];
    if (port === undefined) throw new Error(`ended before it listened: ${this.stderr}`);
    return Number(port);
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<{ readonly code: number | null; readonly milliseconds: number }> {
    const start = performance.now();
    this.process.kill(signal);
    return { code: await this.code(), milliseconds: performance.now() - start };
  }

  async code(): Promise<number | null> {
    await this.ended;
    return this.process.exitCode;
  }

  /** Seconds of CPU that it used. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.process.pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  threads(): number {
    return Number(/^Threads:\s+(\d+)$/m.exec(readFileSync(`/proc/${this.process.pid}/status`, "utf8"))?.[1]);
  }
}

/** One connection: lines out, lines in. */
export class Client {
  readonly socket: Socket;
  received = "";
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8").on("data", (text: string) => (this.received += text));
    socket.on("error", () => undefined);
    socket.on("close", () => (this.closed = true));
  }

  static async connect(port: number): Promise<Client> {
    const socket = createConnection(port, "127.0.0.1");
    const client = new Client(socket);
    await once(socket, "connect");
    return client;
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** Sends a line and answers with the next line. */
  async ask(line: string): Promise<string> {
    const start = this.received.length;
    this.send(`${line}\n`);
    await until(() => this.received.indexOf("\n", start) >= 0 || this.closed, () => `no answer to \`${line}\`, only \`${this.received.slice(start)}\``);
    return this.received.slice(start);
  }

  async end(): Promise<string> {
    await until(() => this.closed, () => "the connection stays open");
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Where a server started with `--flux-metrics 0` says that it can be seen. */
export function endpoint(server: Server): string {
  const url = /metrics on (http:\/\/127\.0\.0\.1:\d+)\/metrics/.exec(server.stderr)?.[1];
  if (url === undefined) throw new Error(`no endpoint: ${server.stderr}`);
  return url;
}

export async function metrics(server: Server): Promise<string> {
  const response = await fetch(`${endpoint(server)}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}`);
  return response.text();
}

/** Waits until something is true; a failure says what was seen instead. */
export async function until(holds: () => boolean, seen: () => string, milliseconds = 20_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${milliseconds} ms: ${seen()}`);
    await pause(2);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
