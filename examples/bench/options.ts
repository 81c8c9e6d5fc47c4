/** The words after `bench:servers`. */
import { parseArgs } from "node:util";
import { columns, roundsForVerdict, unit, type Column } from "./figures.ts";

export const parts = ["cpu", "calls", "instructions", "memory"] as const;
/** What the names of servers begin with. */
export const serverKinds = ["limit", "flux", "nginx", "lighttpd", "h2o", "go", "node"] as const;
export type Part = (typeof parts)[number];

export interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly columns: readonly Column[];
  /** Beginnings of names; none for all. */
  readonly servers: readonly string[];
  readonly measure: ReadonlySet<Part>;
  readonly serverCore: number;
  readonly loadCore: number;
  /** Where the page and the JSON go, if the default is not wanted. */
  readonly output?: string;
}

export const usage = `bench:servers [OPTIONS]

Measures the web server on every runtime against hand-written limits and real servers, prints
the tables, and writes them with plots to one page. Eight rounds of everything take a quarter of
an hour; a machine that does nothing else gives the figures.

  --quick            a minute: three rounds, two columns, limits and ours and nginx, no memory
  --rounds N         rounds of each column; verdicts take ${roundsForVerdict} (default ${roundsForVerdict})
  --seconds N        of load for each server in each round (default 1)
  --columns A,B      ${columns.map(({ name }) => name).join(", ")}
  --servers A,B      by the beginnings of their names: ${serverKinds.join(", ")};
                     ${unit} is always there, everything is measured in it
  --measure A,B      ${parts.join(", ")}
  --server-core N    where servers run (default: the last core)
  --load-core N      where load and clients run (default: the first)
  --output FOLDER    where bench-servers.html and .json go (default: build/bench)
  --help             print this and end`;

/** @returns what was asked for, or the one line that says what is wrong with it; `cores` is how many the machine has */
export function readOptions(words: readonly string[], cores: number): Options | "help" | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        quick: { type: "boolean" },
        rounds: { type: "string" },
        seconds: { type: "string" },
        columns: { type: "string" },
        servers: { type: "string" },
        measure: { type: "string" },
        "server-core": { type: "string" },
        "load-core": { type: "string" },
        output: { type: "string" },
        help: { type: "boolean" },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help === true) return "help";
  const quick = values.quick === true;

  const numbers = { rounds: quick ? 3 : roundsForVerdict, seconds: 1, "server-core": cores - 1, "load-core": 0 };
  for (const name of ["rounds", "seconds", "server-core", "load-core"] as const) {
    const text = values[name];
    if (text === undefined) continue;
    const least = name.endsWith("core") ? 0 : 1;
    if (!/^\d{1,4}$/.test(text) || Number(text) < least) return `--${name} takes a number from ${least}, not ${text}`;
    numbers[name] = Number(text);
  }
  for (const core of [numbers["server-core"], numbers["load-core"]]) {
    if (core >= cores) return `there is no core ${core}: this machine has ${cores}, counted from 0`;
  }
  if (numbers["server-core"] === numbers["load-core"]) return "server and load need a core each: see --server-core and --load-core";

  const columnNames = list(values.columns) ?? (quick ? ["1k", "1k-close"] : columns.map(({ name }) => name));
  const noColumn = columnNames.find((wanted) => columns.every(({ name }) => name !== wanted));
  if (noColumn !== undefined) return `no column is called ${noColumn}; there are ${columns.map(({ name }) => name).join(", ")}`;
  const measured = list(values.measure) ?? (quick ? ["cpu", "calls", "instructions"] : parts);
  const noPart = measured.find((wanted) => !parts.some((part) => part === wanted));
  if (noPart !== undefined) return `--measure takes ${parts.join(", ")}, not ${noPart}`;
  const noServer = list(values.servers)?.find((wanted) => !serverKinds.some((kind) => wanted.startsWith(kind) || kind.startsWith(wanted)));
  if (noServer !== undefined) return `no server is called ${noServer}; names begin with ${serverKinds.join(", ")}`;
  return {
    rounds: numbers.rounds,
    seconds: numbers.seconds,
    columns: columns.filter(({ name }) => columnNames.includes(name)),
    servers: list(values.servers) ?? (quick ? ["limit", "flux", "nginx"] : []),
    measure: new Set(parts.filter((part) => measured.includes(part))),
    serverCore: numbers["server-core"],
    loadCore: numbers["load-core"],
    ...(values.output === undefined ? {} : { output: values.output }),
  };
}

function list(text: string | undefined): readonly string[] | undefined {
  return text?.split(",").map((word) => word.trim()).filter((word) => word !== "");
}
