/** Connections, locks, limits, timers: what a server does all day. */
import { expect, test } from "vitest";

import { metrics, pause, type Client, type Server, type Trial } from "./trial.ts";

export function serving(trial: Trial): void {
  test("serves many connections, each in its own time", async () => {
    const server = trial.start([]);
    const port = await server.port();
    const many = await Promise.all(Array.from({ length: 60 }, () => trial.connect(port)));
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(many.map((client, index) => client.ask(`echo ${round} ${index}`)));
      expect(answers).toEqual(many.map((_, index) => `${round} ${index}\n`));
    }
    await trial.endsWell(server);
  });

  test("a thread that is free serves the next connection", async () => {
    const server = trial.start([]);
    const port = await server.port();
    for (let round = 0; round < 30; round++) {
      const client = await trial.connect(port);
      expect(await client.ask("echo x")).toBe("x\n");
      client.close();
      await pause(5);
    }
    // main, the source, and a few: not one a connection.
    expect(server.threads()).toBeLessThan(12);
    await trial.endsWell(server);
  });

  test("a worker that takes connections over leaves none behind when it begins something long", async () => {
    const server = trial.start(["blocks-briefly"]);
    const port = await server.port();
    let longest = 0;
    const visit = async (visitor: number): Promise<void> => {
      for (let round = 0; round < 60; round++) {
        const since = performance.now();
        const client = await trial.connect(port);
        // All workers may be asleep at once: whoever comes then is for the source's own thread.
        const asleep = round % 10 === visitor;
        expect(await client.ask(asleep ? "sleep 400" : "echo x")).toBe(asleep ? "slept\n" : "x\n");
        client.close();
        if (!asleep) longest = Math.max(longest, performance.now() - since);
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, visitor) => visit(visitor)));
    expect(longest).toBeLessThan(350 * trial.slower);
    await trial.endsWell(server);
  });

  test("readers share, a writer excludes", async () => {
    const server = trial.start([]);
    const port = await server.port();
    const four = await Promise.all(Array.from({ length: 4 }, () => trial.connect(port)));
    const timed = async (line: string): Promise<number> => {
      const begin = performance.now();
      await Promise.all(four.map((client) => client.ask(line)));
      return performance.now() - begin;
    };
    expect(await timed("share 200")).toBeLessThan(200 * 3);
    expect(await timed("hold 200")).toBeGreaterThanOrEqual(4 * 200 - 10);
    await trial.endsWell(server);
  });

  test("a lock that is granted while the limit strikes is given back", async () => {
    const server = trial.start([]);
    const port = await server.port();
    const eight = await Promise.all(Array.from({ length: 8 }, () => trial.connect(port)));
    const answers: string[] = [];
    // Each holds it for as long as the others will wait, so grants and limits meet again and again.
    const contend = async (client: Client): Promise<void> => {
      for (let round = 0; round < 60; round++) answers.push(await client.ask("brief 1"));
    };
    await Promise.all(eight.map(contend));
    const late = answers.filter((answer) => answer === "late\n").length;
    expect(late).toBeGreaterThan(0);
    expect(answers.filter((answer) => answer === "done\n")).toHaveLength(answers.length - late);
    // A grant that was kept by nobody would stop this one.
    expect(await eight[0]?.ask("hold 1")).toBe("done\n");
    await trial.endsWell(server);
  });

  test("a failing node ends its own flow and nothing else", async () => {
    const server = trial.start([]);
    const port = await server.port();
    const [steady, failing, throwing] = [await trial.connect(port), await trial.connect(port), await trial.connect(port)];
    failing.send("fail\n");
    throwing.send("nonsense\n");
    expect(await failing.end()).toBe("");
    expect(await throwing.end()).toBe("");
    expect(await steady.ask("echo still here")).toBe("still here\n");
    await trial.endsWell(server);
  });

  test("a client that is gone does not end the server", async () => {
    const server = trial.start([]);
    const port = await server.port();
    for (let round = 0; round < 5; round++) {
      const leaving = await trial.connect(port);
      leaving.send("sleep 20\nbig 1000000\nbig 1000000\n");
      leaving.socket.resetAndDestroy();
    }
    await pause(100 * trial.slower);
    expect(await (await trial.connect(port)).ask("echo x")).toBe("x\n");
    await trial.endsWell(server);
  });

  test("a limit strikes while a flow waits", async () => {
    const server = trial.start(["timeout=100"]);
    const port = await server.port();
    const client = await trial.connect(port);
    expect(await client.ask("echo quick")).toBe("quick\n");
    client.send("echo ne");
    const begin = performance.now();
    expect(await client.end()).toBe("quick\ntimeout\n");
    expect(performance.now() - begin).toBeGreaterThanOrEqual(95);
    await trial.endsWell(server);
  });

  test("a timer ticks, and drops a tick whose predecessor is in flight", async () => {
    const metric = async (args: readonly string[]): Promise<{ started: number; dropped: number; server: Server }> => {
      const server = trial.start([...args, "--flux-metrics", "0"]);
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
    expect(punctual.started).toBeGreaterThan(25 / trial.slower);
    expect((await punctual.server.stop()).code).toBe(0);
    // 70 ms of work every 80 ms: of four ticks one is run.
    const late = await metric(["slow-tick"]);
    expect(late.started).toBeLessThan(20);
    expect(late.dropped).toBeGreaterThan(20);
    expect((await late.server.stop()).code).toBe(0);
  });
}
