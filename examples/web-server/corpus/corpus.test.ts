/** Plays every case against our server on each runtime, and against nginx where it is installed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { build, start } from "../../testing/running-server.ts";
import { cases } from "./cases/index.ts";
import { breaches, rules } from "./every-answer.ts";
import { isLaxer, missesOfOurs, summary } from "./judge.ts";
import { nginxVersion, startNginx } from "./nginx.ts";
import { runtimes } from "./runtimes.ts";
import { makeSite } from "./site.ts";
import { columnOf, recorded, render } from "./table.ts";
import { playAll } from "./testing/exchange.ts";
import type { Transcript } from "./transcript.ts";

type Transcripts = ReadonlyMap<string, Transcript>;

const version = nginxVersion();
const site = makeSite();

// Whoever asks first plays them; a filter that leaves a runtime out builds nothing for it.
const ofOurs = new Map<string, Promise<Transcripts>>();
let ofNginx: Promise<Transcripts> | undefined;

function playOurs(runtime: string): Promise<Transcripts> {
  const played = ofOurs.get(runtime) ?? play();
  ofOurs.set(runtime, played);
  return played;

  async function play(): Promise<Transcripts> {
    const server = await start(await build("examples/web-server/web-server.flux", runtime), "--root", site);
    try {
      return await playAll(cases, server.port);
    } finally {
      expect((await server.stop()).code).toBe(0);
    }
  }
}

async function playNginx(): Promise<Transcripts> {
  if (version === undefined) {
    if (process.env["CI"] === "true") throw new Error("nginx is not installed");
    process.stdout.write(`nginx is not installed: ${cases.length} comparisons are left out\n`);
    return new Map();
  }
  const nginx = await startNginx(site);
  try {
    return await playAll(cases, nginx.port);
  } finally {
    await nginx.stop();
  }
}

test("a case has a name of its own", () => {
  const names = [...cases, ...rules].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe.each(runtimes)("on %s", (runtime) => {
  let ours: Transcripts = new Map();
  let theirs: Transcripts = new Map();

  beforeAll(async () => {
    // One after the other: a case may wait as long as it wants, but not for the other server.
    theirs = await (ofNginx ??= playNginx());
    ours = await playOurs(runtime);
  }, 600_000);

  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const transcript = ours.get(one.name);
    if (transcript === undefined) throw new Error("not played");
    expect(missesOfOurs(one, transcript).join("\n")).toBe("");
    const other = theirs.get(one.name);
    if (other !== undefined && one.laxer === undefined) expect(isLaxer(one, transcript, other), "laxer than nginx").toBe(false);
  });

  test.each(rules.map((rule) => [rule.name, rule] as const))("%s", (_, rule) => {
    expect(breaches(rule, cases, ours)).toEqual([]);
  });

  // A reset could take an answer back that was sent before (9112, 9.6), so a server closes in stages.
  test("no connection ends with a reset", () => {
    expect(cases.filter(({ name }) => ours.get(name)?.reset === true).map(({ name }) => name)).toEqual([]);
  });

  test("as on every other runtime", async () => {
    const first = await playOurs(runtimes[0] ?? runtime);
    const differing = cases.filter(({ name }) => summaryOf(ours, name) !== summaryOf(first, name));
    expect(differing.map(({ name }) => `${name}: ${summaryOf(ours, name)} and ${summaryOf(first, name)}`)).toEqual([]);
  });
});

test("the table is what was played", async () => {
  const readme = join(import.meta.dirname, "README.md");
  const [above = "", line = "", below = ""] = readFileSync(readme, "utf8").split(/(<!-- Everything below .* -->\n)/);
  const theirs = await (ofNginx ??= playNginx());
  const ours = columnOf(await playOurs(runtimes[0] ?? ""), true);
  const known = /nginx ([\d.]+):/.exec(below)?.[1];
  const keep = version === undefined || (known !== undefined && known !== version);
  const table = render(ours, keep ? recorded(below) : columnOf(theirs, false), (keep ? known : version) ?? "");
  await expect(`${above}${line}\n${table}`).toMatchFileSnapshot(readme);
}, 600_000);

function summaryOf(transcripts: Transcripts, name: string): string {
  const transcript = transcripts.get(name);
  return transcript === undefined ? "not played" : summary(transcript);
}
