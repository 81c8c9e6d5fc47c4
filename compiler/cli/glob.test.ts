/** Tests of `glob.ts` on a real folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesMatching } from "./glob.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fluxc-glob-"));
  mkdirSync(join(folder, "src/deep/er"), { recursive: true });
  mkdirSync(join(folder, ".hidden"));
  for (const name of ["a.cpp", "b.cpp", "b.c", "a+b.cpp", ".dot.cpp", "src/c.cpp", "src/deep/d.cpp", "src/deep/er/e.cc", ".hidden/f.cpp"]) {
    writeFileSync(join(folder, name), "");
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["a.cpp", ["a.cpp"]],
  ["*.cpp", ["a+b.cpp", "a.cpp", "b.cpp"]],
  ["?.cpp", ["a.cpp", "b.cpp"]],
  ["[bc].c*", ["b.c", "b.cpp"]],
  ["[!b].cpp", ["a.cpp"]],
  ["a+b.cpp", ["a+b.cpp"]],
  ["{a,b}.cpp", ["a.cpp", "b.cpp"]],
  ["{a,src/c}.{cpp,c}", ["a.cpp", "src/c.cpp"]],
  ["src/**/*.cpp", ["src/c.cpp", "src/deep/d.cpp"]],
  ["**/*.cc", ["src/deep/er/e.cc"]],
  ["./src/../a.cpp", ["a.cpp"]],
  [".*.cpp", [".dot.cpp"]],
  ["src", []],
  ["nothing/*.cpp", []],
  ["(a).cpp", []],
])("%s", (pattern, expected) => {
  expect(filesMatching(join(folder, "x").slice(0, -1) + pattern)).toEqual(expected.map((name) => join(folder, name)));
});
