/**
 * What a runtime with a few threads for all flows promises beside the language: programs of `testdata/`, built as a user's are, for one
 * variant of the build.
 */
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildProgram, bundleCommandLine, run } from "../../conformance/testing/programs.ts";
import { Client, pause, Server, until } from "../../thread/testing/trial.ts";

/** One of those runtimes. */
export interface FewThreads {
  readonly runtime: string;
  /** The option that says how many threads run flows. */
  readonly threads: string;
  /** Other options of every run. */
  readonly always: readonly string[];
  /** A node that blocks inside leaves the other threads to the others. */
  readonly mayBlock: boolean;
}

export interface Variant {
  readonly name: string;
  /** Of `fluxc build`. */
  readonly options: readonly string[];
  /** Connections of the tests that open many. */
  readonly reused: number;
  readonly idle: number;
  /** How much longer everything may take. */
  readonly slower: number;
}

export function describeFewThreads({ runtime, threads, always, mayBlock }: FewThreads, { name, options, reused, idle, slower }: Variant): void {
  describe(`${runtime}, ${name}`, { timeout: 300_000 }, () => {
    const servers: Server[] = [];
    const clients: Client[] = [];
    const built = new Map<string, string>();

    beforeAll(async () => {
      const fluxc = await bundleCommandLine(`${runtime}-${name.replaceAll(" ", "-")}`);
      for (const program of ["lines", "feed", "reuse"]) {
        const folder = join(import.meta.dirname, "../testdata", program);
        built.set(program, await buildProgram(fluxc, { name: program, folder, file: join(folder, `${program}.flux`) }, runtime, options));
      }
    }, 900_000);
    afterEach(() => {
      for (const client of clients.splice(0)) client.close();
      for (const server of servers.splice(0)) server.process.kill("SIGKILL");
    });

    const start = async (workers: number): Promise<{ readonly server: Server; readonly connect: () => Promise<Client> }> => {
      const server = new Server(built.get("lines") ?? "", [...always, threads, String(workers)]);
      servers.push(server);
      const port = await server.port();
      const connect = async (): Promise<Client> => {
        const client = await Client.connect(port);
        clients.push(client);
        return client;
      };
      return { server, connect };
    };
    const endsWell = async (server: Server): Promise<void> => {
      const { code } = await server.stop();
      expect({ code, stderr: server.stderr }).toEqual({ code: 0, stderr: "" });
    };
    const timed = async (client: Client): Promise<number> => {
      const since = performance.now();
      expect(await client.ask("echo here")).toBe("here\n");
      return performance.now() - since;
    };
    const runs = (program: string, words: readonly string[]): Promise<object> => run([built.get(program) ?? "", ...always, ...words], { seconds: 240 });

    test("a source waits while the queue is full, and flows run in the order they came", async () => {
      expect(await runs("feed", [threads, "1", "--flux-queue", "8", "8"])).toEqual({ stdout: "in order; bounded\n", stderr: "", exit: 0 });
    });

    test.each([1, 4])("a number that is used again is another descriptor, whoever closed it; %i threads", async (workers) => {
      const stdout = `${reused} connections, few descriptors\n`;
      expect(await runs("reuse", [threads, String(workers), String(reused)])).toEqual({ stdout, stderr: "", exit: 0 });
    });

    test("a client that sends requests without a pause holds no worker", async () => {
      const { server, connect } = await start(1);
      const [greedy, modest] = [await connect(), await connect()];
      // So many that a client which is slow to look still finds the other under way.
      const requests = 100_000 / Math.min(slower, 2);
      greedy.send("echo x\n".repeat(requests));
      await until(() => greedy.received.length > 0, () => "no answer to the first");
      await timed(modest);
      // Answered long before the other is through.
      expect(greedy.received.length).toBeLessThan(requests * 2);
      await until(() => greedy.received.length === requests * 2, () => `${greedy.received.length} bytes of ${requests * 2}`, 100_000);
      await endsWell(server);
    });

    test("flows that wait for a constraint hold no worker", async () => {
      const { server, connect } = await start(2);
      const waiting = await Promise.all(Array.from({ length: 20 }, connect));
      for (const each of waiting) each.send("hold 50\n");
      const other = await connect();
      const times = [];
      for (let time = 0; time < 10; time++) {
        times.push(await timed(other));
        await pause(20);
      }
      expect(Math.min(...times)).toBeLessThan(40 * slower);
      await until(() => waiting.every((each) => each.received === "hold 50\n"), () => "somebody was forgotten");
      await endsWell(server);
    });

    test.runIf(mayBlock)("nodes that block leave the other workers to the others", async () => {
      const { server, connect } = await start(4);
      for (const each of await Promise.all(Array.from({ length: 3 }, connect))) each.send("nap 2000\n");
      const other = await connect();
      await pause(50);
      const times = [];
      for (let time = 0; time < 10; time++) times.push(await timed(other));
      expect(Math.min(...times)).toBeLessThan(500 * slower);
      await endsWell(server);
    });

    test(`${idle} idle clients hold no worker, and are not forgotten`, async () => {
      const { server, connect } = await start(8);
      for (let opened = 0; opened < idle; opened += 100) {
        const some = await Promise.all(Array.from({ length: 100 }, connect));
        await Promise.all(some.map((client) => client.ask("echo first")));
      }
      const times = [];
      for (let time = 0; time < 20; time++) times.push(await timed(await connect()));
      expect(Math.min(...times)).toBeLessThan(50 * slower);
      const every = clients.filter((_, index) => index % 97 === 0);
      expect(await Promise.all(every.map((client) => client.ask("echo again")))).toEqual(every.map(() => "again\n"));
      await endsWell(server);
    });
  });
}
