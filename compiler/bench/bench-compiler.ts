/**
 * `npm run bench:compiler`: how long `fluxc check` takes, as a person waits for it: the whole process, start-up included.
 * Prints a table and says whether the figures are reached; measures nothing inside the compiler.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateProgram } from "./generate-program.ts";

interface Row {
  readonly nodes: number;
  readonly lines: number;
  /** Sorted. */
  readonly milliseconds: readonly number[];
}

/** So many nodes make a program of a thousand lines. */
const thousandLines = 576;

/** What is to be reached: the median in milliseconds. */
const figures: ReadonlyMap<number, number> = new Map([
  [thousandLines, 150],
  [100_000, 3_000],
]);

const fluxc = join(dirname(fileURLToPath(import.meta.url)), "fluxc.js");
const folder = mkdtempSync(join(tmpdir(), "fluxc-bench-"));
try {
  const bare = Array.from({ length: 9 }, () => timeOf(["-e", "0"])).toSorted(ascending);
  const rows = [10, thousandLines, 1_000, 100_000].map((nodes) => measure(nodes, nodes > 10_000 ? 3 : 9));
  print(rows, median(bare));
} finally {
  rmSync(folder, { recursive: true });
}

function measure(nodes: number, runs: number): Row {
  const file = join(folder, `${nodes}.flux`);
  const text = generateProgram(nodes);
  writeFileSync(file, text);
  const milliseconds = Array.from({ length: runs }, () => timeOf([fluxc, "check", "--deny-warnings", file])).toSorted(ascending);
  return { nodes, lines: text.split("\n").length - 1, milliseconds };
}

function timeOf(words: readonly string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${words.join(" ")} exited with ${status}:\n${stderr.slice(0, 2_000)}`);
  return performance.now() - begun;
}

function print(rows: readonly Row[], bare: number): void {
  console.log(`node alone: ${bare.toFixed(0)} ms`);
  console.log("   nodes    lines   median ms   least   most     lines/s   figure");
  for (const { nodes, lines, milliseconds } of rows) {
    const middle = median(milliseconds);
    const figure = figures.get(nodes);
    const verdict = figure === undefined ? "" : `< ${figure} ms: ${middle < figure ? "reached" : "MISSED"}`;
    const numbers = [nodes, lines, middle, milliseconds[0] ?? 0, milliseconds.at(-1) ?? 0, (lines * 1000) / middle];
    const widths = [8, 9, 12, 8, 7, 12];
    console.log(`${numbers.map((value, index) => value.toFixed(0).padStart(widths[index] ?? 0)).join("")}   ${verdict}`);
  }
  const [small, , middle, large] = rows;
  if (small === undefined || middle === undefined || large === undefined) return;
  // What a line costs beyond the start, large against middle: 1 is linear; under 1, the compiler warms up.
  const cost = (row: Row): number => (median(row.milliseconds) - median(small.milliseconds)) / (row.lines - small.lines);
  console.log(`a line among ${large.lines} costs ${(cost(large) / cost(middle)).toFixed(2)} times what it costs among ${middle.lines}`);
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function ascending(a: number, b: number): number {
  return a - b;
}
