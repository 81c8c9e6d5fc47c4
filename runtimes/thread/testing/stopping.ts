/** The ways a server ends, and what it still does for its clients. */
import { expect, test } from "vitest";

import { Client, pause, until, type Trial } from "./trial.ts";

export function stopping(trial: Trial): void {
  test("with only idle connections it stops within 100 ms", async () => {
    const server = trial.start([]);
    const port = await server.port();
    const idle = await Promise.all(Array.from({ length: 50 }, () => trial.connect(port)));
    await Promise.all(idle.map((client) => client.ask("echo x")));
    const { code, milliseconds } = await server.stop();
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(100 * trial.slower);
    expect(server.stdout).toContain("finished\n");
  });

  test("reads that may block for a moment delay a stop, and a limit, no longer than that", async () => {
    const server = trial.start(["blocks-briefly", "timeout=300"]);
    const port = await server.port();
    const late = await trial.connect(port);
    const since = performance.now();
    expect(await late.end()).toBe("timeout\n");
    const waited = performance.now() - since;
    expect(waited).toBeGreaterThanOrEqual(290);
    expect(waited).toBeLessThan(300 + 100 * trial.slower);
    const busy = await Promise.all(Array.from({ length: 20 }, () => trial.connect(port)));
    await Promise.all(busy.map((client) => client.ask("echo x")));
    const { code, milliseconds } = await server.stop();
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(100 * trial.slower);
    expect(server.stdout).toContain("finished\n");
  });

  test("a stop serves what has begun: a node that runs, half a request, a backlog", async () => {
    const server = trial.start(["--flux-threads", "3"]);
    const port = await server.port();
    const [running, half, idle] = [await trial.connect(port), await trial.connect(port), await trial.connect(port)];
    await Promise.all([half, idle].map((client) => client.ask("echo x")));
    running.send("sleep 300\n");
    half.send("echo ha");
    await pause(50);
    // No thread is free for it: it stays in the backlog.
    const late = await trial.connect(port);
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
    const server = trial.start(["--flux-drain", "400ms"]);
    const port = await server.port();
    const [half, holder, waiter] = [await trial.connect(port), await trial.connect(port), await trial.connect(port)];
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
    const server = trial.start(["--flux-drain=100ms"]);
    const client = await trial.connect(await server.port());
    client.send("sleep 60000\n");
    await pause(100);
    const { code, milliseconds } = await server.stop();
    expect(code).toBe(1);
    expect(milliseconds).toBeGreaterThanOrEqual(1050);
    expect(milliseconds).toBeLessThan(3000 * trial.slower);
    expect(server.stderr).toBe("trial: stopped with 1 flows that did not end\n");
    expect(server.stdout).not.toContain("finished");
  });

  test("a second signal stops at once", async () => {
    const server = trial.start([]);
    const client = await trial.connect(await server.port());
    client.send("sleep 60000\n");
    await pause(100);
    server.process.kill("SIGINT");
    // Close together they are one.
    server.process.kill("SIGTERM");
    await pause(100);
    expect(server.process.exitCode).toBeNull();
    const { code, milliseconds } = await server.stop("SIGTERM");
    expect(code).toBe(1);
    expect(milliseconds).toBeLessThan(200 * trial.slower);
    expect(server.stderr).toBe("trial: stopped at once by a second signal, 1 flows did not end\n");
  });

  test("flux::stop() is a stop", async () => {
    const server = trial.start([]);
    const client = await trial.connect(await server.port());
    expect(await client.ask("stop")).toBe("stopping\n");
    expect(await server.code()).toBe(0);
    expect(server.stdout).toContain("finished\n");
  });

  test("a source that blocks inside delays no stop, and what it returns before is served", async () => {
    const server = trial.start(["command"]);
    await server.port();
    server.process.stdin?.write("first\nsecond\nhalf");
    await until(() => server.stdout.includes("obeyed first\n") && server.stdout.includes("obeyed second\n"), () => server.stdout);
    const { code, milliseconds } = await server.stop();
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(200 * trial.slower);
    expect(server.stdout).not.toContain("half");
    expect(server.stdout).toContain("finished\n");
    expect(server.stderr).toBe("");
  });

  test("what a source returns after the stop is no flow", async () => {
    const server = trial.start(["command"]);
    const client = await trial.connect(await server.port());
    client.send("sleep 500\n");
    await pause(100);
    const stopped = server.stop();
    await pause(100);
    server.process.stdin?.write("too late\n");
    expect((await stopped).code).toBe(0);
    expect(server.stdout).not.toContain("obeyed");
    expect(await client.end()).toBe("slept\n");
  });

  test("connections that come and go while it stops are served or refused, never lost", async () => {
    const server = trial.start([]);
    const port = await server.port();
    let answered = 0;
    let refused = 0;
    const visit = async (): Promise<void> => {
      for (;;) {
        try {
          const client = await Client.connect(port);
          trial.clients.push(client);
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
}
