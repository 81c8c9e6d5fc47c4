/** What can be seen of a server from outside: options, metrics, profile, watchdog. */
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { endpoint, metrics, pause, until, type Trial } from "./trial.ts";

export function observing(trial: Trial): void {
  test("--flux-help lists the options", async () => {
    const server = trial.start(["--flux-help"]);
    expect(await server.code()).toBe(0);
    for (const option of ["threads", "stack", "drain", "metrics", "profile", "watchdog", "help"]) {
      expect(server.stdout).toContain(`  --flux-${option} `);
    }
  });

  test("it can be seen from outside", async () => {
    const server = trial.start(["--flux-metrics=0"]);
    const port = await server.port();
    const [open, failed] = [await trial.connect(port), await trial.connect(port)];
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
    const file = trial.temporary("profile.json");
    const server = trial.start(["--flux-profile", file]);
    const port = await server.port();
    const client = await trial.connect(port);
    await pause(300);
    await client.ask("hold 50");
    const begun = Promise.all([client.ask("hold 30"), trial.connect(port).then((other) => other.ask("share 20"))]);
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
    // What a flow waits for its client is no time of a node.
    expect(profile?.nodes.find(({ node }) => node === "Read")?.wallTime.sum).toBeLessThan(150_000_000);
    expect(profile?.nodes.find(({ node }) => node === "Listen")?.wallTime.sum).toBeLessThan(150_000_000);
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
    const server = trial.start(["--flux-watchdog", "300ms"]);
    const port = await server.port();
    const [holder, waiter, idle] = [await trial.connect(port), await trial.connect(port), await trial.connect(port)];
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
