/** What the event loops promise beside that: helpers for nodes that block, a socket a loop, the name of who holds one. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildProgram, bundleCommandLine } from "../../conformance/testing/programs.ts";
import type { FewThreads } from "../../pool/testing/few-threads.ts";
import { Client, pause, Server, until } from "../../thread/testing/trial.ts";

/** A machine that is busy with others makes nodes slow: who holds a loop is asked where it matters. */
export const loops: FewThreads = { runtime: "event", threads: "--flux-loops", always: ["--flux-offence", "0s"], mayBlock: false };

export interface Variant {
  readonly name: string;
  /** Of `fluxc build`. */
  readonly options: readonly string[];
  /** How much longer everything may take. */
  readonly slower: number;
}

const pool = join(import.meta.dirname, "../../pool/testdata");
const own = join(import.meta.dirname, "../testdata");

export function describeLoops({ name, options, slower }: Variant): void {
  describe(`event loops, ${name}`, { timeout: 300_000 }, () => {
    const servers: Server[] = [];
    const clients: Client[] = [];
    const built = new Map<string, string>();

    beforeAll(async () => {
      const fluxc = await bundleCommandLine(`loops-${name.replaceAll(" ", "-")}`);
      for (const folder of [join(pool, "lines"), withHelpers(500 * slower), join(own, "published"), join(own, "crowd")]) {
        const program = folder.slice(folder.lastIndexOf("/") + 1);
        const file = join(folder, program === "naps" ? "lines.flux" : `${program}.flux`);
        built.set(program, await buildProgram(fluxc, { name: program, folder, file }, "event", options));
      }
    }, 900_000);
    afterEach(() => {
      for (const client of clients.splice(0)) client.close();
      for (const server of servers.splice(0)) server.process.kill("SIGKILL");
    });

    const start = async (program: string, words: readonly string[]): Promise<{ readonly server: Server; readonly port: number; readonly connect: () => Promise<Client> }> => {
      const server = new Server(built.get(program) ?? "", words);
      servers.push(server);
      const port = await server.port();
      const connect = async (): Promise<Client> => {
        const client = await Client.connect(port);
        clients.push(client);
        return client;
      };
      return { server, port, connect };
    };
    const timed = async (client: Client, line: string): Promise<number> => {
      const since = performance.now();
      await client.ask(line);
      return performance.now() - since;
    };

    test("a node that holds its loop is named, with how long it did", async () => {
      const { server, connect } = await start("lines", ["--flux-loops", "1"]);
      const client = await connect();
      await client.ask("echo first");
      await client.ask("nap 150");
      await until(() => server.stderr.includes("\n"), () => "nothing is said");
      const said = /^\S+ node `Nap` \(.*lines\.flux:\d+\) blocked its loop for (\d+) ms: declare it `blocking`\n/.exec(server.stderr);
      expect({ stderr: server.stderr, named: said !== null }).toMatchObject({ named: true });
      expect(Number(said?.[1])).toBeGreaterThan(100);
      expect((await server.stop()).code).toBe(0);
    });

    test("a node that is declared to block leaves its loop to the others, up to as many as there are helpers", async () => {
      const { server, connect } = await start("naps", [...loops.always, "--flux-loops", "1", "--flux-helpers", "2"]);
      const sleepers = await Promise.all(Array.from({ length: 4 }, connect));
      const since = performance.now();
      const napped = sleepers.map((each) => each.ask(`nap ${300 * slower}`));
      const other = await connect();
      const times = [];
      for (let time = 0; time < 10; time++) times.push(await timed(other, "echo here"));
      expect(Math.min(...times)).toBeLessThan(100 * slower);
      expect(server.threads()).toBeLessThanOrEqual(3 + 2 + (name === "ThreadSanitizer" ? 1 : 0));
      await Promise.all(napped);
      // Two at a time.
      expect(performance.now() - since).toBeGreaterThan(590 * slower);
      expect(await server.stop()).toMatchObject({ code: 0 });
      expect(server.stderr).toBe("");
    });

    test("a limit that strikes before a helper is free ends the wait for it", async () => {
      const { server, connect } = await start("naps", [...loops.always, "--flux-loops", "1", "--flux-helpers", "1"]);
      const [first, second] = [await connect(), await connect()];
      const napped = first.ask(`nap ${1000 * slower}`);
      await pause(50 * slower);
      const since = performance.now();
      second.send("nap 1\n");
      // `timeout Nap`, and no handler: its connection ends.
      await second.end();
      expect(performance.now() - since).toBeGreaterThan(490 * slower);
      expect(performance.now() - since).toBeLessThan(1500 * slower);
      await napped;
      expect(await server.stop()).toMatchObject({ code: 0 });
    });

    test("a server of the published form, unchanged, serves fifty clients while fifty others stall", async () => {
      const { server, connect } = await start("published", [...loops.always]);
      const stalled = await Promise.all(Array.from({ length: 50 }, connect));
      await pause(100 * slower);
      const served = await Promise.all(Array.from({ length: 50 }, connect));
      const answers = await Promise.all(served.map((each) => each.ask("a")));
      const numbers = answers.map((answer) => Number(answer.split(" ")[1])).sort((one, other) => one - other);
      expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      for (const each of stalled) each.send("b\n");
      const late = await Promise.all(stalled.map((each) => each.end()));
      expect(late.every((answer) => answer.startsWith("b "))).toBe(true);
      expect((await server.stop()).code).toBe(0);
    });

    test.each([
      ["a flow that is always ready keeps no new flow waiting", ["50", "restless"]],
      ["where every loop fails to make a helper no call is forgotten", ["400", "alone"]],
    ])("%s", async (_, words) => {
      const server = new Server(built.get("crowd") ?? "", [...loops.always, "--flux-loops", "2", ...words]);
      servers.push(server);
      await until(() => server.stdout.includes("all have left"), () => "not all have left");
      expect(await server.stop()).toMatchObject({ code: 0 });
      expect(server.stderr).toBe("");
    });

    test.each([1, 3])("every one of %i loops has a listening socket", async (count) => {
      const { server, port, connect } = await start("lines", [...loops.always, "--flux-loops", String(count)]);
      expect(listening(port)).toBe(count);
      const some = await Promise.all(Array.from({ length: 40 }, connect));
      expect(await Promise.all(some.map((each) => each.ask("echo me")))).toEqual(some.map(() => "me\n"));
      const other = new Server(built.get("lines") ?? "", [...loops.always]);
      servers.push(other);
      expect(await other.port()).not.toBe(port);
      expect(await server.stop()).toMatchObject({ code: 0 });
      expect(server.stderr).toBe("");
    });
  });
}

/** Sockets of this machine that listen on the port. */
function listening(port: number): number {
  const local = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} [0-9A-F]+:0000 0A `, "g");
  return [...readFileSync("/proc/net/tcp", "utf8").matchAll(local)].length;
}

/** The program of the pool's tests, whose `Nap` may block and shall not wait for a helper for ever. */
function withHelpers(milliseconds: number): string {
  const folder = join(own, "build", "naps");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["lines.cpp", "lines.hpp"]) symlinkSync(join(pool, "lines", name), join(folder, name));
  writeFileSync(join(folder, "lines.flux"), `${readFileSync(join(pool, "lines/lines.flux"), "utf8")}\nblocking Nap;\ntimeout Nap: ${milliseconds}ms;\n`);
  return folder;
}
