/** Programs as long and as deep as anybody will write: no pass may follow ways, nest calls of its own, or look twice. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import type { Program } from "../check/program.ts";
import { check } from "../check/index.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import { verifyAlive } from "./verify-alive.ts";

const signature = (name: string): string => `${name} (int a, std::string b) => (int a, std::string b);\n`;
const rest = `include "nodes.h";\nListen () => (int a, std::string b);\nsource Listen => Top;\ntypedef odd IsOdd;\n`;

function numbered(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

const next = (index: number): string => (index === 0 ? "Top" : `N${index}`);

test.each([
  ["100,000 calls", numbered(100, (outer) => {
    const names = Array.from({ length: 1000 }, (_, index) => `C${outer}_${index}`);
    return `${names.map(signature).join("")}S${outer} = ${names.join(" -> ")};\n`;
  }) + `Top = ${Array.from({ length: 100 }, (_, index) => `S${index}`).join(" -> ")};\n`],
  ["nested 20,000 deep", `${numbered(20_000, (index) => `${signature(`C${index}`)}${next(index)} = C${index} -> N${index + 1};\n`)}${signature("N20000")}`],
  ["shared 10,000 deep, with a handler around all", `${numbered(10_000, (index) => `${next(index)} = N${index + 1} -> N${index + 1};\n`)}${signature("N10000")}handle error Top => Log;\n`],
  ["20,000 dispatches", `${signature("A")}${signature("B")}${numbered(20_000, (index) => `D${index}:[odd, _] = A;\nD${index}:[_, _] = B;\n`)}Top = ${Array.from({ length: 20_000 }, (_, index) => `D${index}`).join(" -> ")};\n`],
  ["20,000 uses of one node", `${signature("A")}Twice = A -> A;\nTop = ${Array.from({ length: 20_000 }, () => "Twice").join(" -> ")};\n`],
  ["2,000 handlers", `${numbered(2000, (index) => `${signature(`C${index}`)}handle error C${index} => H${index};\nH${index} (int a, int error) => ();\n`)}Top = ${Array.from({ length: 2000 }, (_, index) => `C${index}`).join(" -> ")};\n`],
  ["20,000 constraints in a row", `${numbered(20_000, (index) => `${signature(`C${index}`)}atomic C${index}: {l${index % 500}};\n`)}Top = ${Array.from({ length: 20_000 }, (_, index) => `C${index}`).join(" -> ")};\n`],
])("%s", (_, text) => {
  const program = checked(text + rest);
  const started = performance.now();
  const { value: plan, diagnostics } = planLocks(program);
  expect(diagnostics).toEqual([]);
  const graph = buildFlowGraph(program, plan);
  // A second or two where nothing else runs; what is not linear takes minutes.
  expect(performance.now() - started).toBeLessThan(60_000);
  expect(verifyAlive(graph)).toEqual([]);
  for (const { count } of graph.paths.units) expect(count).toBeLessThan(1n << 62n);
});

function checked(text: string): Program {
  const source = { path: "large.flux", text };
  const { value, diagnostics } = check(parse(source).value, source, "build");
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return value;
}
