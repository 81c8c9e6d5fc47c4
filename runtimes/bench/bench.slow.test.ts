/** Builds the benchmarks and sees that each prints its numbers. What they are is for a quiet machine and a person to judge. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { buildExecutable, sourcesOf } from "../core/testing/build.ts";

test.each([
  { benchmark: "locks", library: sourcesOf("core", "library"), lines: 8 },
  { benchmark: "queues", library: sourcesOf("core", "library"), lines: 18 },
  { benchmark: "handoff_on_thread", library: [...sourcesOf("core", "library"), ...sourcesOf("thread", "library")], lines: 3 },
  { benchmark: "handoff_on_pool", library: [...sourcesOf("core", "library"), ...sourcesOf("pool", "library")], lines: 3 },
  { benchmark: "handoff_on_event", library: [...sourcesOf("core", "library"), ...sourcesOf("event", "library")], lines: 3 },
  { benchmark: "threads", library: [...sourcesOf("core", "library"), ...sourcesOf("thread", "library")], lines: 2 },
])("$benchmark", { timeout: 600_000 }, async ({ benchmark, library, lines }) => {
  const executable = await buildExecutable({ sources: [`bench/${benchmark}.cpp`, ...library], flags: ["-O2"] });
  const { stdout } = await promisify(execFile)(executable);
  const line = /^.{52} +\d+\.\d ns {2}\(\d+\.\d to \d+\.\d\)$/gm;
  expect(stdout.match(line)).toHaveLength(lines);
});
