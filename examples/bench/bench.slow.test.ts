/** Runs the benchmark as a person would, briefly: what it prints and writes is whole. What the numbers are is not for a test. */
import { spawn, execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Results } from "./results.ts";

const project = join(import.meta.dirname, "../..");
const bundle = join(import.meta.dirname, "build/bench-servers.js");
const run = promisify(execFile);

const folders: string[] = [];
/** A folder of its own for each test, gone afterwards. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fluxc-bench-test-"));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

beforeAll(async () => {
  const words = ["examples/bench/bench-servers.ts", "--bundle", "--platform=node", "--target=node20", "--format=esm", `--outfile=${bundle}`];
  await run(join(project, "node_modules/.bin/esbuild"), words, { cwd: project });
}, 60_000);

test("--quick measures limits, ours and nginx, and writes a page", { timeout: 600_000 }, async () => {
  const folder = temporaryFolder();
  const { stdout } = await run(process.execPath, [bundle, "--quick", "--rounds", "1", "--measure", "cpu,calls", "--output", folder]);
  expect(stdout).toMatch(/^ {2}limit \(epoll\) +1\.00 +1\.00$/m);
  const results = JSON.parse(readFileSync(join(folder, "bench-servers.json"), "utf8")) as Results;
  const ours = results.servers.filter(({ kind }) => kind === "ours");
  expect(ours.length).toBeGreaterThan(0);
  for (const { name, systemCalls } of [...ours, ...results.servers.filter(({ kind }) => kind === "limit")]) {
    expect(systemCalls?.perRequest, name).toBeGreaterThan(1.9);
    for (const column of ["1k", "1k-close"]) {
      const series = results.series.find((one) => one.server === name && one.column === column);
      expect(series?.rounds[0]?.cpuSeconds, `${name} ${column}`).toBeGreaterThan(0.01);
    }
  }
  expect(readFileSync(join(folder, "bench-servers.html"), "utf8")).toContain("</html>");
});

test("an idle connection's memory is measured", { timeout: 300_000 }, async () => {
  const folder = temporaryFolder();
  await run(process.execPath, [bundle, "--servers", "limit", "--measure", "memory", "--output", folder]);
  const results = JSON.parse(readFileSync(join(folder, "bench-servers.json"), "utf8")) as Results;
  const memory = (name: string): number | undefined => results.servers.find((server) => server.name === name)?.idleMemory?.user;
  expect(memory("limit-epoll")).toBeLessThan(64);
  // A thread has a stack of which some pages are touched.
  expect(memory("limit-threads")).toBeGreaterThan(4_096);
});

test("Ctrl-C leaves no server and no folder behind", { timeout: 120_000 }, async () => {
  const temporary = temporaryFolder();
  chmodSync(temporary, 0o755); // servers run as nobody
  const words = [bundle, "--servers", "limit", "--columns", "1k", "--measure", "cpu", "--rounds", "50"];
  const bench = spawn(process.execPath, words, { env: { ...process.env, TMPDIR: temporary }, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(bench, "exit");
  let said = "";
  bench.stderr.on("data", (part: Buffer) => (said += part.toString()));
  await expect.poll(() => said, { timeout: 60_000, interval: 100 }).toContain("round 1 of 50");
  expect(serversFrom(temporary)).toHaveLength(3);
  bench.kill("SIGINT");
  await exited;
  await expect.poll(() => serversFrom(temporary)).toEqual([]);
  expect(readdirSync(temporary).filter((name) => name.startsWith("fluxc-bench-"))).toEqual([]);
});

/** The processes whose program lies in the folder. */
function serversFrom(folder: string): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "latin1").startsWith(folder);
    } catch {
      return false;
    }
  });
}
