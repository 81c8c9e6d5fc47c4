/** What the thread runtime promises, asked of a real server by real clients. Run for every variant of the build. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { Client, Server, buildTrial, pause, until, type Variant } from "./trial.ts";

export function describeTrial(variant: Variant): void {
  const slower = variant.sanitized === true ? 5 : 1;

  describe(`thread-per-connection, ${variant.name}`, { timeout: 120_000 * slower, retry: 1 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "flux-thread-"));
    let executable = "";
    const servers: Server[] = [];
    const clients: Client[] = [];

    beforeAll(async () => {
      executable = await buildTrial(variant);
    }, 900_000);
    afterAll(() => rmSync(folder, { recursive: true }));
    afterEach(() => {
      for (const client of clients.splice(0)) client.close();
      for (const server of servers.splice(0)) server.process.kill("SIGKILL");
    });

    function start(args: readonly string[], limit?: string): Server {
      const server = new Server(executable, args, limit);
      servers.push(server);
      return server;
    }

    async function connect(port: number): Promise<Client> {
      const client = await Client.connect(port);
      clients.push(client);
      return client;
    }

    /** A sanitizer reports on stderr and may change the exit code. */
    async function endsWell(server: Server): Promise<void> {
      const { code } = await server.stop();
      expect(server.stderr).toBe("");
      expect(code).toBe(0);
      expect(server.stdout).toContain("finished\n");
    }

    test("serves many connections, each in its own time", async () => {
      const server = start([]);
      const port = await server.port();
      const many = await Promise.all(Array.from({ length: 60 }, () => connect(port)));
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all(many.map((client, index) => client.ask(`echo ${round} ${index}`)));
        expect(answers).toEqual(many.map((_, index) => `${round} ${index}\n`));
      }
      await endsWell(server);
    });

    test("a thread that is free serves the next connection", async () => {
      const server = start([]);
      const port = await server.port();
      for (let round = 0; round < 30; round++) {
        const client = await connect(port);
        expect(await client.ask("echo x")).toBe("x\n");
        client.close();
        await pause(5);
      }
      // main, the source, and a few: not one a connection.
      expect(server.threads()).toBeLessThan(12);
      await endsWell(server);
    });

    test("readers share, a writer excludes", async () => {
      const server = start([]);
      const port = await server.port();
      const four = await Promise.all(Array.from({ length: 4 }, () => connect(port)));
      const timed = async (line: string): Promise<number> => {
        const begin = performance.now();
        await Promise.all(four.map((client) => client.ask(line)));
        return performance.now() - begin;
      };
      expect(await timed("share 200")).toBeLessThan(200 * 3);
      expect(await timed("hold 200")).toBeGreaterThanOrEqual(4 * 200 - 10);
      await endsWell(server);
    });

    test("a failing node ends its own flow and nothing else", async () => {
      const server = start([]);
      const port = await server.port();
      const [steady, failing, throwing] = [await connect(port), await connect(port), await connect(port)];
      failing.send("fail\n");
      throwing.send("nonsense\n");
      expect(await failing.end()).toBe("");
      expect(await throwing.end()).toBe("");
      expect(await steady.ask("echo still here")).toBe("still here\n");
      await endsWell(server);
    });

    test("a client that is gone does not end the server", async () => {
      const server = start([]);
      const port = await server.port();
      for (let round = 0; round < 5; round++) {
        const leaving = await connect(port);
        leaving.send("sleep 20\nbig 1000000\nbig 1000000\n");
        leaving.socket.resetAndDestroy();
      }
      await pause(100 * slower);
      expect(await (await connect(port)).ask("echo x")).toBe("x\n");
      await endsWell(server);
    });

    test("a limit strikes while a flow waits", async () => {
      const server = start(["timeout=100"]);
      const port = await server.port();
      const client = await connect(port);
      expect(await client.ask("echo quick")).toBe("quick\n");
      client.send("echo ne");
      const begin = performance.now();
      expect(await client.end()).toBe("quick\ntimeout\n");
      expect(performance.now() - begin).toBeGreaterThanOrEqual(95);
      await endsWell(server);
    });

    test("with only idle connections it stops within 100 ms", async () => {
      const server = start([]);
      const port = await server.port();
      const idle = await Promise.all(Array.from({ length: 50 }, () => connect(port)));
      await Promise.all(idle.map((client) => client.ask("echo x")));
      const { code, milliseconds } = await server.stop();
      expect(code).toBe(0);
      expect(milliseconds).toBeLessThan(100 * slower);
      expect(server.stdout).toContain("finished\n");
    });

    test("a stop serves what has begun: a node that runs, half a request, a backlog", async () => {
      const server = start(["--flux-threads", "3"]);
      const port = await server.port();
      const [running, half, idle] = [await connect(port), await connect(port), await connect(port)];
      await Promise.all([half, idle].map((client) => client.ask("echo x")));
      running.send("sleep 300\n");
      half.send("echo ha");
      await pause(50);
      // No thread is free for it: it stays in the backlog.
      const late = await connect(port);
      late.send("echo late\n");
      await pause(50);
      const stopped = server.stop();
      expect(await idle.end()).toBe("x\n");
      expect(await late.end()).toBe("late\n");
      half.send("lf\n");
      expect(await half.end()).toBe("x\nhalf\n");
      expect(await running.end()).toBe("slept\n");
      expect((await stopped).code).toBe(0);
      expect(server.stderr).toBe("");
      await expect(Client.connect(port)).rejects.toThrow("ECONNREFUSED");
    });

    test("at the end of the drain what is parked is destroyed and releases what it holds", async () => {
      const server = start(["--flux-drain", "400ms"]);
      const port = await server.port();
      const [half, holder, waiter] = [await connect(port), await connect(port), await connect(port)];
      half.send("echo ha");
      holder.send("hold 700\n");
      await pause(100);
      waiter.send("share 1\n");
      await pause(50);
      const { code, milliseconds } = await server.stop();
      // The node that held the lock ended in the second after; then its flow would have gone on.
      expect(await holder.end()).toBe("done\nabandoned\n");
      expect(await half.end()).toBe("abandoned\n");
      expect(await waiter.end()).toBe("abandoned\n");
      expect(code).toBe(1);
      expect(milliseconds).toBeGreaterThanOrEqual(350);
      expect(server.stderr).toBe("trial: stopped with 3 flows that did not end\n");
      expect(server.stdout).toContain("finished\n");
    });

    test("a node that does not return is left after one second more, and finish is not called", async () => {
      const server = start(["--flux-drain=100ms"]);
      const client = await connect(await server.port());
      client.send("sleep 60000\n");
      await pause(100);
      const { code, milliseconds } = await server.stop();
      expect(code).toBe(1);
      expect(milliseconds).toBeGreaterThanOrEqual(1050);
      expect(milliseconds).toBeLessThan(3000 * slower);
      expect(server.stderr).toBe("trial: stopped with 1 flows that did not end\n");
      expect(server.stdout).not.toContain("finished");
    });

    test("a second signal stops at once", async () => {
      const server = start([]);
      const client = await connect(await server.port());
      client.send("sleep 60000\n");
      await pause(100);
      server.process.kill("SIGINT");
      await pause(100);
      expect(server.process.exitCode).toBeNull();
      const { code, milliseconds } = await server.stop("SIGTERM");
      expect(code).toBe(1);
      expect(milliseconds).toBeLessThan(200 * slower);
      expect(server.stderr).toBe("trial: stopped at once by a second signal, 1 flows did not end\n");
    });

    test("flux::stop() is a stop", async () => {
      const server = start([]);
      const client = await connect(await server.port());
      expect(await client.ask("stop")).toBe("stopping\n");
      expect(await server.code()).toBe(0);
      expect(server.stdout).toContain("finished\n");
    });

    test("a source that blocks inside delays no stop, and what it returns before is served", async () => {
      const server = start(["command"]);
      await server.port();
      server.process.stdin?.write("first\nsecond\nhalf");
      await until(() => server.stdout.includes("obeyed second\n"), () => server.stdout);
      const { code, milliseconds } = await server.stop();
      expect(code).toBe(0);
      expect(milliseconds).toBeLessThan(200 * slower);
      expect(server.stdout).toContain("obeyed first\nobeyed second\nfinished\n");
      expect(server.stderr).toBe("");
    });

    test("what a source returns after the stop is no flow", async () => {
      const server = start(["command"]);
      const client = await connect(await server.port());
      client.send("sleep 500\n");
      await pause(100);
      const stopped = server.stop();
      await pause(100);
      server.process.stdin?.write("too late\n");
      expect((await stopped).code).toBe(0);
      expect(server.stdout).not.toContain("obeyed");
      expect(await client.end()).toBe("slept\n");
    });

    test("a timer ticks, and drops a tick whose predecessor is in flight", async () => {
      const metric = async (args: readonly string[]): Promise<{ started: number; dropped: number; server: Server }> => {
        const server = start([...args, "--flux-metrics", "0"]);
        await server.port();
        const before = await metrics(server);
        await pause(1000);
        const after = await metrics(server);
        const value = (text: string, name: string): number => Number(new RegExp(`^${name}\\{source="Tick"\\} (\\d+)$`, "m").exec(text)?.[1]);
        const grown = (name: string): number => value(after, name) - value(before, name);
        return { started: grown("flux_flows_started_total"), dropped: grown("flux_timer_drops_total"), server };
      };
      const punctual = await metric(["tick"]);
      expect(punctual.started + punctual.dropped).toBeGreaterThan(44);
      expect(punctual.started + punctual.dropped).toBeLessThan(62);
      expect(punctual.started).toBeGreaterThan(25 / slower);
      expect((await punctual.server.stop()).code).toBe(0);
      // 70 ms of work every 80 ms: of four ticks one is run.
      const late = await metric(["slow-tick"]);
      expect(late.started).toBeLessThan(20);
      expect(late.dropped).toBeGreaterThan(20);
      expect((await late.server.stop()).code).toBe(0);
    });

    test("out of descriptors it neither spins nor floods, and goes on when there is room", async () => {
      const server = start([], "ulimit -n 64");
      const port = await server.port();
      const many = await Promise.all(Array.from({ length: 120 }, () => connect(port)));
      await until(() => server.stderr.includes("Too many open files"), () => server.stderr);
      const [cpu, said] = [server.cpuSeconds(), server.stderr.split("\n").length];
      await pause(1500);
      expect(server.cpuSeconds() - cpu).toBeLessThan(0.1 * slower);
      expect(server.stderr.split("\n").length - said).toBeLessThanOrEqual(3);
      expect(server.stderr).toMatch(/^(trial: source Listen failed: Too many open files \(\d+ times\)\n)+$/);
      for (const client of many.slice(0, 100)) client.close();
      expect(await many[119]?.ask("echo x")).toBe("x\n");
      expect((await server.stop()).code).toBe(0);
    });

    test("with all threads taken the source waits", async () => {
      const server = start(["--flux-threads=2"]);
      const port = await server.port();
      const [first, second, third] = [await connect(port), await connect(port), await connect(port)];
      expect(await first.ask("echo 1")).toBe("1\n");
      expect(await second.ask("echo 2")).toBe("2\n");
      third.send("echo 3\n");
      const cpu = server.cpuSeconds();
      await pause(300);
      expect(third.received).toBe("");
      expect(server.cpuSeconds() - cpu).toBeLessThan(0.1);
      first.close();
      await until(() => third.received === "3\n", () => third.received);
      await endsWell(server);
    });

    // A sanitizer reserves terabytes of address space, so they cannot be limited.
    test.runIf(variant.sanitized !== true)("where no thread can be made, no flow is lost and nothing spins", async () => {
      const server = start(["--flux-stack", "16m"], "ulimit -v 200000");
      const port = await server.port();
      const many = await Promise.all(Array.from({ length: 40 }, () => connect(port)));
      for (const [index, client] of many.entries()) client.send(`echo ${index}\n`);
      await until(() => server.stderr.includes("no thread for a new flow"), () => server.stderr);
      const cpu = server.cpuSeconds();
      await pause(1000);
      expect(server.cpuSeconds() - cpu).toBeLessThan(0.1);
      // Each that leaves makes room for the next, until all were answered.
      for (const [index, client] of many.entries()) {
        await until(() => client.received === `${index}\n`, () => `client ${index} has \`${client.received}\``);
        client.close();
      }
      expect((await server.stop()).code).toBe(0);
    });

    test("a port in use, a bad option and a failing init are one line and exit 1", async () => {
      const port = await start([]).port();
      const says = async (args: readonly string[], line: string): Promise<void> => {
        const server = start(args);
        expect(await server.code()).toBe(1);
        expect(server.stderr).toBe(line);
      };
      await says([`port=${port}`], `trial: cannot listen on 127.0.0.1:${port}: Address already in use\n`);
      await says(["--flux-metrics", `${port}`], `trial: cannot serve metrics on 127.0.0.1:${port}: Address already in use\n`);
      await says(["--flux-profile", "/does/not/exist"], "trial: cannot write /does/not/exist: No such file or directory\n");
      await says(["--flux-treads", "3"], "trial: unknown option --flux-treads: did you mean --flux-threads?\n");
      await says(["fail-init"], "trial: init failed with 3\n");
      await says(["throw-init"], "trial: init is not in the mood\n");
    });

    test("--flux-help lists the options", async () => {
      const server = start(["--flux-help"]);
      expect(await server.code()).toBe(0);
      for (const option of ["threads", "stack", "drain", "metrics", "profile", "watchdog", "help"]) {
        expect(server.stdout).toContain(`  --flux-${option} `);
      }
    });

    test("it can be seen from outside", async () => {
      const server = start(["--flux-metrics=0"]);
      const port = await server.port();
      const [open, failed] = [await connect(port), await connect(port)];
      await open.ask("echo x");
      failed.send("fail\n");
      await failed.end();
      const lines = (await metrics(server)).split("\n");
      expect(lines).toContain('flux_flows_started_total{source="Listen"} 2');
      expect(lines).toContain('flux_flows_failed_total{source="Listen"} 1');
      expect(lines).toContain('flux_flows_in_flight{source="Listen"} 1');
      expect(lines).toContain('flux_node_failures_total{node="Other",error="EIO"} 1');
      expect(await (await fetch(`${endpoint(server)}/healthz`)).text()).toBe("ok\n");
      expect((await fetch(`${endpoint(server)}/readyz`)).status).toBe(200);
      open.send("sleep 400\n");
      await pause(50);
      const stopped = server.stop();
      await pause(50);
      expect((await fetch(`${endpoint(server)}/readyz`)).status).toBe(503);
      expect((await fetch(`${endpoint(server)}/healthz`)).status).toBe(200);
      expect((await stopped).code).toBe(0);
    });

    test("a profile says what each node, lock and path took", async () => {
      const file = join(folder, `profile-${servers.length}-${Date.now()}.json`);
      const server = start(["--flux-profile", file]);
      const port = await server.port();
      const client = await connect(port);
      await client.ask("hold 50");
      const begun = Promise.all([client.ask("hold 30"), connect(port).then((other) => other.ask("share 20"))]);
      await begun;
      await client.ask("echo x");
      server.process.kill("SIGUSR1");
      await until(() => readable(file) !== undefined, () => "no profile");
      const early = readable(file);
      expect(early?.nodes.find(({ node }) => node === "Other")?.wallTime.count).toBe(1);
      await client.ask("echo y");
      expect((await server.stop()).code).toBe(0);
      const profile = readable(file);
      expect(profile?.runtime).toBe("thread");
      expect(profile?.nodes.map(({ node, line }) => `${node}:${line}`)).toContain("Hold:6");
      const hold = profile?.nodes.find(({ node }) => node === "Hold")?.wallTime;
      expect(hold?.count).toBe(2);
      expect(hold?.sum).toBeGreaterThanOrEqual(80_000_000);
      const cache = profile?.constraints.find(({ constraint }) => constraint === "cache");
      expect(cache?.write.hold.count).toBe(2);
      expect(cache?.write.hold.sum).toBeGreaterThanOrEqual(80_000_000);
      expect(cache?.read.hold.count).toBe(1);
      expect(cache?.read.wait.count).toBe(1);
      const paths = profile?.paths.counts ?? [];
      expect(paths.find(({ unit, path }) => unit === "round of Serve" && path === "1")?.count).toBe(5);
      expect(profile?.sources[0]?.started).toBe(2);
      expect(profile?.sources[0]?.interArrival.count).toBe(1);
      expect(profile?.sources[0]?.flowTime.count).toBe(2);
    });

    test("the watchdog names who waits and who holds", async () => {
      const server = start(["--flux-watchdog", "300ms"]);
      const port = await server.port();
      const [holder, waiter, idle] = [await connect(port), await connect(port), await connect(port)];
      await idle.ask("echo x");
      holder.send("hold 1500\n");
      await pause(100);
      waiter.send("share 1\n");
      await until(() => server.stderr.includes("waits for"), () => server.stderr);
      const lines = server.stderr.split("\n").filter((line) => line !== "");
      expect(lines).toContainEqual(
        expect.stringMatching(/^trial: a flow of `Listen` made no progress for 0\.\d s: it is inside `Hold` \(trial\.flux:6\), holding `cache` as writer$/),
      );
      expect(lines).toContainEqual(
        expect.stringMatching(
          /^trial: a flow of `Listen` made no progress for 0\.\d s: it waits for `cache` as reader before `Share` \(trial\.flux:7\); held by a flow of `Listen` as writer, which is inside `Hold` \(trial\.flux:6\)$/,
        ),
      );
      expect(server.stderr).not.toContain("`Read`");
      await until(() => waiter.received === "done\n", () => waiter.received);
      expect((await server.stop()).code).toBe(0);
    });

    test("connections that come and go while it stops are served or refused, never lost", async () => {
      const server = start([]);
      const port = await server.port();
      let answered = 0;
      let refused = 0;
      const visit = async (): Promise<void> => {
        for (;;) {
          try {
            const client = await Client.connect(port);
            clients.push(client);
            // After the stop a connection may end without an answer: nothing of its request had arrived.
            const answer = await client.ask("echo x");
            expect(["x\n", ""]).toContain(answer);
            if (answer !== "") answered++;
            client.close();
          } catch (error) {
            refused++;
            expect(String(error)).toMatch(/ECONNREFUSED|ECONNRESET/);
            return;
          }
        }
      };
      const visits = Array.from({ length: 8 }, visit);
      await until(() => answered > 200, () => `${answered} answers`);
      const { code } = await server.stop();
      await Promise.all(visits);
      expect(code).toBe(0);
      expect(refused).toBe(8);
      expect(server.stderr).toBe("");
    });
  });
}

interface Times {
  readonly count: number;
  readonly sum: number;
}

interface Profile {
  readonly runtime: string;
  readonly sources: readonly { readonly started: number; readonly interArrival: Times; readonly flowTime: Times }[];
  readonly nodes: readonly { readonly node: string; readonly line: number; readonly wallTime: Times }[];
  readonly constraints: readonly {
    readonly constraint: string;
    readonly read: { readonly wait: Times; readonly hold: Times };
    readonly write: { readonly wait: Times; readonly hold: Times };
  }[];
  readonly paths: { readonly counts: readonly { readonly unit: string; readonly path: string; readonly count: number }[] };
}

function readable(file: string): Profile | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return text === "" ? undefined : (JSON.parse(text) as Profile);
  } catch {
    return undefined;
  }
}

function endpoint(server: Server): string {
  const url = /metrics on (http:\/\/127\.0\.0\.1:\d+)\/metrics/.exec(server.stderr)?.[1];
  if (url === undefined) throw new Error(`no endpoint: ${server.stderr}`);
  return url;
}

async function metrics(server: Server): Promise<string> {
  const response = await fetch(`${endpoint(server)}/metrics`);
  expect(response.status).toBe(200);
  return response.text();
}
