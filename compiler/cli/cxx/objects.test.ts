/** Tests of `objects.ts`: what is compiled again, and what is not. The compiler is a shell script, so that it is quick and its calls can be counted. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileUnit, pathsIn, type Unit } from "./objects.ts";

describe("a rule that a compiler wrote", () => {
  test.each([
    ["a.o: a.cpp a.h\n", ["a.cpp", "a.h"]],
    ["a.o: a.cpp \\\n /usr/include/x.h \\\n  b.h\n", ["a.cpp", "/usr/include/x.h", "b.h"]],
    ["/t/a.o: my\\ file.cpp x\\#1.h a$$b.h\n", ["my file.cpp", "x#1.h", "a$b.h"]],
    ["c:o.o: a.cpp\n", ["a.cpp"]],
  ])("%j", (rule, paths) => expect(pathsIn(rule)).toEqual(paths));
});

describe("a unit", () => {
  let folder = "";
  const at = (name: string): string => join(folder, name);
  const long = new Date(Date.now() - 60_000);
  const put = (name: string, text: string, when = long): void => {
    writeFileSync(at(name), text);
    utimesSync(at(name), when, when);
  };
  const unit = (more: Partial<Unit> = {}): Unit => ({
    source: at("a.cpp"), object: at("objects/a.o"), words: [at("compiler")], identity: "compiler 1", ...more,
  });
  const compiled = async (one = unit()): Promise<boolean> => {
    const { outcome, worked } = await compileUnit(one);
    expect(worked).toBe(true);
    return outcome !== undefined;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fluxc-objects-"));
    mkdirSync(at("objects"));
    // Called as: compiler -MD -MF D -c SOURCE -o OBJECT
    writeFileSync(at("compiler"), `#!/bin/sh
grep -q wrong "$5" && { echo "a.cpp:1: error: wrong" >&2; exit 1; }
echo "$7: $5 ${at("a.h")}" > "$3"
cat "$5" > "$7"
`);
    chmodSync(at("compiler"), 0o755);
    put("a.cpp", "int a;");
    put("a.h", "int h;");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is compiled once", async () => {
    expect(await compiled()).toBe(true);
    expect(await compiled()).toBe(false);
    expect(readFileSync(at("objects/a.o"), "utf8")).toBe("int a;");
  });

  test("is compiled again when its source or a header changed", async () => {
    await compiled();
    put("a.cpp", "int b;");
    expect(await compiled()).toBe(true);
    put("a.h", "int i;", new Date(Date.now() - 30_000));
    expect(await compiled()).toBe(true);
    rmSync(at("a.h"));
    put("a.h", "int j;");
    expect(await compiled()).toBe(true);
    expect(await compiled()).toBe(false);
  });

  test("is not compiled again when a file was only touched", async () => {
    await compiled();
    put("a.h", "int h;", new Date(Date.now() - 30_000));
    expect(await compiled()).toBe(false);
  });

  test("is compiled again with other flags, another compiler, or without its object", async () => {
    await compiled();
    expect(await compiled(unit({ words: [at("compiler")], identity: "compiler 2" }))).toBe(true);
    expect(await compiled(unit({ identity: "compiler 2" }))).toBe(false);
    rmSync(at("objects/a.o"));
    expect(await compiled(unit({ identity: "compiler 2" }))).toBe(true);
  });

  test("that changed while it was compiled is not believed", async () => {
    put("a.cpp", "int a;", new Date(Date.now() + 5_000));
    expect(await compiled()).toBe(true);
    expect(await compiled()).toBe(true);
  });

  test("that fails leaves the old object, and nothing else", async () => {
    await compiled();
    const before = readdirSync(at("objects"));
    put("a.cpp", "wrong");
    const { worked, outcome } = await compileUnit(unit());
    expect(worked).toBe(false);
    expect(outcome?.stderr).toContain("error: wrong");
    expect(readdirSync(at("objects"))).toEqual(before);
    expect(await compileUnit(unit())).toMatchObject({ worked: false });
  });
});
