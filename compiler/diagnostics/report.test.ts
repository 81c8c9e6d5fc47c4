/** Tests of `report.ts` and the formats for tools: order, the cap, escapes, and the shapes that are promised. */
import { describe, expect, test } from "vitest";
import type { Source } from "../../grammar/source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { JsonReport } from "./json.ts";
import { formats, report, type Format } from "./report.ts";
import type { SarifLog } from "./sarif.ts";

const source: Source = { path: "a b/image,1.flux", text: "A = B;\nB =\n  C;\n" };

function one(start: number, end: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: "FLX0201",
    severity: "error",
    title: `at ${start}`,
    labels: [{ span: { start, end }, text: "here", primary: true }],
    hints: [],
    ...more,
  };
}

function shown(diagnostics: readonly Diagnostic[], format: Format): string {
  return report(diagnostics, source, { format, color: false });
}

describe("order and number", () => {
  const later = one(7, 8);
  const earlier = one(0, 1);

  test("by place, an error before a warning, else as found", () => {
    const warning = one(0, 1, { severity: "warning", title: "warned" });
    const second = one(0, 1, { title: "second" });
    const elsewhere = one(0, 1, { source: { path: "nodes.cpp", text: "int A();\n" }, title: "in C++" });
    expect(shown([elsewhere, later, warning, earlier, second], "short")).toBe(
      [
        "a b/image,1.flux:1:1: error[FLX0201]: at 0",
        "a b/image,1.flux:1:1: error[FLX0201]: second",
        "a b/image,1.flux:1:1: warning[FLX0201]: warned",
        "a b/image,1.flux:2:1: error[FLX0201]: at 7",
        "nodes.cpp:1:1: error[FLX0201]: in C++",
        "",
      ].join("\n"),
    );
  });

  test("of 137 errors the first 100 by place are shown, and all are counted", () => {
    const many = Array.from({ length: 137 }, (_, index) => one(16 - (index % 16), 17, { title: `error ${index}` }));
    const warning = one(0, 1, { severity: "warning" });
    const human = shown([...many, warning], "human");
    expect(human.split("error[").length - 1).toBe(100);
    expect(human).toMatch(/\n\n…and 37 more errors\n137 errors, 1 warning\n$/);
    expect(shown(many, "short")).toMatch(/\n…and 37 more errors\n$/);
    expect(shown(many, "github")).toMatch(/\n::notice::…and 37 more errors\n$/);
    const json = JSON.parse(shown(many, "json")) as JsonReport;
    expect([json.errors, json.omitted, json.diagnostics.length]).toEqual([137, 37, 100]);
    const sarif = JSON.parse(shown(many, "sarif")) as SarifLog;
    expect([sarif.runs[0].results.length, sarif.runs[0].properties.omitted]).toEqual([100, 37]);
  });

  test("the last line counts in words", () => {
    const warning = one(0, 1, { severity: "warning" });
    expect(shown([warning], "human")).toMatch(/\n\n1 warning\n$/);
    expect(shown([earlier, later, warning], "human")).toMatch(/\n\n2 errors, 1 warning\n$/);
  });

  test("of nothing nothing is said, but a document is a document", () => {
    expect(formats.map((format) => shown([], format).length > 0)).toEqual([false, false, true, true, false]);
  });

  test("a span beyond the text is cut to it in every format", () => {
    for (const format of formats) expect(shown([one(900, 1_000), one(-5, -1)], format)).toContain("at 900");
  });

  test("a text without a character has a path and no line", () => {
    const nothing: Source = { path: "-", text: "" };
    const at = (format: Format): string => report([one(0, 0)], nothing, { format, color: false });
    expect(at("short")).toBe("<stdin>: error[FLX0201]: at 0\n");
    expect(at("github")).toBe("::error file=-,title=FLX0201::at 0\n");
    expect((JSON.parse(at("sarif")) as SarifLog).runs[0].results[0]?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "stdin" },
    });
  });
});

describe("github", () => {
  test("escapes what would end a property or the message", () => {
    const hard = one(0, 5, { title: "50% of a: b, c", text: "line\r\nline", hints: ["try `,:%`"] });
    expect(shown([hard], "github")).toBe(
      "::error file=a b/image%2C1.flux,line=1,endLine=1,col=1,endColumn=5,title=FLX0201" +
        "::50%25 of a: b, c%0Aline%0Aline%0Ahelp: try `,:%25`\n",
    );
  });

  test("gives no columns over several lines, since the runner refuses them", () => {
    expect(shown([one(7, 15)], "github")).toContain("line=2,endLine=3,title");
  });
});

describe("json", () => {
  test("has the promised shape", async () => {
    const labels: Diagnostic["labels"] = [
      { span: { start: 4, end: 5 }, text: "not declared", primary: true },
      { span: { start: 7, end: 15 }, text: "", primary: false },
    ];
    const full = one(4, 5, { labels, title: "no node", text: "why\nit is", hints: ["did you mean `C`?"] });
    const json = shown([full, one(0, 1, { severity: "warning" })], "json");
    await expect(json).toMatchFileSnapshot("testdata/0028-report.json");
  });

  test("a terminal obeys nothing in it, and a program reads what was meant", () => {
    const title = "\x1b \x9b \u202e \u2028";
    for (const format of ["json", "sarif"] as const) expect(shown([one(0, 1, { title })], format)).not.toMatch(/[^\n\P{Cc}]|[\u202e\u2028]/u);
    expect((JSON.parse(shown([one(0, 1, { title })], "json")) as JsonReport).diagnostics[0]?.title).toBe(title);
  });
});

describe("sarif", () => {
  test("is a log of version 2.1.0", async () => {
    const labels: Diagnostic["labels"] = [
      { span: { start: 4, end: 5 }, text: "not declared", primary: true },
      { span: { start: 7, end: 15 }, text: "declared here", primary: false },
    ];
    const page = "# FLX0201: name not declared\n\nText.\n";
    const options = { format: "sarif", color: false, page: (code: string) => (code === "FLX0201" ? page : undefined) } as const;
    const log = report([one(4, 5, { labels, hints: ["help"] }), one(0, 1, { severity: "warning" })], source, options);
    await expect(log).toMatchFileSnapshot("testdata/0029-report.sarif");
  });

  test("every result names a rule that is there, once", () => {
    const log = JSON.parse(shown([one(0, 1), one(4, 5), one(7, 8, { code: "FLX0101" })], "sarif")) as SarifLog;
    const [run] = log.runs;
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(["FLX0101", "FLX0201"]);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  test.each([
    ["/srv/a b.flux", "file:///srv/a%20b.flux"],
    ["./x:y.flux", "./x%3Ay.flux"],
    ["100%.flux", "100%25.flux"],
    ["\u65e5.flux", "%E6%97%A5.flux"],
    ["\ud800.flux", "%EF%BF%BD.flux"],
  ])("%s is %s", (path, uri) => {
    const log = report([one(0, 1)], { path, text: source.text }, { format: "sarif", color: false });
    expect((JSON.parse(log) as SarifLog).runs[0].results[0]?.locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
  });
});
