/** What happens when something runs out, or is wrong from the start. */
import { expect, test } from "vitest";

import { pause, until, type Trial } from "./trial.ts";

export function overload(trial: Trial): void {
  test("out of descriptors it neither spins nor floods, and goes on when there is room", async () => {
    const server = trial.start([], "ulimit -n 64");
    const port = await server.port();
    const many = await Promise.all(Array.from({ length: 120 }, () => trial.connect(port)));
    await until(() => server.stderr.includes("Too many open files"), () => server.stderr);
    const [cpu, said] = [server.cpuSeconds(), server.stderr.split("\n").length];
    await pause(1500);
    expect(server.cpuSeconds() - cpu).toBeLessThan(0.1 * trial.slower);
    expect(server.stderr.split("\n").length - said).toBeLessThanOrEqual(3);
    expect(server.stderr).toMatch(/^(trial: source Listen failed: Too many open files( \(\d+ times\))?\n)+$/);
    for (const client of many.slice(0, 100)) client.close();
    expect(await many[119]?.ask("echo x")).toBe("x\n");
    expect((await server.stop()).code).toBe(0);
  });

  test("with all threads taken the source waits", async () => {
    const server = trial.start(["--flux-threads=2"]);
    const port = await server.port();
    const [first, second, third] = [await trial.connect(port), await trial.connect(port), await trial.connect(port)];
    expect(await first.ask("echo 1")).toBe("1\n");
    expect(await second.ask("echo 2")).toBe("2\n");
    third.send("echo 3\n");
    const cpu = server.cpuSeconds();
    await pause(300);
    expect(third.received).toBe("");
    expect(server.cpuSeconds() - cpu).toBeLessThan(0.1);
    first.close();
    await until(() => third.received === "3\n", () => third.received);
    await trial.endsWell(server);
  });

  // A sanitizer reserves terabytes of address space, so they cannot be limited.
  test.runIf(!trial.sanitized)("where no thread can be made, no flow is lost and nothing spins", async () => {
    const server = trial.start(["--flux-stack", "16m"], "ulimit -v 200000");
    const port = await server.port();
    const many = await Promise.all(Array.from({ length: 40 }, () => trial.connect(port)));
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
    const port = await trial.start([]).port();
    const says = async (args: readonly string[], line: string): Promise<void> => {
      const server = trial.start(args);
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
}
