/**
 * For tests of examples: builds a program with the command line a user would type, runs it, and talks to it in bytes.
 * Holds no expectations.
 */
import { execFile, spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const fluxc = join(root, "dist/fluxc.js");

/** Builds `file` (relative to the project) and returns the executable's path. @throws with what the compiler said. */
export async function build(file: string, runtime: string, ...options: readonly string[]): Promise<string> {
  const binary = join(mkdtempSync(join(tmpdir(), "fluxc-example-")), "server");
  if (!existsSync(fluxc)) throw new Error("dist/fluxc.js is missing: run `npm run bundle`");
  await promisify(execFile)(process.execPath, [fluxc, "build", join(root, file), "-r", runtime, "-o", binary, ...options]);
  return binary;
}

export interface RunningServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** Everything it printed so far, both streams. */
  output(): string;
  /** Sends the signal and waits for the end. @returns the exit code and how many milliseconds it took. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly milliseconds: number }>;
}

/** Starts `binary` with `--port 0` and waits until it says where it listens. */
export function start(binary: string, ...options: readonly string[]): Promise<RunningServer> {
  return listening(spawn(binary, ["--port", "0", ...options]));
}

/** The same, by a command that becomes the server: `prlimit --as=100000000`. */
export function startBy(command: readonly string[], binary: string, ...options: readonly string[]): Promise<RunningServer> {
  const [program = "", ...words] = command;
  return listening(spawn(program, [...words, binary, "--port", "0", ...options]));
}

async function listening(child: ChildProcessWithoutNullStreams): Promise<RunningServer> {
  child.stdin.end();
  let printed = "";
  const port = await new Promise<number>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      // With `--flux-metrics` the runtime says first where it can be seen: a URL with a path.
      const match = /http:\/\/\S+:(\d+)\/\n/.exec(printed);
      if (match) resolve(Number(match[1]));
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`server ended with ${String(code)} before it listened: ${printed}`)));
    child.once("error", reject);
  });
  const ended = once(child, "exit");
  return {
    port,
    process: child,
    output: () => printed,
    async stop(signal = "SIGTERM") {
      const since = performance.now();
      child.kill(signal);
      await ended;
      return { code: child.exitCode, milliseconds: performance.now() - since };
    },
  };
}

/** What the server said, but for nodes that were slow: under a sanitizer, on a machine that does other things too, they are. */
export function reports(server: RunningServer): string {
  return server.output().replaceAll(/^.* blocked its loop for .*\n/gm, "");
}

/** Compiles a C file that stands beside this one. @returns the executable's path. */
export async function tool(name: string): Promise<string> {
  const binary = join(mkdtempSync(join(tmpdir(), "fluxc-tool-")), name);
  await promisify(execFile)("cc", ["-O1", "-o", binary, join(import.meta.dirname, `${name}.c`)]);
  return binary;
}

/** A raw client: what is sent is exactly what is written, what came back is all of it. */
export class Client {
  private readonly socket: Socket;
  /** A rope: what is only gathered is copied once, however much comes. */
  private received = "";
  private closed = false;
  private broken = false;
  private changed: () => void = () => {};

  readonly connected: Promise<void>;
  /** All that was sent has left this process. */
  flushed: Promise<void> = Promise.resolve();

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.connected = new Promise((resolve) => this.socket.once("connect", () => resolve()));
    this.socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
      this.changed();
    });
    const close = (): void => {
      this.closed = true;
      this.changed();
    };
    this.socket.on("end", close);
    this.socket.on("close", close);
    this.socket.on("error", () => {
      this.broken = true;
      close();
    });
  }

  send(bytes: string | Buffer): void {
    this.flushed = new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Waits until what has come satisfies `enough`, the server has closed, or `milliseconds` are over. Takes it all. */
  async read(enough: (text: string) => boolean, milliseconds = 5_000): Promise<string> {
    this.socket.resume();
    const limit = performance.now() + milliseconds;
    while (!enough(this.received) && !this.closed) {
      const left = limit - performance.now();
      if (left <= 0) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const text = this.received;
    this.received = "";
    return text;
  }

  /** Everything until the server closes. */
  readToEnd(milliseconds = 5_000): Promise<string> {
    return this.read(() => false, milliseconds);
  }

  get ended(): boolean {
    return this.closed;
  }

  /** The connection ended with a reset or another error. */
  get failed(): boolean {
    return this.broken;
  }

  /** No more will be sent; the other direction stays open. */
  finish(): void {
    this.socket.end();
  }

  close(): void {
    this.socket.destroy();
  }

  /** Ends the connection with a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Takes no more bytes until `read`. */
  pause(): void {
    this.socket.pause();
  }

  /** Sends `part` again and again, as fast as the server takes it, until an answer or the end comes. @returns how many bytes, at most `most`. */
  async flood(part: string, most: number): Promise<number> {
    let sent = 0;
    while (sent < most && !this.closed && this.received.length === 0) {
      sent += part.length;
      const taken = this.socket.write(part);
      await new Promise<void>((resolve) => {
        this.changed = resolve;
        if (taken) setImmediate(resolve);
        else this.socket.once("drain", resolve);
      });
    }
    return sent;
  }
}
