/** Results as one page that needs no network: tables as text has them, and plots drawn by uPlot, all inside the file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unit } from "./figures.ts";
import { costs } from "./measure.ts";
import { ratioOf, seriesOf, type Results } from "./results.ts";
import { costTable, countTable, hasCounts, measuredColumns, timeTable, verdictTable, type Table } from "./tables.ts";
import { judgeLimit } from "./verdict.ts";

/** What `page/plots.js` draws; one entry a column. */
interface Plot {
  readonly title: string;
  readonly servers: readonly {
    readonly title: string;
    readonly kind: string;
    readonly ratio: number;
    readonly low: number | null;
    readonly high: number | null;
    /** Microseconds of CPU a request, by round. */
    readonly rounds: readonly (number | null)[];
  }[];
}

/** @param project the folder whose `node_modules` holds uPlot */
export function renderPage(results: Results, project: string): string {
  const uplot = join(project, "node_modules/uplot/dist");
  const page = join(project, "examples/bench/page");
  const read = (...path: readonly string[]): string => readFileSync(join(...path), "utf8");
  const fails = judgeLimit(results).some(({ outcome }) => outcome === "missed");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Servers side by side</title>
<style>
${read(uplot, "uPlot.min.css")}
${read(page, "style.css")}
</style>
</head>
<body>
<main>
<h1>Servers side by side</h1>
<p>${escape(`${results.machine}, ${results.date} UTC; rounds: ${results.rounds}, of ${results.seconds} s a server.`)}
The figure is server CPU time a request, user and system, as a multiple of the hand-written epoll server in the same round; less is better.
${fails ? "<strong>The limit servers do not count in this run: figures relative to them mean nothing.</strong>" : ""}</p>
<h2>CPU time a request, multiples of the limit</h2>
<p>Median over the rounds, with its 95 % interval. A star marks the cheaper setting of a server that has several.</p>
${results.series.length === 0 ? "<p>Not measured in this run.</p>" : renderTable(costTable(results))}
<div id="plots"></div>
${results.series.length === 0 ? "" : `<h2>CPU time a request, microseconds (requests a second)</h2>\n${renderTable(timeTable(results))}`}
${hasCounts(results) ? countSection(results) : ""}
<h2>Against the figures</h2>
${renderTable(verdictTable(results))}
${results.missing.length === 0 ? "" : `<h2>Missing</h2>\n<ul>${results.missing.map((line) => `<li>${escape(line)}</li>`).join("\n")}</ul>`}
</main>
<script>${read(uplot, "uPlot.iife.min.js")}</script>
<script>const plots = ${scriptData(plotsOf(results))};
${read(page, "plots.js")}</script>
</body>
</html>
`;
}

function countSection(results: Results): string {
  return `<h2>A request of 1 KB, and an idle connection</h2>
<p>System calls are counted by strace and instructions by callgrind, each in a run of its own.</p>
${renderTable(countTable(results))}`;
}

function plotsOf(results: Results): readonly Plot[] {
  return measuredColumns(results).map(({ name, title }) => ({
    title,
    servers: results.servers.flatMap((server) => {
      const ratio = ratioOf(results, server.name, unit, name);
      const series = seriesOf(results, server.name, name);
      if (ratio === undefined || series === undefined) return [];
      return [
        {
          title: server.title,
          kind: server.kind,
          ratio: ratio.middle,
          low: ratio.interval?.low ?? null,
          high: ratio.interval?.high ?? null,
          rounds: costs(series).map((cost) => cost ?? null),
        },
      ];
    }),
  }));
}

function renderTable([head = [], ...rows]: Table): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr${cells.includes("MISSED") ? ' class="missed"' : ""}>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table>
<thead>${row(head, "th")}</thead>
<tbody>${rows.map((cells) => row(cells, "td")).join("\n")}</tbody>
</table></div>`;
}

/** JSON that cannot end the script element it stands in. */
function scriptData(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
