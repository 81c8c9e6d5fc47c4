/** Tests of `fluxc fmt` as a person uses it: files, folders, modes, links, and what is left alone. The layout is tested in `compiler/format`. */
import { spawnSync } from "node:child_process";
import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packageFolder } from "./installed.ts";

const fluxc = join(packageFolder(), "dist/fluxc.js");
const ugly = "A=B->C; // comment\n";
const neat = "A = B -> C; // comment\n";
const wrong = "A = B ->;\n";
let folder = "";

beforeEach(() => {
  expect(existsSync(fluxc), "dist/fluxc.js is missing: run `npm run bundle`").toBe(true);
  folder = mkdtempSync(join(tmpdir(), "fluxc-fmt-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function fmt(words: readonly string[], input = ""): Said {
  const { FORCE_COLOR, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [fluxc, "fmt", ...words], { cwd: folder, input, encoding: "utf8", env: environment });
  return { code: status, stdout, stderr };
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function read(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

describe("files", () => {
  test("that change are named and written, the others are not touched", () => {
    write("a.flux", ugly);
    const path = write("b.flux", neat);
    utimesSync(path, 1, 1);
    expect(fmt(["a.flux", "b.flux"])).toEqual({ code: 0, stdout: "a.flux\n", stderr: "" });
    expect(read("a.flux")).toBe(neat);
    expect(statSync(path).mtimeMs).toBe(1000);
    expect(fmt(["a.flux", "b.flux"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("keep their modes, and nothing is left beside them", () => {
    const path = write("a.flux", ugly);
    chmodSync(path, 0o640);
    expect(fmt(["a.flux"]).code).toBe(0);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["a.flux"]);
  });

  test("behind a link are written where they are", () => {
    write("real/a.flux", ugly);
    symlinkSync("real/a.flux", join(folder, "link.flux"));
    expect(fmt(["link.flux"])).toMatchObject({ code: 0, stdout: "link.flux\n" });
    expect(read("real/a.flux")).toBe(neat);
    expect(readdirSync(folder, { withFileTypes: true }).find(({ name }) => name === "link.flux")?.isSymbolicLink()).toBe(true);
  });

  test("keep a byte-order mark and their line ends", () => {
    write("a.flux", `\uFEFF${ugly.replace("\n", "\r\n")}`);
    expect(fmt(["a.flux"]).code).toBe(0);
    expect(read("a.flux")).toBe(`\uFEFF${neat.replace("\n", "\r\n")}`);
    expect(fmt(["--check", "a.flux"]).code).toBe(0);
  });

  test("with a mistake are left alone, and the others are formatted", () => {
    write("a.flux", wrong);
    write("b.flux", ugly);
    const said = fmt(["a.flux", "b.flux"]);
    expect(said).toMatchObject({ code: 1, stdout: "b.flux\n" });
    expect(said.stderr).toMatch(/^error\[FLX0101\]: expected a node, found `;`\n --> a\.flux:1:9\n/);
    expect(read("a.flux")).toBe(wrong);
    expect(fmt(["a.flux", "--format", "short"]).stderr).toBe("a.flux:1:9: error[FLX0101]: expected a node, found `;`\n");
  });

  test("that are no text are refused as check does", () => {
    writeFileSync(join(folder, "a.flux"), Uint8Array.of(0x41, 0xff));
    expect(fmt(["a.flux"])).toMatchObject({ code: 1, stdout: "" });
    write("empty.flux", "");
    expect(fmt(["empty.flux"]).stderr).toMatch(/^error\[FLX01\d\d\]/);
  });

  test("that cannot be read are a matter of the command line", () => {
    write("b.flux", ugly);
    const said = fmt(["a.flux", "b.flux"]);
    expect(said).toMatchObject({ code: 2, stdout: "b.flux\n" });
    expect(said.stderr).toMatch(/^error\[FLX0801\]: cannot read `a\.flux`/);
  });

  test("that one may not write to are not replaced", () => {
    const path = write("a.flux", ugly);
    chmodSync(path, 0o444);
    chmodSync(folder, 0o777);
    // Root may write anywhere, so it has to be somebody else.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const said = spawnSync(process.execPath, [fluxc, "fmt", "a.flux"], { cwd: folder, encoding: "utf8", ...nobody });
    expect(said).toMatchObject({ status: 2, stdout: "" });
    expect(said.stderr).toContain("error[FLX0803]");
    expect(read("a.flux")).toBe(ugly);
    expect(readdirSync(folder)).toEqual(["a.flux"]);
  });
});

describe("--check", () => {
  test("lists what would change, and changes nothing", () => {
    write("a.flux", ugly);
    write("b.flux", neat);
    write("c.flux", ugly);
    expect(fmt(["--check", "a.flux", "b.flux", "c.flux"])).toEqual({
      code: 1, stdout: "a.flux\nc.flux\n", stderr: "note: `fluxc fmt` would change these 2 files\n",
    });
    expect(read("a.flux")).toBe(ugly);
    expect(fmt(["b.flux", "--check"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("a folder", () => {
  test("stands for the programs in it and below, each once, but not for what others put there", () => {
    for (const name of ["z.flux", "a/b.flux", "a/b.txt", "build/c.flux", "node_modules/d.flux", ".git/e.flux"]) write(name, ugly);
    expect(fmt(["z.flux", "."])).toEqual({ code: 0, stdout: "z.flux\na/b.flux\n", stderr: "" });
    expect(read("a/b.txt")).toBe(ugly);
    expect(read("build/c.flux")).toBe(ugly);
  });

  test("that a link leads back to is searched once", () => {
    write("a/b.flux", ugly);
    symlinkSync("..", join(folder, "a/up"));
    expect(fmt(["a"])).toEqual({ code: 0, stdout: "a/b.flux\n", stderr: "" });
  });

  test("without a program is told", () => {
    write("a.flux", ugly);
    mkdirSync(join(folder, "none"));
    const said = fmt(["a.flux", "none"]);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toBe("fluxc: there is no `.flux` file in `none` or below it\n");
    expect(read("a.flux")).toBe(ugly);
  });
});

describe("standard input", () => {
  test("is formatted to standard output, changed or not", () => {
    expect(fmt(["-"], ugly)).toEqual({ code: 0, stdout: neat, stderr: "" });
    expect(fmt(["-"], neat)).toEqual({ code: 0, stdout: neat, stderr: "" });
  });

  test("with a mistake gives nothing to an editor that would take it", () => {
    const said = fmt(["-"], wrong);
    expect(said).toMatchObject({ code: 1, stdout: "" });
    expect(said.stderr).toContain(" --> <stdin>:1:9\n");
  });

  test("is checked like a file", () => {
    expect(fmt(["--check", "-"], ugly)).toEqual({ code: 1, stdout: "-\n", stderr: "" });
    expect(fmt(["-", "--check"], neat)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

test.each([
  ["nothing to format", [], "`fluxc fmt` needs a FILE or a folder"],
  ["standard input and a file", ["-", "a.flux"], "`-` is standard input and stands alone"],
  ["a device", ["/dev/null"], "`/dev/null` is no file that could be replaced"],
  ["a document where there is no place for one", ["a.flux", "--format", "json"], "`--format json` is no choice"],
])("2: %s", (_, words, message) => {
  write("a.flux", ugly);
  const said = fmt(words);
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toContain(`fluxc: ${message}`);
  expect(read("a.flux")).toBe(ugly);
});

test("a name that begins with a dash stands behind `--`", () => {
  write("-a.flux", ugly);
  expect(fmt(["--", "-a.flux"])).toEqual({ code: 0, stdout: "-a.flux\n", stderr: "" });
});

test("the bundled plugin is what the package exports", async () => {
  const { exports } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { readonly exports: Readonly<Record<string, string>> };
  const plugin = (await import(join(packageFolder(), exports["./prettier"] ?? ""))) as Readonly<Record<string, unknown>>;
  const { format } = await import("prettier");
  expect(await format(ugly, { parser: "flux", plugins: [plugin as never] })).toBe(neat);
  expect(await format("Text.\n\n```flux\nA=B;\n```\n", { parser: "markdown", plugins: [plugin as never] })).toBe("Text.\n\n```flux\nA = B;\n```\n");
});

test("no other command loads Prettier", () => {
  const hook = write("hook.cjs", `
    const Module = require("node:module");
    const load = Module._load;
    Module._load = function (request, ...others) {
      if (request.includes("prettier")) process.stderr.write("loads " + request + "\\n");
      return load.call(this, request, ...others);
    };
  `);
  write("a.flux", neat);
  const loaded = (words: readonly string[]): string =>
    spawnSync(process.execPath, ["--require", hook, fluxc, ...words], { cwd: folder, encoding: "utf8" }).stderr;
  expect(loaded(["fmt", "a.flux"])).toContain("loads prettier/standalone\n");
  for (const words of [["check", "a.flux"], ["explain"], ["--help"], ["fmt", "--help"]]) expect(loaded(words)).not.toContain("loads");
});
