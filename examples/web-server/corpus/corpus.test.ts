/** Plays every case against our server on each runtime, and against nginx where it is installed. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build, start, type RunningServer } from "../../testing/running-server.ts";
import { cases } from "./cases/index.ts";
import { playAll, type Transcript } from "./exchange.ts";
import { isLaxer, missesOfOurs } from "./judge.ts";
import { nginxVersion, startNginx } from "./nginx.ts";
import { makeSite } from "./site.ts";

const folder = join(import.meta.dirname, "../../../runtimes");
const runtimes = readdirSync(folder).filter((name) => {
  const manifest = join(folder, name, "runtime.json");
  return existsSync(manifest) && !/"internal": true/.test(readFileSync(manifest, "utf8"));
});
const version = nginxVersion();
const site = makeSite();

let byNginx: ReadonlyMap<string, Transcript> = new Map();

beforeAll(async () => {
  if (version === undefined) {
    if (process.env["CI"] === "true") throw new Error("nginx is not installed");
    process.stdout.write(`nginx is not installed: ${cases.length} comparisons are left out\n`);
    return;
  }
  const nginx = await startNginx(site);
  byNginx = await playAll(cases, nginx.port);
  await nginx.stop();
});

test("a case has a name of its own", () => {
  const names = cases.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe.each(runtimes)("on %s", (runtime) => {
  let server: RunningServer;
  let transcripts: ReadonlyMap<string, Transcript> = new Map();

  beforeAll(async () => {
    server = await start(await build("examples/web-server/web-server.flux", runtime), "--root", site);
    transcripts = await playAll(cases, server.port);
  });

  afterAll(async () => {
    expect((await server.stop()).code).toBe(0);
  });

  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const ours = transcripts.get(one.name);
    if (ours === undefined) throw new Error("not played");
    expect(missesOfOurs(one, ours).join("\n")).toBe("");
    const theirs = byNginx.get(one.name);
    if (theirs !== undefined && one.laxer === undefined) expect(isLaxer(one, ours, theirs), "laxer than nginx").toBe(false);
  });
});
