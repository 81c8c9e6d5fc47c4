/**
 * What programs become: one folder a program, everything that is generated for it beside it. `npx vitest -u` writes what a
 * new folder lacks; read it before you commit. Some are compiled here, with every warning an error; the rest in the slow part.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generate, syntaxErrors } from "./testing/generate.ts";

const testdata = fileURLToPath(new URL("testdata/", import.meta.url));
const cases = readdirSync(testdata);
/** Where it is not `thread`. */
const runtimes: Readonly<Record<string, string>> = { offloaded: "conformance", elided: "event" };
const runtimeOf = (name: string): string => runtimes[name] ?? "thread";

describe.each(cases)("%s", (name) => {
  const folder = join(testdata, name);
  const golden = join(folder, "generated");

  test("becomes what was read before", async () => {
    const files = generate(folder, runtimeOf(name));
    for (const { path, text } of files) await expect(text).toMatchFileSnapshot(join(golden, path));
    const kept = existsSync(golden) ? readdirSync(golden, { recursive: true, encoding: "utf8" }) : [];
    expect(kept.toSorted(), "no golden file that nothing produced").toEqual(files.map(({ path }) => path).toSorted());
  });

  test("becomes the same every time", () => {
    expect(generate(folder, runtimeOf(name))).toEqual(generate(folder, runtimeOf(name)));
  });
});

describe.each(["g++", "clang++"])("%s takes", (compiler) => {
  test.each(["everything", "published", "published-c", "hello", "shared-storage", "constraints", "elided", "unreached"])("%s without a warning", (name) => {
    expect(syntaxErrors(compiler, join(testdata, name), runtimeOf(name), ["-O0", "-fsyntax-only"])).toBe("");
  });
});

test("nothing generated names a machine", () => {
  for (const name of cases) {
    for (const { text } of generate(join(testdata, name), "thread")) {
      expect(text).not.toMatch(/(?<![\w}"])\/(?:home|root|tmp|usr|work)\//);
    }
  }
});

test("what is generated differs between runtimes only where they do", () => {
  const [hello, other] = ["thread", "conformance"].map((runtime) => generate(join(testdata, "hello"), runtime)[0]?.text.split("\n") ?? []);
  const different = hello?.filter((line, index) => line !== other?.[index]) ?? [];
  expect(different).toEqual([
    expect.stringContaining("on the runtime thread"),
    '#include "thread/runtime.hpp"',
    "using worker = flux::thread::worker;",
    expect.stringContaining("flux::thread::run("),
  ]);
});

test("a CMake file is for the runtime asked for, and names the sources of the program", () => {
  const text = readFileSync(join(testdata, "published-c/generated/CMakeLists.txt"), "utf8");
  expect(text).toContain('"${FLUX_NODES}/nodes.c"');
  expect(text).toContain("LANGUAGES C CXX");
});
