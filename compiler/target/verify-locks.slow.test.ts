/** The certificate costs little where programs are large, however they nest. CPU time, so that a busy machine changes nothing. */
import { expect, test } from "vitest";
import { generateProgram } from "../bench/generate-program.ts";
import { checkOnly } from "../compile.ts";
import { planned } from "./testing/planned.ts";
import { verifyLocks } from "./verify-locks.ts";

const rest = `include "nodes.h";\nListen () => (int a);\nsource Listen => Top;\ntypedef odd IsOdd;\n`;
const signature = (name: string): string => `${name} (int a) => (int a);\n`;
const many = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join("");
const name = (index: number): string => (index === 0 ? "Top" : `N${index}`);

const nested = `${many(8000, (index) => `${signature(`C${index}`)}${name(index)} = C${index} -> N${index + 1};\natomic C${index}: {c${index % 50}};\n`)}${signature("N8000")}atomic Top: {outer};\n${rest}`;
const shared = `${many(150, (index) => `${name(index)} = A${index} -> B${index};\nA${index} = N${index + 1};\nB${index} = N${index + 1};\natomic A${index}: {c${index % 50}};\n`)}${signature("N150")}${rest}`;
const called = `Top = ${Array.from({ length: 100 }, (_, index) => `G${index}`).join(" -> ")};\n${many(100, (index) => `G${index} = ${Array.from({ length: 100 }, () => "Shared").join(" -> ")};\natomic G${index}: {g${index}};\n`)}Shared = One -> Two;\n${signature("One")}${signature("Two")}atomic One: {a};\natomic Two: {b?};\n${rest}`;
/** Every constraint of a key: of what is passed on all the way. */
const withKeys = (text: string): string => text.replaceAll(/^(atomic \w+: \{\w+\??)\}/gm, "$1[a]}");

test.each([
  ["40,000 nodes as a server has them", generateProgram(40_000)],
  ["nested 8,000 deep, a constraint at each", nested],
  ["nested 8,000 deep, a key at each", withKeys(nested)],
  ["shared 150 deep, held by one of two callers", shared],
  ["shared 150 deep, a key held by one of two callers", withKeys(shared)],
  ["10,000 callers of one node", called],
  ["10,000 callers of one node, each with a key", withKeys(called)],
])("%s", (_, text) => {
  const { value: program, diagnostics } = checkOnly({ path: "large.flux", text });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const plan = planned(program);
  verifyLocks(plan);
  const before = process.cpuUsage();
  verifyLocks(plan);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000_000).toBeLessThan(4);
});
