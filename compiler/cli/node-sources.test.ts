/** Tests of `node-sources.ts`: which files are node sources, and what tells a program from a node. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "./failure.ts";
import { definesMain, findNodeSources, protectInputs } from "./node-sources.ts";

describe("a definition of main", () => {
  test.each([
    "int main() { return 0; }",
    "int main(int argc, char **argv)\n{\n}",
    "int\nmain (void) {}",
    "auto main() -> int { return 0; }",
    "int main(int argc, char* argv[]) try { } catch (...) { }",
    "main(argc, argv) int argc; char **argv; { return 0; }",
    "#include <x>\nextern \"C\" int main(int, char**) noexcept {}",
    "// a client\nint main(int (*f)(int)) { }",
  ])("%s", (text) => expect(definesMain(text)).toBe(true));

  test.each([
    "int maintain() { return 0; }",
    "int domain() { return 0; }",
    "// int main() { }\nint A() { return 0; }",
    "/* int main() {} */",
    'const char* s = "int main() {}";',
    'const char* s = R"(int main() {})";',
    "int main(int argc, char** argv);",
    "void Server::main() { }",
    "void f() { server.main(); if (x) { } }",
    "int remain(int x) { return x; }",
  ])("is not: %s", (text) => expect(definesMain(text)).toBe(false));
});

describe("beside a program", () => {
  let folder = "";
  const put = (name: string, text = ""): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const names = (file: string, globs?: readonly string[]) => {
    const { sources, programs } = findNodeSources(file, globs);
    return { sources: sources.map((path) => basename(path)), programs: programs.map((path) => basename(path)) };
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fluxc-nodes-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("every C and C++ source is taken; what defines main is not", () => {
    const file = put("a.flux");
    for (const name of ["b.c", "a.cpp", "c.cc", "d.cxx", "e.h", "f.txt", ".g.cpp"]) put(name);
    put("client.cpp", "int main() {}");
    expect(names(file)).toEqual({ sources: ["a.cpp", "b.c", "c.cc", "d.cxx"], programs: ["client.cpp"] });
  });

  test("a second program asks for --nodes (FLX0806)", () => {
    const file = put("a.flux");
    put("b.flux");
    expect(names(file).sources).toEqual([]);
    put("a.cpp");
    expect(() => names(file)).toThrow(expect.objectContaining({ code: 2, diagnostics: [expect.objectContaining({ code: "FLX0806" })] }));
    expect(names(file, [join(folder, "a*.cpp"), join(folder, "a.*pp")]).sources).toEqual(["a.cpp"]);
  });

  test("a glob that matches nothing is refused (FLX0807)", () => {
    const file = put("a.flux");
    expect(() => names(file, [join(folder, "*.cpp")])).toThrow(Failure);
    expect(() => names(file, [join(folder, "*.cpp")])).toThrow(expect.objectContaining({ diagnostics: [expect.objectContaining({ code: "FLX0807" })] }));
  });

  test("an executable may not take the place of a source (FLX0811)", () => {
    const file = put("a.flux");
    const overwrite = (target: string) => () => protectInputs(join(folder, target), [file, put("a.cpp")]);
    expect(overwrite("a.cpp")).toThrow(expect.objectContaining({ diagnostics: [expect.objectContaining({ code: "FLX0811" })] }));
    expect(overwrite("a.flux")).toThrow(Failure);
    expect(overwrite("a")).not.toThrow();
  });
});
