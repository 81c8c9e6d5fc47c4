/** The example of the paper under load: on every runtime all flows end, and no increment is lost. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { findRuntimes } from "../../compiler/cli/runtimes.ts";
import { build } from "../testing/running-server.ts";

const runtimes = findRuntimes().map(({ manifest }) => manifest.name).filter((name) => name !== "test");

test.each(runtimes)("%s", async (runtime) => {
  const binary = await build("examples/both-ways/both-ways.flux", runtime);
  const { stdout, stderr } = await promisify(execFile)(binary, ["--flux-watchdog", "5s", "50000"], { timeout: 60_000 });
  expect(stderr).toBe("");
  expect(stdout).toBe("50000 flows: x is 50000, y is 50000\n");
});
