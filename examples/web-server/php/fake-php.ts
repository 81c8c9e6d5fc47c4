/** For tests: something that listens where PHP would, and answers what a test wants, right or wrong. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { types, variablesOf } from "./records.ts";

/** One request as it has arrived so far. */
export interface Call {
  readonly variables: ReadonlyMap<string, string>;
  /** Grows while it comes. */
  body(): Buffer;
  /** Resolves when the body has come to its end. */
  readonly whole: Promise<void>;
  readonly socket: Socket;
  /** Connections before this one, and requests on it before this one. */
  readonly connection: number;
  readonly earlier: number;
}

export class FakePhp {
  readonly calls: Call[] = [];
  connections = 0;
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  /** What is done with a request once its variables are there. */
  answer: (call: Call) => void | Promise<void> = () => {};

  private constructor() {
    this.server = createServer((socket) => this.serve(socket));
  }

  /** @param where a path, or 0 for any port */
  static async listen(where: string | 0): Promise<FakePhp> {
    const fake = new FakePhp();
    if (where === 0) fake.server.listen(0, "127.0.0.1");
    else fake.server.listen(where);
    await once(fake.server, "listening");
    return fake;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Closes what waits for another request. */
  closeAll(): void {
    for (const socket of this.open) socket.destroy();
  }

  async close(): Promise<void> {
    this.closeAll();
    this.server.close();
    await once(this.server, "close");
  }

  private serve(socket: Socket): void {
    const connection = this.connections++;
    this.open.add(socket);
    socket.on("close", () => this.open.delete(socket));
    socket.on("error", () => {});
    let [bytes, earlier] = [Buffer.alloc(0), 0];
    let variables: Buffer[] = [];
    let body: Buffer[] = [];
    let end = (): void => {};
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 8) {
        const length = bytes.readUInt16BE(4);
        const next = 8 + length + bytes.readUInt8(6);
        if (bytes.length < next) return;
        const [type, content] = [bytes.readUInt8(1), bytes.subarray(8, 8 + length)];
        bytes = bytes.subarray(next);
        if (type === types.begin) [variables, body] = [[], []];
        else if (type === types.variables && length > 0) variables.push(content);
        else if (type === types.input && length > 0) body.push(content);
        else if (type === types.input) end();
        else if (type === types.variables) {
          const parts = body;
          const whole = new Promise<void>((resolve) => (end = resolve));
          const call: Call = { variables: variablesOf(Buffer.concat(variables)), body: () => Buffer.concat(parts), whole, socket, connection, earlier: earlier++ };
          this.calls.push(call);
          void this.answer(call);
        }
      }
    });
  }
}
