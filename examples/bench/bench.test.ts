/** The arithmetic of the benchmark and what it reads of other programs; the measuring itself is tried in the slow part. */
import { describe, expect, test } from "vitest";
import { columns, type Column } from "./figures.ts";
import { parseCallgrind } from "./instructions.ts";
import { expectEnough, parseWrk } from "./load.ts";
import type { Sample } from "./measure.ts";
import { readOptions } from "./options.ts";
import { renderPage } from "./page.ts";
import { cpuSeconds, parseOwnMemory, parseStat, type CpuTime } from "./process-facts.ts";
import { bestOf, costOf, ratioOf, type Results, type Server } from "./results.ts";
import { median, medianInterval, ratios } from "./statistics.ts";
import { parseStrace, perRequest } from "./system-calls.ts";
import { printResults } from "./tables.ts";
import { judge, outcomeOf } from "./verdict.ts";

describe("a median", () => {
  test("is the middle, or lies between the two in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  // Ranks as in tables of the sign test: n, the rank from below that the interval begins at.
  test.each([
    [6, 1],
    [8, 1],
    [9, 2],
    [12, 3],
    [20, 6],
    [30, 10],
    [70, 27],
  ])("of %i values has an interval from the value of rank %i to that of the same rank from above", (count, rank) => {
    const values = Array.from({ length: count }, (_, at) => (at * 7919) % count);
    expect(new Set(values).size).toBe(count);
    expect(medianInterval(values)).toEqual({ low: rank - 1, high: count - rank });
  });

  test("of fewer than 6 values has none", () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined();
    expect(medianInterval([])).toBeUndefined();
  });

  test("is covered by its interval as often as is said", () => {
    // Uniform numbers of a fixed generator; the median of what they are drawn from is 1/2.
    let state = 12_345;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    let covered = 0;
    for (let trial = 0; trial < 4_000; trial++) {
      const interval = medianInterval(Array.from({ length: 9 }, next));
      if (interval !== undefined && interval.low <= 0.5 && interval.high >= 0.5) covered += 1;
    }
    // 96.1 % for nine values; five standard errors either way.
    expect(covered / 4_000).toBeGreaterThan(0.945);
    expect(covered / 4_000).toBeLessThan(0.977);
  });
});

test("ratios are taken within a round, and a round without one of the two is left out", () => {
  expect(ratios([2, undefined, 9, 8], [1, 5, undefined, 4])).toEqual([2, 2]);
});

