/** What a run found, as it is written to the JSON file and as the tables and the page are made from it. */
import type { Kind } from "./contenders.ts";
import type { IdleMemory } from "./idle-memory.ts";
import { costs, type Series } from "./measure.ts";
import { median, medianInterval, ratios, type Interval } from "./statistics.ts";
import type { SystemCalls } from "./system-calls.ts";

export interface Server {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  readonly family: string;
  readonly runtime?: string;
  /** Of a request of the first column. */
  readonly systemCalls?: SystemCalls;
  readonly userInstructions?: number;
  readonly idleMemory?: IdleMemory;
}

export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly servers: readonly Server[];
  readonly series: readonly Series[];
  /** What was left out, and why; a line each. */
  readonly missing: readonly string[];
}

export interface Ratio {
  /** The median over the rounds. */
  readonly middle: number;
  /** Nothing where there were too few rounds. */
  readonly interval?: Interval;
  readonly rounds: number;
}

/** "1.21 (1.18 to 1.24)" */
export function show({ middle, interval }: Ratio): string {
  const text = middle.toFixed(2);
  return interval === undefined ? text : `${text} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
}

export function seriesOf(results: Results, server: string, column: string): Series | undefined {
  return results.series.find((series) => series.server === server && series.column === column);
}

/** Microseconds of CPU a request: the median over the rounds. */
export function costOf(results: Results, server: string, column: string): number | undefined {
  const series = seriesOf(results, server, column);
  const known = series === undefined ? [] : costs(series).filter((cost) => cost !== undefined);
  return known.length === 0 ? undefined : median(known);
}

/** What a request costs on `server`, as a multiple of what it costs on `to` in the same round. */
export function ratioOf(results: Results, server: string, to: string, column: string): Ratio | undefined {
  const [of, unit] = [seriesOf(results, server, column), seriesOf(results, to, column)];
  if (of === undefined || unit === undefined) return undefined;
  const values = ratios(costs(of), costs(unit));
  if (values.length === 0) return undefined;
  const interval = medianInterval(values);
  return { middle: median(values), rounds: values.length, ...(interval === undefined ? {} : { interval }) };
}

/** Of the settings of one server, the one that is cheapest in the column. */
export function bestOf(results: Results, family: string, column: string): Server | undefined {
  let best: { readonly server: Server; readonly cost: number } | undefined;
  for (const server of results.servers) {
    const cost = server.family === family ? costOf(results, server.name, column) : undefined;
    if (cost !== undefined && (best === undefined || cost < best.cost)) best = { server, cost };
  }
  return best?.server;
}
