/**
 * Wrong node functions, as each C++ compiler of the machine reports them and as we say it: one folder a program, the same
 * words whichever compiler it was. `npx vitest -u` writes what a new folder lacks.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { checkOnly, compile } from "../../compile.ts";
import { report } from "../../diagnostics/report.ts";
import type { RuntimeManifest } from "../../target/manifest.ts";
import { cxxErrors, undefinedSymbols } from "./cxx-output.ts";
import { linkErrors } from "./link-errors.ts";
import { compileErrors } from "./node-errors.ts";

const testdata = fileURLToPath(new URL("testdata/", import.meta.url));
const runtimes = fileURLToPath(new URL("../../../runtimes/", import.meta.url));
const manifest = JSON.parse(readFileSync(join(runtimes, "thread/runtime.json"), "utf8")) as RuntimeManifest;
const work = mkdtempSync(join(tmpdir(), "flux-node-errors-"));
afterAll(() => rmSync(work, { recursive: true }));

const compilers = [
  { name: "g++", flags: ["-fno-diagnostics-show-caret"] },
  { name: "clang++", flags: ["-fno-caret-diagnostics", "-ferror-limit=0"] },
];

/** Compiles everything in the folder of a case and gives what was said, with the case's folder taken out of paths. */
function explained(name: string, compiler: (typeof compilers)[number]): string {
  const folder = join(testdata, name);
  const generated = join(work, `${name}-${compiler.name}`);
  mkdirSync(generated, { recursive: true });
  const source = { path: "input.flux", text: readFileSync(join(folder, "input.flux"), "utf8") };
  const nodeSources = readdirSync(folder).filter((file) => /\.(?:c|cpp)$/.test(file));
  const beside = readdirSync(folder);
  const compiled = compile(source, manifest, { beside, nodeSources: nodeSources.map((path) => ({ path, missingHeaders: [] })) });
  expect(compiled.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  for (const { path, text } of compiled.value) {
    mkdirSync(dirname(join(generated, path)), { recursive: true });
    writeFileSync(join(generated, path), text);
  }
  const written = new Set(compiled.value.map(({ path }) => path));
  const include = ["-I", folder, "-I", generated, "-I", runtimes, "-I", join(runtimes, "include")];
  const run = (words: readonly string[]): string =>
    spawnSync(compiler.name, [...words], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } }).stderr;
  const units = [join(generated, "input.cpp"), ...nodeSources.map((file) => join(folder, file))];
  const program = checkOnly(source).value;
  const read = (path: string): string | undefined => {
    for (const base of ["", `${folder}/`]) {
      try {
        return readFileSync(base + path, "utf8");
      } catch {
        continue;
      }
    }
    return undefined;
  };
  const output = units
    .map((unit) => {
      const language = unit.endsWith(".c") ? ["-x", "c"] : ["-std=c++20"];
      return run([...language, ...compiler.flags, ...include, "-c", unit, "-o", join(generated, `${relative("/", unit).replaceAll("/", "_")}.o`)]);
    })
    .join("\n");
  const isOurs = (path: string): boolean => path.startsWith(generated) || path.startsWith(runtimes) || written.has(path);
  let result = compileErrors({ program, output, isOurs, read, beside });
  if (output.trim() === "") {
    // Without a runtime much is missing: only what the program should have defined matters here.
    const linked = run([...readdirSync(generated).filter((file) => file.endsWith(".o")).map((file) => join(generated, file)), "-o", join(generated, "out")]);
    result = linkErrors({ program, output: linked, nodeSources });
  }
  return report(result.diagnostics, source, { format: "human", color: false }).replaceAll(folder + "/", "");
}

describe.each(compilers)("$name", (compiler) => {
  test.each(readdirSync(testdata))("%s", async (name) => {
    const said = explained(name, compiler);
    // Of a mistake in C++ every compiler speaks in its own words, and points to another character.
    const places = said.replaceAll(/(?<=\]: C\+\+): .*|(?<=-->.*:\d+):\d+$/gm, "").split("\n").filter((line) => /^error|-->/.test(line));
    await expect(name === "sources" ? `${places.join("\n")}\n` : said).toMatchFileSnapshot(join(testdata, name, "said.txt"));
  });
});

