/** Results as text: the tables of performance, with what is reached and what is missed. */
import { columns, unit, type Column } from "./figures.ts";
import { bestOf, costOf, ratioOf, seriesOf, show, type Results, type Server } from "./results.ts";
import { judge, judgeLimit } from "./verdict.ts";

/** Everything, as lines for a terminal. */
export function* printResults(results: Results): Generator<string> {
  yield `${results.machine}, ${results.date}, rounds: ${results.rounds}, of ${results.seconds} s a server`;
  // A run may measure a part only; a table of dashes would say nothing.
  if (results.series.length > 0) yield* costSections(results);
  if (hasCounts(results)) yield* section("A request of 1 KB on a connection kept alive, and an idle connection", countTable(results));
  yield* section("Against the figures", verdictTable(results));
  const limits = judgeLimit(results);
  if (limits.some(({ outcome }) => outcome === "missed")) {
    yield "";
    yield "The limit servers do not count in this run: figures relative to them mean nothing.";
  }
  if (results.missing.length > 0) {
    yield "";
    yield "Missing:";
    for (const line of results.missing) yield `  ${line}`;
  }
}

function* costSections(results: Results): Generator<string> {
  yield* section("CPU time a request, as a multiple of limit (epoll) in the same round (95 % interval of the median)", costTable(results));
  yield* section("CPU time a request, microseconds (requests a second)", timeTable(results));
}

export function hasCounts({ servers }: Results): boolean {
  return servers.some(({ systemCalls, userInstructions, idleMemory }) => (systemCalls ?? userInstructions ?? idleMemory) !== undefined);
}

export type Table = readonly (readonly string[])[];

export function measuredColumns(results: Results): readonly Column[] {
  return columns.filter(({ name }) => results.series.some(({ column }) => column === name));
}

/** The first row is the head. */
export function costTable(results: Results): Table {
  const measured = measuredColumns(results);
  return [
    ["server", ...measured.map(({ title }) => title)],
    ...results.servers.map((server) => [server.title, ...measured.map((column) => ratioCell(results, server, column))]),
  ];
}

export function timeTable(results: Results): Table {
  const measured = measuredColumns(results);
  const cell = (server: Server, { name }: Column): string => {
    const cost = costOf(results, server.name, name);
    const rounds = seriesOf(results, server.name, name)?.rounds.filter((round) => round !== undefined) ?? [];
    if (cost === undefined) return "–";
    const speeds = rounds.map(({ requests, seconds }) => requests / seconds).toSorted((a, b) => a - b);
    return `${cost.toFixed(1)} (${Math.round(speeds[Math.floor(speeds.length / 2)] ?? 0).toLocaleString("en")}/s)`;
  };
  return [
    ["server", ...measured.map(({ title }) => title)],
    ...results.servers.map((server) => [server.title, ...measured.map((column) => cell(server, column))]),
  ];
}

export function countTable({ servers }: Results): Table {
  return [
    ["server", "system calls", "which", "user instructions", "bytes an idle connection", "the kernel's, both ends"],
    ...servers.map(({ title, systemCalls, userInstructions, idleMemory }) => [
      title,
      systemCalls?.perRequest.toFixed(2) ?? "–",
      Object.entries(systemCalls?.byName ?? {})
        .filter(([, calls]) => calls >= 0.05)
        .map(([name, calls]) => `${name} ${calls.toFixed(2)}`)
        .join(", "),
      userInstructions?.toFixed(0) ?? "–",
      idleMemory?.user.toFixed(0) ?? "–",
      idleMemory?.kernel.toFixed(0) ?? "–",
    ]),
  ];
}

export function verdictTable(results: Results): Table {
  return [
    ["what", "found", "figure", "outcome"],
    ...judge(results).map(({ subject, found, figure, outcome }) => [subject, found, figure, outcome === "missed" ? "MISSED" : outcome]),
  ];
}

/** The cheaper setting of a server that has several is marked with a star. */
function ratioCell(results: Results, server: Server, { name }: Column): string {
  const ratio = ratioOf(results, server.name, unit, name);
  if (ratio === undefined) return "–";
  const hasSettings = results.servers.filter(({ family }) => family === server.family).length > 1;
  return `${show(ratio)}${hasSettings && bestOf(results, server.family, name) === server ? " *" : ""}`;
}

function* section(title: string, [head = [], ...rows]: Table): Generator<string> {
  yield "";
  yield title;
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  yield `  ${line(head)}`;
  yield `  ${widths.map((width) => "-".repeat(width)).join("  ")}`;
  for (const row of rows) yield `  ${line(row)}`;
}
