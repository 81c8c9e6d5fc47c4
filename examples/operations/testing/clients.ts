/** Clients of the web server that know which of their requests the server owes an answer. Holds no expectations. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a request is answered with. */
export const page = Buffer.alloc(16_000, "0123456789abcdef");
export const large = 10_000_000;

/** A folder to serve: `page`, and `large` bytes for slow readers. */
export function makeSite(): string {
  const site = mkdtempSync(join(tmpdir(), "flux-operations-"));
  writeFileSync(join(site, "page"), page);
  writeFileSync(join(site, "large"), Buffer.alloc(large, "z"));
  return site;
}

export interface Load {
  /** Whole and right answers so far. */
  answers(): number;
  /** From here on no request is sent; those sent before are owed an answer. To be called in the same tick as the signal. */
  noMore(): void;
  /** When every client has its answer or its connection has ended. @returns what went wrong with requests that were owed an answer */
  ended(): Promise<readonly string[]>;
}

/** Half of the clients keep their connection, the others make one for each request. */
export function load(port: number, clients: number): Load {
  let answers = 0;
  let stopped = false;
  const wrong: string[] = [];
  const one = async (keeps: boolean): Promise<void> => {
    let socket: Socket | undefined;
    while (!stopped) {
      socket ??= await connected(port);
      // A connection that is made after the stop began is owed nothing.
      if (socket === undefined || stopped) break;
      const { bytes, failure } = await ask(socket, keeps);
      const body = bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
      if (bytes.subarray(0, 15).toString("latin1") === "HTTP/1.1 200 OK" && body.equals(page)) answers++;
      else wrong.push(`${keeps ? "kept" : "new"} connection, ${bytes.length} bytes: ${failure ?? bytes.subarray(0, 40).toString("latin1")}`);
      if (!keeps || socket.destroyed || failure !== undefined || /\r\nConnection: close\r\n/i.test(bytes.subarray(0, 600).toString("latin1"))) {
        socket.destroy();
        socket = undefined;
      }
    }
    socket?.destroy();
  };
  const all = Array.from({ length: clients }, (_, index) => one(index % 2 === 0));
  return {
    answers: () => answers,
    noMore: () => (stopped = true),
    ended: async () => {
      await Promise.all(all);
      return wrong;
    },
  };
}

export function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket));
    socket.on("error", () => resolve(undefined));
  });
}

/** Sends a request in this very tick: on the loopback its bytes have then arrived. */
export function ask(socket: Socket, keeps = true, path = "page"): Promise<{ readonly bytes: Buffer; readonly failure?: string }> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const done = (failure?: string): void => {
      socket.off("data", data).off("end", end).off("error", error);
      resolve(failure === undefined ? { bytes } : { bytes, failure });
    };
    const data = (part: Buffer): void => {
      bytes = Buffer.concat([bytes, part]);
      const head = bytes.indexOf("\r\n\r\n");
      const length = /\r\nContent-Length: (\d+)\r\n/i.exec(bytes.subarray(0, head + 2).toString("latin1"))?.[1];
      if (head >= 0 && length !== undefined && bytes.length >= head + 4 + Number(length)) done();
    };
    const end = (): void => done("the connection was closed");
    const error = (failure: Error): void => done(failure.message);
    socket.on("data", data).on("end", end).on("error", error);
    socket.write(`GET /${path} HTTP/1.1\r\nHost: x\r\n${keeps ? "" : "Connection: close\r\n"}\r\n`);
  });
}