test("the compilers of the machine are the ones we read", () => {
  for (const { name } of compilers) expect(execFileSync(name, ["--version"], { encoding: "utf8" })).toMatch(/g\+\+|clang/);
});

describe("what a compiler prints", () => {
  test("has errors, their notes and where templates were asked for", () => {
    const output = [
      "In file included from a.h:1,",
      "/usr/include/x.h: In instantiation of 'struct box<int>':",
      "nodes.cpp:12:5:   required from here",
      "/usr/include/x.h:7:3: error: no type named ‘value’ in ‘int’",
      "nodes.cpp:3:1: note: declared here",
      "nodes.cpp:20:9: warning: unused variable 'x' [-Wunused-variable]",
      "nodes.cpp:20:9: note: of no interest",
      "web.flux:2:10: fatal error: web.h: No such file or directory",
    ].join("\n");
    expect(cxxErrors(output)).toEqual([
      {
        ...{ file: "/usr/include/x.h", line: 7, column: 3, text: "no type named 'value' in 'int'" },
        notes: [{ file: "nodes.cpp", line: 3, column: 1, text: "declared here" }],
        requiredFrom: [{ file: "nodes.cpp", line: 12, column: 5 }],
      },
      { file: "web.flux", line: 2, column: 10, text: "web.h: No such file or directory", notes: [], requiredFrom: [] },
    ]);
  });

  test("names what a linker missed, whichever linker", () => {
    const output = [
      "/usr/bin/ld: a.o: in function `call_Use':",
      "web.flux:14: undefined reference to `Use(int, bool&)'",
      "web.flux:15: undefined reference to `Use(int, bool&)'",
      "ld.lld: error: undefined symbol: Make",
    ].join("\n");
    expect(undefinedSymbols(output)).toEqual(["Use(int, bool&)", "Make"]);
  });

  test("of a line of the program, and nothing we know, is passed on unless something is known too", () => {
    const text = "source A => B;\nA () => (int x);\nB (int x) => ();";
    const { value: program } = checkOnly({ path: "web.flux", text });
    const strange = "web.flux:3:1: error: the moon is in the way [-Wmoon]\nweb.flux:3:1: note: it was there before\nlib.hpp:1:1: note: inside";
    const known = "nodes.cpp:1:1: error: no moon";
    const explain = (output: string): readonly (readonly string[])[] =>
      compileErrors({ program, output, isOurs: (path) => path === "lib.hpp", read: () => undefined }).diagnostics.map((one) => [
        ...[one.code, one.title, one.text ?? "", text.slice(one.labels[0].span.start, one.labels[0].span.end)],
      ]);
    const title = "the C++ made of this does not compile: the moon is in the way";
    expect(explain(strange)).toEqual([["FLX0617", title, "web.flux:3: it was there before", "B (int x) => ();"]]);
    expect(explain(`${strange}\n${known}`)).toEqual([["FLX0614", "C++: no moon", "", ""]]);
  });

  test("may be anything at all", () => {
    const { value: program } = checkOnly({ path: "web.flux", text: "source A => B; A () => (int x); B (int x) => ();" });
    const rubbish = ["", "\u0000", "::::: error: ", "web.flux:99999:1: error: static assertion failed: FLX0602 Nobody: expected ''", "a:1:1: error: x"];
    for (const output of rubbish) {
      const failure = { program, output, isOurs: () => false, read: () => undefined };
      expect(() => compileErrors(failure)).not.toThrow();
      expect(() => linkErrors({ program, output, nodeSources: [] })).not.toThrow();
    }
    const unplaced = compileErrors({ program, output: "cc1plus.hpp:1:1: error: x", isOurs: () => true, read: () => undefined });
    expect(unplaced).toEqual({ diagnostics: [], complete: false });
  });
});
