/**
 * What is measured and what is to be reached: the columns of the tables, the bounds, and when the limit servers count.
 * Numbers and their names only; how they are measured stands in README.md, how they are judged in `verdict.ts`.
 */

/** One way of asking: so many clients, for an answer of so many bytes. */
export interface Column {
  readonly name: string;
  readonly title: string;
  /** Of the body of the answer. */
  readonly bytes: number;
  readonly connections: number;
  /** A connection a request; otherwise connections are kept alive. */
  readonly close: boolean;
  /** More than one: only servers that can have so many loops, or worker processes, on as many cores; the load shares the last of them. */
  readonly loops?: number;
}

export const columns: readonly Column[] = [
  { name: "1k", title: "1 KB, 64 connections", bytes: 1_024, connections: 64, close: false },
  { name: "16k", title: "16 KB, 64 connections", bytes: 16_384, connections: 64, close: false },
  { name: "100k", title: "100 KB, 64 connections", bytes: 102_400, connections: 64, close: false },
  { name: "1k-1000", title: "1 KB, 1,000 connections", bytes: 1_024, connections: 1_000, close: false },
  { name: "1k-close", title: "1 KB, a connection a request", bytes: 1_024, connections: 64, close: true },
  { name: "1k-2-loops", title: "1 KB, two loops", bytes: 1_024, connections: 64, close: false, loops: 2 },
];

/** The server whose CPU time a request is the unit of every ratio in its round. */
export const unit = "limit-epoll";

/** The most that the web server on `runtime` may cost: its ratio to `to` in the same round, by column. */
export interface Bound {
  readonly runtime: string;
  readonly to: string;
  readonly ratios: Readonly<Record<string, number>>;
  /** Bytes of user memory an idle connection, where there is a figure. */
  readonly idleBytes?: number;
  /** No real server may be cheaper in any column (see `level`). */
  readonly aheadOfPeers: boolean;
}

export const bounds: readonly Bound[] = [
  {
    runtime: "event",
    to: unit,
    ratios: { "1k": 1.08, "16k": 1.03, "100k": 1.03, "1k-1000": 1.1, "1k-close": 1.1, "1k-2-loops": 1.08 },
    idleBytes: 128,
    aheadOfPeers: true,
  },
  {
    runtime: "capriccio",
    to: unit,
    ratios: { "1k": 1.1, "16k": 1.03, "100k": 1.03, "1k-1000": 1.12, "1k-close": 1.12, "1k-2-loops": 1.1 },
    idleBytes: 192,
    aheadOfPeers: true,
  },
  {
    runtime: "pool",
    to: unit,
    ratios: { "1k": 1.25, "16k": 1.15, "100k": 1.15, "1k-1000": 1.25, "1k-close": 1.2 },
    idleBytes: 192,
    aheadOfPeers: false,
  },
  {
    runtime: "thread",
    to: "limit-threads",
    ratios: { "1k": 1.05, "16k": 1.05, "100k": 1.05, "1k-close": 1.05 },
    aheadOfPeers: false,
  },
];

/** Being level is enough here: column and peer. */
export const level: ReadonlyMap<string, string> = new Map([["16k", "lighttpd"]]);

/** The limit servers count only if the first of them is as cheap as this, in the same run. */
export const acceptance = {
  column: "1k",
  /** Its CPU time a request, as a part of nginx's (the better of its settings). */
  partOfNginx: 0.82,
  systemCalls: 2.3,
  userInstructions: 900,
} as const;

/** What the web server itself may take for a request of the first column, on runtimes that share threads. */
export const perRequest = { systemCalls: 3, userInstructions: 2_500 } as const;

/** Fewer rounds show numbers, but nothing is said to be reached or missed. */
export const roundsForVerdict = 8;

/** Connections of the idle memory table. */
export const idleConnections = 10_000;
