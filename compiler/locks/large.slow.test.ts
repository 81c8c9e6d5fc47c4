/** Plans of programs as long and as deep as anybody will write, with keys everywhere: no pass may follow ways or look twice. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { planLocks } from "./plan-locks.ts";

const signature = (name: string): string => `${name} (int a, int b, int c) => (int a, int b, int c);\n`;
const rest = `include "nodes.h";\nListen () => (int a, int b, int c);\nsource Listen => Top;\ntypedef odd IsOdd;\n`;
const keys = ["a", "b", "c"] as const;

function numbered(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

const next = (index: number): string => (index === 0 ? "Top" : `N${index}`);

test.each([
  ["100,000 calls with a key", numbered(100, (outer) => {
    const names = Array.from({ length: 1000 }, (_, index) => `C${outer}_${index}`);
    return `${names.map((name, index) => `${signature(name)}atomic ${name}: {k${index % 50}[${keys[index % 3]}]};\n`).join("")}S${outer} = ${names.join(" -> ")};\n`;
  }) + `Top = ${Array.from({ length: 100 }, (_, index) => `S${index}`).join(" -> ")};\n`, false],
  ["nested 20,000 deep, 5,000 constraints", `${numbered(20_000, (index) => `${signature(`C${index}`)}${next(index)} = C${index} -> N${index + 1};\natomic C${index}: {k${index % 5000}[a]};\n`)}${signature("N20000")}`, false],
  ["1,000 that become their class, one in the other", `${numbered(1000, (index) => `${signature(`C${index}`)}${next(index)} = C${index} -> N${index + 1};\natomic ${next(index)}: {k${index}[a]};\n`)}N1000 = ${Array.from({ length: 1000 }, (_, index) => `I${index}`).join(" -> ")};\n${numbered(1000, (index) => `${signature(`I${index}`)}atomic I${index}: {k${index}[b]};\n`)}`, true],
  ["shared 10,000 deep", `${numbered(10_000, (index) => `${next(index)} = N${index + 1} -> N${index + 1};\natomic ${next(index)}: {k${index % 20}[${keys[index % 3]}]};\n`)}${signature("N10000")}`, true],
  ["20,000 dispatches", `${signature("A")}B (int a, int b, int c) => (int a, int n, int c);\natomic A: {k[a], l[b]};\natomic B: {k[a], l[b]};\n${numbered(20_000, (index) => `D${index}:[odd, _, _] = A;\nD${index}:[_, _, _] = B;\n`)}Top = ${Array.from({ length: 20_000 }, (_, index) => `D${index}`).join(" -> ")};\natomic Top: {k[a], l[b]};\n`, true],
])("%s", (_, text, isWhole) => {
  const source = { path: "large.flux", text: text + rest };
  const { value: program, diagnostics: found } = check(parse(source).value, source, "build");
  expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
  const before = process.cpuUsage();
  const { value: plan, diagnostics } = planLocks(program);
  const { user, system } = process.cpuUsage(before);
  // Two or three seconds; what is not linear takes minutes.
  expect((user + system) / 1e6).toBeLessThan(30);
  expect(diagnostics.some(({ code }) => code === "FLX0532")).toBe(isWhole);
  expect([...plan.acquires.values()].flat().some(({ wholeFor }) => wholeFor !== undefined)).toBe(isWhole);
});
