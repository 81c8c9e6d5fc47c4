/** Whatever system call fails, however often, and wherever clients reset their connections: the server goes on and has lost nothing. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { build, startBy, tool } from "../testing/running-server.ts";
import { ask, connected, makeSite } from "./testing/clients.ts";
import { addErrands } from "./testing/errands.ts";
import { errors, type Fault } from "./testing/fault-injection.ts";
import { crowded, descriptors, interrupted, livesThrough, recovers, resetEverywhere, usualWork, type Usual } from "./testing/fault-trials.ts";
import { pause, runtimes } from "./testing/server.ts";
import { endServers, exhaustDescriptors, kept, start } from "./testing/trials.ts";

const web = "examples/web-server/web-server.flux";

/** Trials at a time: each mostly waits. */
const lanes = 6;

/** A sanitizer needs these for itself, for memory and for threads, and ends the program where they fail. */
const ofSanitizers: readonly string[] = ["brk", "clone3", "madvise", "mmap", "mprotect", "mremap", "sched_getaffinity"];

/** Tries all faults, and expects that most of the calls did fail. */
async function tryAll(binary: string, site: string, usual: Usual, faults: readonly Fault[]): Promise<void> {
  const failed = new Map(faults.map(({ call }) => [call, 0]));
  const left = [...faults];
  const lane = async (): Promise<void> => {
    for (let fault = left.shift(); fault !== undefined; fault = left.shift()) {
      failed.set(fault.call, (failed.get(fault.call) ?? 0) + (await livesThrough(binary, site, usual, fault)));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const untouched = [...failed].filter(([, times]) => times === 0).map(([call]) => call);
  expect(untouched.length, untouched.join(" ")).toBeLessThan(failed.size / 3);
}

afterEach(endServers);

describe.each(runtimes)("%s", (runtime) => {
  const site = makeSite();
  addErrands(site);
  let binary = "";
  let known: Usual | undefined;
  const usually = async (): Promise<Usual> => (known ??= await usualWork(binary, site));
  beforeAll(async () => {
    binary = await build(web, runtime);
  });

  test("every call that it makes while it serves may fail, now and then with any error and always for want of memory and descriptors", async () => {
    const usual = await usually();
    expect(usual.calls).toEqual(expect.arrayContaining(["accept4", "recvfrom", "sendmsg"]));
    const now = usual.calls.flatMap((call) => errors.map((error) => ({ call, error, when: "1+3" })));
    const always = usual.calls.flatMap((call) => ["ENOMEM", "EMFILE"].map((error) => ({ call, error, when: "1+1" })));
    await tryAll(binary, site, usual, [...now, ...always]);
  });

  test("every wait of its may be interrupted", async () => {
    await interrupted(binary, site, await usually());
    // Those between its own threads, always.
    const server = kept(await startBy([await tool("interrupted_waits")], binary, "--root", site));
    await recovers(server, site, (await usually()).descriptors);
    expect((await server.stop()).code).toBe(0);
  });

  test("with too few descriptors to start it says so in one line, and ends", async () => {
    const starts = Array.from({ length: 12 }, (_, more) => {
      const words = ["--signal=TERM", "3", "prlimit", `--nofile=${String(4 + more)}`, binary, "--port", "0", "--root", site];
      return promisify(execFile)("timeout", words).catch((failure: { code?: unknown; stdout: string; stderr: string }) => failure);
    });
    const ends = (await Promise.all(starts)).map((end) => ({ code: "code" in end ? end.code : 0, said: end.stderr }));
    for (const { code, said } of ends.filter(({ code }) => code !== 124)) {
      expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/^web-server: cannot (?:start|serve|listen)[^\n]*: Too many open files\n$/) });
    }
    // The first has none to spare, the last enough.
    expect(ends[0]?.code).toBe(1);
    expect(ends.at(-1)).toEqual({ code: 124, said: "" });
  });

  test("clients may reset their connections at every phase", async () => {
    expect((await (await resetEverywhere(binary, site, await usually(), 40)).stop()).code).toBe(0);
  });

  test("clients may reset their connections while their flows wait for a constraint", async () => {
    const server = await start(await build("examples/operations/testdata/gate/gate.flux", runtime));
    const first = await connected(server.port);
    if (first === undefined) throw new Error("no connection");
    await ask(first);
    await pause(50);
    const before = descriptors(server);
    const clients = await Promise.all(Array.from({ length: 40 }, () => connected(server.port)));
    const answers = clients.map((client) => (client === undefined ? undefined : ask(client)));
    await pause(40);
    // Four of five give up; some of them are in the node, the others wait for it.
    for (const [index, client] of clients.entries()) if (index % 5 !== 0) client?.resetAndDestroy();
    const rest = await Promise.all(answers.filter((_, index) => index % 5 === 0));
    for (const answer of rest) expect(answer?.bytes.toString("latin1")).toMatch(/^HTTP\/1.1 204 /);
    await expect.poll(() => descriptors(server), { timeout: 5_000 }).toBeLessThanOrEqual(before);
    expect((await server.stop()).code).toBe(0);
  });

  test.each(["address,undefined", "thread"])("built with --sanitize %s it has nothing to report through faults, resets and crowds", async (sanitizer) => {
    const checked = await build(web, runtime, "--sanitize", sanitizer);
    const seen = await usualWork(checked, site);
    const some = ["EINTR", "EAGAIN", "ENOMEM"];
    // What the server itself does not call is the sanitizer's, too.
    const calls = (await usually()).calls.filter((call) => !ofSanitizers.includes(call));
    await tryAll(checked, site, seen, calls.flatMap((call) => some.map((error) => ({ call, error, when: "1+3" }))));
    for (const server of [await resetEverywhere(checked, site, seen, 20), await crowded(checked, site, seen)]) {
      expect((await server.stop()).code).toBe(0);
      expect(server.output()).not.toMatch(/Sanitizer|runtime error/);
    }
    await exhaustDescriptors(checked, site, 200, 1);
  });
});
