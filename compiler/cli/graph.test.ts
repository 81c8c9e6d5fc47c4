/** Tests of `fluxc graph` as a person uses it: files and streams, the layout of the real Graphviz, what is said of mistakes. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateProgram } from "../bench/generate-program.ts";
import { packageFolder } from "./installed.ts";

let folder = "";
const data = (name: string): string => join(packageFolder(), "compiler/graph/testdata", name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fluxc-graph-"));
  for (const name of ["lines.flux", "lines.profile.json", "everything.flux"]) cpSync(data(name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

function graph(words: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(packageFolder(), "dist/fluxc.js"), "graph", ...words], {
    cwd: folder, input, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, stdout, stderr };
}

/** Elements that are closed in order, attributes that are quoted and stand once, no bare ampersand: what a parser of XML asks for first. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, close, name = "", attributes = "", empty] of xml.matchAll(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const names = [...attributes.matchAll(/([\w:-]+)="/g)].map(([, attribute]) => attribute);
    expect(new Set(names).size).toBe(names.length);
    if (close === "/") expect(open.pop()).toBe(name);
    else if (empty !== "/") open.push(name);
  }
  expect(open).toEqual([]);
  expect(xml.replaceAll(/<\/?[\w:]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, "")).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot);)/);
}

describe("svg", () => {
  test("is the same each time, well-formed, and says in words what it shows", () => {
    const { code, stdout, stderr } = graph(["everything.flux"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectWellFormed(stdout);
    expect(stdout).toMatch(/^<svg [^>]*role="img" aria-labelledby="title description"/);
    expect(stdout).toContain("<title id=\"title\">The flows of everything</title>");
    expect(stdout).toContain("Source Listen (at most 10,000 in flight; session: SessionOf; waits: readable listener): starts Read.");
    expect(stdout).toContain("@media (prefers-color-scheme: dark)");
    for (const words of ["holds bucket[key]", "one of 8 db", "within 2 min", "may block", "every 50 ms", "1: quit", "drawn once, used often", "any other failure"]) {
      expect(stdout).toContain(words);
    }
    expect(graph(["everything.flux"]).stdout).toBe(stdout);
  });

  test("of the guide is the one that fluxc draws; `-u` writes it", async () => {
    const { stdout } = spawnSync(process.execPath, [join(packageFolder(), "dist/fluxc.js"), "graph", "examples/hello/hello.flux"], { cwd: packageFolder(), encoding: "utf8" });
    await expect(stdout).toMatchFileSnapshot(join(packageFolder(), "docs/hello.svg"));
  });

  test("of constraints is the one in the guide, of the example there; `-u` writes it", async () => {
    const example = /Take the example[^]*?```flux\n([^]*?)```/.exec(readFileSync(join(packageFolder(), "docs/constraints.md"), "utf8"))?.[1] ?? "";
    const rest = 'include "nodes.h";\nsource First => A;\nsource Second => C;\nFirst () => (int v);\nSecond () => (int v);\nB (int v) => (int v);\nD (int v) => (int v);\n';
    const { code, stdout, stderr } = graph(["-", "--locks"], rest + example);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectWellFormed(stdout);
    expect(stdout).toContain("Constraint x (A; D): before y, since A holds x, B asks for y. Constraint y (C; B): after x, though it is asked for inside: C acquires x early, for D.");
    await expect(stdout).toMatchFileSnapshot(join(packageFolder(), "docs/both-ways.svg"));
  });

  test("of every kind of constraint is the one in the guide, and so are the order and the warning; `-u` writes the picture", async () => {
    const guide = readFileSync(join(packageFolder(), "docs/constraints.md"), "utf8");
    const bank = /Here is one of each[^]*?```flux\n([^]*?)```/.exec(guide)?.[1] ?? "";
    const { code, stdout, stderr } = graph(["-", "--locks"], bank);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectWellFormed(stdout);
    expect(stdout).toContain("Constraint account[key] (Close all; Transfer [from], [to]): before database, since");
    await expect(stdout).toMatchFileSnapshot(join(packageFolder(), "docs/kinds.svg"));

    const fluxc = (words: readonly string[], input: string) => spawnSync(process.execPath, [join(packageFolder(), "dist/fluxc.js"), ...words], { input, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
    const order = fluxc(["locks", "-"], bank).stdout;
    expect(order).toMatch(/^order: account < database/);
    expect(guide).toContain(`\`\`\`text\n${order.slice(0, order.indexOf("\ncertificate"))}`);
    const other = bank.replace("{account[from], account[to]}", "{account[from]}").replace("{database};\natomic Close", "{database, account[to]};\natomic Close");
    const warning = fluxc(["check", "-"], other).stderr.replaceAll("<stdin>", "bank.flux").replace(/\n\n1 warning\n*$/, "\n");
    expect(warning).toContain("FLX0532");
    expect(guide).toContain(`\`\`\`text\n${warning}`);
  });

  test("is painted by a profile", () => {
    const { code, stdout } = graph(["lines.flux", "--profile", "lines.profile.json"]);
    expect(code).toBe(0);
    expectWellFormed(stdout);
    expect(stdout).toContain("Measured over 5 flows.");
    expect(stdout).toContain("share of the time in nodes");
    expect(stdout).toContain("77 %");
  });

  test("of a hundred nodes takes no longer than a person waits; of thousands is refused", () => {
    writeFileSync(join(folder, "hundred.flux"), generateProgram(100));
    const { code, stdout } = graph(["hundred.flux"]);
    expect(code).toBe(0);
    expectWellFormed(stdout);
    writeFileSync(join(folder, "huge.flux"), generateProgram(10_000));
    expect(graph(["huge.flux"])).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/boxes is one that nobody can read\n {2}help: --format dot/) as unknown });
    expect(graph(["huge.flux", "-o", "huge.dot"]).code).toBe(0);
  });
});

describe("the format", () => {
  test.each([
    ["picture.svg", /^<svg /],
    ["picture.dot", /^digraph "lines" \{/],
    ["picture.gv", /^digraph /],
    ["picture.mmd", /^flowchart TD\n/],
    ["picture.json", /^\{\n {2}"format": "flux-graph",\n {2}"version": 1,/],
    ["picture", /^<svg /],
  ])("is that of the name %s", (name, begin) => {
    expect(graph(["lines.flux", "-o", name])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, name), "utf8")).toMatch(begin);
  });

  test("is what was asked for, whatever the name", () => {
    graph(["lines.flux", "-o", "odd.svg", "--format", "json"]);
    expect(JSON.parse(readFileSync(join(folder, "odd.svg"), "utf8"))).toMatchObject({ format: "flux-graph", program: "lines" });
    expect(graph(["-", "--format", "mermaid"], readFileSync(data("lines.flux"), "utf8")).stdout).toMatch(/^flowchart TD\n/);
  });
});

describe("mistakes", () => {
  test("in the program are reported, and nothing is drawn", () => {
    writeFileSync(join(folder, "wrong.flux"), "source Listen => Nowhere;\n");
    const said = graph(["wrong.flux", "-o", "wrong.svg"]);
    expect(said).toMatchObject({ code: 1, stdout: "" });
    expect(said.stderr).toContain("error[FLX02");
    expect(existsSync(join(folder, "wrong.svg"))).toBe(false);
  });

  test.each([
    ["a profile of another program", ["everything.flux", "--profile", "lines.profile.json"], /this program cannot be built|is a profile of another program/],
    ["no profile", ["lines.flux", "--profile", "lines.flux"], /`lines\.flux` is no profile: it is no JSON\n {2}help: .*--flux-profile/],
    ["a profile that is not there", ["lines.flux", "--profile", "nope.json"], /cannot read `nope\.json`: no such file/],
    ["an output that is the program", ["lines.flux", "-o", "./lines.flux"], /`lines\.flux` would be overwritten by its picture/],
    ["a format that is none", ["lines.flux", "--format", "png"], /`--format png` is no choice\n {2}help: .*svg/],
  ])("%s is said in a line, with exit code 2", (_, words, message) => {
    const said = graph(words);
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toMatch(message);
  });

  test("a profile of a program that can be built, but is another", () => {
    writeFileSync(join(folder, "other.flux"), 'include "x.h";\nsource Listen => A;\nListen () => (int s);\nA (int s) => ();\n');
    expect(graph(["other.flux", "--profile", "lines.profile.json"]).stderr).toMatch(/is a profile of another program, `lines\/lines\.flux`, or of another version of this one: it knows a node `Talk`\n {2}help: /);
  });

  test("an output that cannot be written", () => {
    expect(graph(["lines.flux", "-o", "nowhere/x.svg"])).toMatchObject({ code: 2, stderr: expect.stringContaining("error[FLX0803]: cannot write `nowhere/x.svg`") as unknown });
  });
});