describe("what other programs print", () => {
  test("wrk, all well", () => {
    const text = `Running 2s test @ http://127.0.0.1:18101/1k.txt
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   242.68us  155.59us   4.58ms   95.91%
    Req/Sec   150.48k    13.38k  174.23k    60.00%
  299429 requests in 2.00s, 343.81MB read
Requests/sec: 149679.62
Transfer/sec:    171.87MB
`;
    expect(parseWrk(text)).toEqual({ requests: 299_429, seconds: 2, wrong: 0, late: 0 });
  });

  test("wrk, with failures", () => {
    const text = `  12 requests in 1.50m, 1.00KB read
  Socket errors: connect 1, read 20, write 300, timeout 4
  Non-2xx or 3xx responses: 5000
`;
    expect(parseWrk(text)).toEqual({ requests: 12, seconds: 90, wrong: 5321, late: 4 });
    expect(() => parseWrk("unable to connect to 127.0.0.1:1 Connection refused")).toThrow("wrk said");
  });

  test("wrk, too little to count by", () => {
    const [column] = columns;
    const load = { requests: 1_599, seconds: 2, wrong: 0, late: 0 };
    expect(() => expectEnough(load, column as Column)).toThrow("only 1599 requests");
    expectEnough({ ...load, requests: 1_600 }, column as Column);
  });

  test("strace", () => {
    const summary = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 58.65    0.116256          27      4000           sendto
 39.58    0.078466          18      4004         4 recvfrom
  1.53    0.003034          43        80           epoll_wait
------ ----------- ----------- --------- --------- ----------------
100.00    0.198228          22      8084         4 total
`;
    const counted = perRequest(parseStrace(summary), 4_000);
    expect(counted.perRequest).toBeCloseTo(2.021, 10);
    expect(Object.entries(counted.byName)).toEqual([
      ["recvfrom", 1.001],
      ["sendto", 1],
      ["epoll_wait", 0.02],
    ]);
  });

  test("callgrind: the processes of a server together", () => {
    const text = "==12== Events    : Ir\n==12== Collected : 1000\n==12==\nmore\n==13== Collected : 234\n";
    expect(parseCallgrind(text)).toBe(1_234);
    expect(parseCallgrind("==12== Killed")).toBeUndefined();
  });

  test("the kernel, of a process whose name is meant to mislead", () => {
    const stat = "77 (a) S 1 (b) S 42 77 77 0 -1 4194560 9 0 0 0 150 50 7 7 20 0 1 0 99 0 0";
    expect(parseStat(stat)).toEqual({ parent: 42, ticks: 200 });
  });

  test("the kernel, of memory", () => {
    const rollup = "Rss:  1736 kB\nPss:  274 kB\nPss_Anon:            112 kB\nPss_File:   162 kB\nPss_Shmem:             3 kB\nAnonymous: 900 kB\n";
    expect(parseOwnMemory(rollup)).toBe(115 * 1024);
    expect(parseOwnMemory("")).toBe(0);
  });
});

describe("CPU time", () => {
  const time = (ticks: number, ...threads: readonly (readonly [number, bigint])[]): CpuTime => ({ ticks, threads: new Map(threads) });

  test("is the sum over the threads, new ones included", () => {
    const [before, after] = [time(10, [1, 5_000_000n]), time(13, [1, 25_000_000n], [2, 10_500_000n])];
    expect(cpuSeconds(before, after)).toBeCloseTo(0.0305, 12);
  });

  test("is that of the processes where threads have ended", () => {
    expect(cpuSeconds(time(10, [1, 5_000_000n], [2, 90_000_000n]), time(60, [1, 6_000_000n]))).toBe(0.5);
  });
});

const server = (name: string, kind: Server["kind"], family = name, runtime?: string): Server => ({
  ...{ name, title: `title of ${name}`, kind, family },
  ...(runtime === undefined ? {} : { runtime }),
});

/** A request costs so many microseconds, by round. */
function resultsOf(costs: Readonly<Record<string, readonly (number | undefined)[]>>, servers: readonly Server[]): Results {
  const sample = (cost: number): Sample => ({ requests: 1_000, seconds: 1, cpuSeconds: cost / 1_000, late: 0 });
  return {
    date: "2026-01-01 00:00",
    machine: "none <b>",
    rounds: 8,
    seconds: 1,
    servers,
    missing: [],
    series: Object.entries(costs).map(([name, rounds]) => ({
      server: name,
      column: "1k",
      rounds: rounds.map((cost) => (cost === undefined ? undefined : sample(cost))),
    })),
  };
}

const eight = (cost: number): readonly number[] => Array.from({ length: 8 }, (_, round) => cost * (1 + round / 100));

describe("results", () => {
  const servers = [
    server("limit-epoll", "limit"),
    server("limit-threads", "limit"),
    server("flux-pool", "ours", "flux-pool", "pool"),
    server("nginx-copy", "peer", "nginx"),
    server("nginx-sendfile", "peer", "nginx"),
  ];
  const costs = { "limit-epoll": eight(4), "limit-threads": eight(6), "flux-pool": eight(4.8), "nginx-copy": eight(5.2), "nginx-sendfile": eight(6) };
  const results = resultsOf(costs, servers);

  test("are ratios within rounds, so that drift of the machine cancels out", () => {
    const ratio = ratioOf(results, "flux-pool", "limit-epoll", "1k");
    expect(ratio?.middle).toBeCloseTo(1.2, 10);
    expect(ratio?.interval?.low).toBeCloseTo(1.2, 10);
    expect(costOf(results, "limit-epoll", "1k")).toBeCloseTo(4.14, 10);
    expect(ratioOf(results, "flux-pool", "limit-epoll", "16k")).toBeUndefined();
  });

  test("take the better setting of a server", () => {
    expect(bestOf(results, "nginx", "1k")?.name).toBe("nginx-copy");
    expect(bestOf(results, "go", "1k")).toBeUndefined();
  });

  test("are judged: the limit counts, the pool reaches its figure", () => {
    const outcomes = judge(results).map(({ subject, outcome }) => `${subject}: ${outcome}`);
    expect(outcomes).toContain("title of limit-epoll counts: 1 KB, 64 connections: reached");
    expect(outcomes).toContain("title of flux-pool: 1 KB, 64 connections: reached");
    expect(outcomes).toContain("title of flux-pool: bytes an idle connection: unknown");
  });

  test("of a slow limit do not count, and that is said", () => {
    const slow = resultsOf({ ...costs, "limit-epoll": eight(4.9) }, servers);
    expect([...printResults(slow)].join("\n")).toContain("The limit servers do not count in this run");
    expect([...printResults(results)].join("\n")).not.toContain("do not count");
  });

  test("are missed only if the whole interval lies above the bound, and nothing is said of few rounds", () => {
    expect(outcomeOf({ middle: 1.3, interval: { low: 1.26, high: 1.4 }, rounds: 8 }, 1.25)).toBe("missed");
    expect(outcomeOf({ middle: 1.3, interval: { low: 1.24, high: 1.4 }, rounds: 8 }, 1.25)).toBe("undecided");
    expect(outcomeOf({ middle: 1.25, interval: { low: 1.2, high: 1.4 }, rounds: 8 }, 1.25)).toBe("reached");
    expect(outcomeOf({ middle: 9, interval: { low: 8, high: 10 }, rounds: 7 }, 1.25)).toBe("unknown");
    expect(outcomeOf(undefined, 1.25)).toBe("unknown");
  });

  test("on `event` have to be ahead of every real server", () => {
    const event = [...servers, server("flux-event", "ours", "flux-event", "event")];
    const outcome = (cost: number): string | undefined =>
      judge(resultsOf({ ...costs, "flux-event": eight(cost) }, event)).find(({ figure }) => figure === "ahead of it")?.outcome;
    expect(outcome(4.2)).toBe("reached");
    expect(outcome(5.5)).toBe("missed");
  });

  test("make a page that needs nothing else", () => {
    const page = renderPage(results, new URL("../..", import.meta.url).pathname);
    expect(page).toContain("none &lt;b&gt;");
    expect(page).toContain("1.20 (1.20 to 1.20)");
    expect(page).not.toMatch(/(?:src|href)=/);
    expect(page.match(/<script>/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    const [, data = ""] = /const plots = (.*);\n/.exec(page) ?? [];
    expect(JSON.parse(data)).toMatchObject([{ title: "1 KB, 64 connections", servers: [{ ratio: 1, rounds: eight(4).map((cost) => expect.closeTo(cost, 9)) }, {}, {}, {}, {}] }]);
  });
});

describe("options", () => {
  test("are by default everything, eight rounds, and a core each for server and load", () => {
    expect(readOptions([], 4)).toMatchObject({ rounds: 8, seconds: 1, columns, servers: [], serverCore: 3, loadCore: 0 });
  });

  test("choose columns and servers", () => {
    const options = readOptions(["--columns", "1k-close,16k", "--servers", "limit,h2o", "--measure=cpu", "--rounds", "20"], 2);
    expect(options).toMatchObject({ rounds: 20, servers: ["limit", "h2o"], measure: new Set(["cpu"]) });
    expect((options as { columns: readonly Column[] }).columns.map(({ name }) => name)).toEqual(["16k", "1k-close"]);
  });

  test.each([
    [["--rounds", "0"], "--rounds takes a number from 1, not 0"],
    [["--columns", "2k"], "no column is called 2k"],
    [["--servers", "limit,pool"], "no server is called pool"],
    [["--measure", "time"], "--measure takes cpu"],
    [["--server-core", "0"], "server and load need a core each"],
    [["--load-core", "2"], "there is no core 2"],
    [["--what"], "--what"],
  ])("%j are refused", (words, said) => {
    expect(readOptions(words, 2)).toContain(said);
  });
});
