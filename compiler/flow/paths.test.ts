/** Path numbers: every path a different one, none left out, and none of it costs more than the program is long. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import type { FlowGraph } from "./flow-graph.ts";
import { enumeratePaths } from "./testing/enumerate-paths.ts";
import { everything, randomProgram } from "./testing/random-program.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000_000 });

test("every path has a number of its own, and every number is of a path", () => {
  let checked = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const program = randomProgram(seed, { ...everything, nodes: 5, locks: 0 });
      const graph = buildFlowGraph(program, planLocks(program).value);
      const total = graph.paths.units.reduce((sum, { count }) => sum + count, 0n);
      if (total > 3000n) return;
      const paths = enumeratePaths(graph, 3000);
      expect(paths?.length).toBe(Number(total));
      for (const [unit, { count, name }] of graph.paths.units.entries()) {
        const found = (paths ?? []).filter((path) => path.unit === unit);
        const numbers = found.map(({ number }) => number).sort((a, b) => (a < b ? -1 : Number(a > b)));
        expect(numbers, name).toEqual(Array.from({ length: Number(count) }, (_, index) => BigInt(index)));
      }
      checked += 1;
    }),
    { numRuns: 300 },
  );
  expect(checked).toBeGreaterThan(100);
});

/** A program whose nodes take an `int` and give one. */
function build(flow: string, ...concrete: readonly string[]): FlowGraph {
  const signatures = concrete.map((name) => `${name} (int n) => (int n);`).join("\n");
  const text = `include "nodes.h";\nListen () => (int n);\nsource Listen => Top;\ntypedef odd IsOdd;\n${signatures}\n${flow}`;
  const source = { path: "built.flux", text };
  const { value: program, diagnostics } = check(parse(source).value, source, "build");
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return buildFlowGraph(program, planLocks(program).value);
}

function numbered(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

test("sixty nodes that each use the next one twice are sixty nodes, not 2^60", () => {
  const started = performance.now();
  const graph = build(`Top = N1 -> N1;\n${numbered(59, (index) => `N${index + 1} = N${index + 2} -> N${index + 2};`)}`, "N60");
  expect(performance.now() - started).toBeLessThan(2000);
  expect(graph.blocks.length).toBeLessThan(300);
  // 2^60 calls can fail, and the flow can end well.
  expect(graph.paths.units.find(({ name }) => name === "Listen => Top")?.count).toBe((1n << 60n) + 1n);
});

test("forty dispatches in a row have their 2^40 paths counted, not followed", () => {
  const started = performance.now();
  const steps = Array.from({ length: 40 }, (_, index) => `D${index}`).join(" -> ");
  const graph = build(`Top = ${steps};\n${numbered(40, (index) => `D${index}:[odd] = A;\nD${index}:[_] = B;`)}`, "A", "B");
  expect(performance.now() - started).toBeLessThan(2000);
  const count = graph.paths.units.find(({ name }) => name === "Listen => Top")?.count ?? 0n;
  // All well: 2^40. A failure at each dispatch, or at one of its two calls, ends the path there: 3 × (2^40 - 1).
  expect(count).toBe(4n * (1n << 40n) - 3n);
});

test.each([
  ["in place", numbered(200, (index) => `D${index}:[odd] = A;\nD${index}:[_] = B;`), Array.from({ length: 200 }, (_, index) => `D${index}`)],
  ["shared", "D:[odd] = A;\nD:[_] = B;", Array.from({ length: 200 }, () => "D")],
])("two hundred dispatches %s are cut so that numbers stay under 2^62", (_, dispatches, steps) => {
  const graph = build(`Top = ${steps.join(" -> ")};\n${dispatches}`, "A", "B");
  for (const { count, starts } of graph.paths.units) {
    expect(count).toBeLessThan(1n << 62n);
    expect(starts.every(({ first }, index) => first > (starts[index - 1]?.first ?? -1n))).toBe(true);
  }
  expect(Math.max(...graph.paths.units.map(({ starts }) => starts.length))).toBeGreaterThan(2);
});

test("a round without a branch counts its path and does nothing else for it", () => {
  const graph = build("Top = A -> Twice -> Next;\nNext:[odd] = Top;\nNext:[_] = ;\nTwice = B -> B;", "A", "B");
  const kinds = graph.blocks
    .flatMap(({ label, operations, exit }) => (label.startsWith("call_") && exit.kind === "call" ? [...operations, ...exit.ok.operations] : []))
    .map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.endsWith("-path"))).toEqual([]);
  const dispatch = graph.blocks.find(({ label }) => label === "dispatch_Next")?.exit;
  const again = dispatch?.kind === "dispatch" ? (dispatch.cases[0]?.to.operations ?? []) : [];
  expect(again.map(({ kind }) => kind).filter((kind) => kind.endsWith("-path"))).toEqual(["end-path"]);
});
