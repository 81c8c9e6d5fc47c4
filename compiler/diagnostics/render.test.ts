/** Tests of `render.ts` and `frame.ts`: pictures in `testdata/`, and what holds of every picture. */
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic, Label } from "./diagnostic.ts";
import { report } from "./report.ts";

const dispatch = "source Listen => Image;\n\nHandler:[_, _, _] = ReadInFromDisk -> Compress -> StoreInCache;\n";
const sequence = "A =\n  B ->\n  C ->\n  D ->\n  E;\nF = A;\n";

interface Case {
  readonly name: string;
  readonly text: string;
  /** What is marked and what is said there, the primary one first. `#2` after it: its second occurrence. */
  readonly labels: readonly (readonly [marked: string, text: string])[];
  readonly more?: Partial<Diagnostic>;
}

const cases: readonly Case[] = [
  {
    name: "0001-two-labels-on-a-line",
    text: dispatch,
    labels: [
      ["Compress", "takes (int socket, bool close, image_tag *request)"],
      ["ReadInFromDisk", "produces (int socket, bool close, image_tag *request, __u8 *rgb_data)"],
    ],
    more: { hints: ["did you mean `CompressPixels`?"] },
  },
  { name: "0002-one-label", text: dispatch, labels: [["Image", "not declared"]] },
  { name: "0003-no-label", text: dispatch, labels: [["Image", ""]], more: { severity: "warning" } },
  {
    name: "0004-four-labels-on-a-line",
    text: dispatch,
    labels: [["StoreInCache", "third"], ["Compress", "second"], ["ReadInFromDisk", "first"], ["Handler", "of this"]],
  },
  {
    name: "0005-the-primary-label-is-left",
    text: dispatch,
    labels: [["ReadInFromDisk", "here"], ["StoreInCache", "because of this"]],
  },
  {
    name: "0006-labels-that-overlap",
    text: dispatch,
    labels: [["Compress", "this"], ["ReadInFromDisk -> Compress -> StoreInCache", "in this sequence"]],
  },
  { name: "0007-one-place-twice", text: dispatch, labels: [["Compress", "takes one"], ["Compress", "makes one"]] },
  {
    name: "0008-labels-on-lines-apart",
    text: `${dispatch}\n\n\n\nHandler:[_, _, hit] = ;\n`,
    labels: [["_, _, hit", "never tried"], ["_, _, _", "matches everything"]],
    more: { severity: "warning", text: "The first case that matches is taken.\nNothing is left for this one." },
  },
  {
    name: "0009-one-line-between-is-shown",
    text: dispatch,
    labels: [["Listen", "here"], ["Compress", "and here"]],
  },
  { name: "0010-over-two-lines", text: sequence, labels: [["B ->\n  C", "these two"]] },
  { name: "0011-over-many-lines", text: sequence, labels: [["A =\n  B ->\n  C ->\n  D ->\n  E;", "all of it"]] },
  {
    name: "0012-brackets-in-brackets",
    text: sequence,
    labels: [["C ->\n  D", "inside"], ["A =\n  B ->\n  C ->\n  D ->\n  E;", "around"], ["F", "also"]],
  },
  {
    name: "0013-a-bracket-opens-where-one-closes",
    text: sequence,
    labels: [["B ->\n  C", "first"], ["C ->\n  D", "second"]],
  },
  { name: "0014-tabs", text: "A\t=\tB\t-> C;\n", labels: [["C", "at a stop"], ["B", "too"]] },
  {
    name: "0015-wide-and-narrow",
    text: "A = \u65e5\u672c -> cafe\u0301 -> \u{1f600} -> Z;\n",
    labels: [["Z", "one column"], ["\u{1f600}", "two columns"], ["cafe\u0301", "four"], ["\u65e5\u672c", "four too"]],
  },
  {
    name: "0016-controls-are-shown",
    text: "A = \x1b[31mB\u202e -> C\x07;\n",
    labels: [["C", "after an escape"]],
    more: { title: "unknown character `\x1b`", hints: ["write `\x9b`\nor `\u202e`"] },
  },
  { name: "0017-crlf", text: "A = B;\r\nB = C;\r\n", labels: [["C;\r\n", "with its line end"], ["A", "before"]] },
  { name: "0030-a-line-ends-in-a-lone-return", text: "A = B;\rB = C;\rC = D;", labels: [["C;", ""], ["A = B", ""]] },
  { name: "0018-end-of-the-text", text: "A = B\n", labels: [["", "expected `;`"]] },
  { name: "0019-end-without-line-end", text: "A = B", labels: [["", "expected `;`"]] },
  { name: "0020-byte-order-mark", text: "\ufeffA = B;\n", labels: [["A", "first"], ["B", "second"]] },
  {
    name: "0021-a-long-line-with-its-end-marked",
    text: `L = ${"Step -> ".repeat(60)}Zed;\n`,
    labels: [["Zed", "last"], ["L", "far from here"]],
  },
  { name: "0022-a-long-line-with-its-start-marked", text: `L = ${"Step -> ".repeat(60)}Zed;\n`, labels: [["Step", ""]] },
  {
    name: "0023-a-long-line-with-its-middle-marked",
    text: `L = ${"Step -> ".repeat(30)}Zed -> Yak${" -> Step".repeat(30)};\n`,
    labels: [["Zed", "here"], ["Yak", "here too"]],
  },
  {
    name: "0024-line-numbers-of-two-lengths",
    text: `${"// nothing\n".repeat(7)}A = B;\n${"// nothing\n".repeat(92)}A = C;\n`,
    labels: [["A#2", "again"], ["A", "first"]],
  },
  { name: "0025-no-text", text: "", labels: [["", ""]], more: { title: "no file of this name", hints: ["try `./`"] } },
  {
    name: "0026-more-places-than-a-picture-holds",
    text: Array.from({ length: 30 }, (_, index) => `N${index}x = ;\n`).join(""),
    labels: Array.from({ length: 30 }, (_, index) => [`N${index}x`, index === 0 ? "starts here" : ""] as const),
  },
];

describe("pictures", () => {
  test.each(cases)("$name", async ({ name, text, labels, more }) => {
    const [first, ...further] = labels.map(([marked, said], index) => labelOf(text, marked, said, index === 0));
    if (first === undefined) throw new Error("a case marks something");
    const one = { ...plain(first, ...further), ...more };
    const shown = report([one], { path: "image.flux", text }, { format: "human", color: false });
    await expect(shown).toMatchFileSnapshot(`testdata/${name}.txt`);
  });

  test("in colour", async () => {
    const { text, labels, more } = cases[0] as Case;
    const [first, second] = labels.map(([marked, said], index) => labelOf(text, marked, said, index === 0));
    if (first === undefined || second === undefined) throw new Error("the first case marks two places");
    const options = { format: "human", color: true } as const;
    const shown = report([{ ...plain(first, second), ...more }], { path: "image.flux", text }, options);
    // Escapes are written out: a golden file is read by people.
    await expect(shown.replaceAll("\x1b", "<ESC>")).toMatchFileSnapshot("testdata/0027-colours.txt");
  });
});

describe("every picture", () => {
  const character = fc.constantFrom("a", "b", " ", "\t", "\n", "\r\n", "\r", "\u65e5", "e\u0301", "\u{1f600}", "\x1b", "\u202e");
  const source = fc.oneof(
    fc.string({ unit: character, maxLength: 60 }),
    fc.string({ unit: character, minLength: 300, maxLength: 500 }).map((text) => text.replaceAll(/[\r\n]/g, "-")),
  );
  const spans = fc.array(fc.tuple(fc.nat(600), fc.nat(600)), { minLength: 1, maxLength: 5 });

  test("says each label once, obeys nothing, and is the same in colour", () => {
    fc.assert(
      fc.property(source, spans, (text, ends) => {
        const [first, ...further] = ends.map(([a, b], index): Label => {
          const [start, end] = [a % (text.length + 1), b % (text.length + 1)].toSorted((x, y) => x - y);
          return { span: { start: start ?? 0, end: end ?? 0 }, text: `label ${index}`, primary: index === 0 };
        });
        if (first === undefined || text === "") return;
        const draw = (color: boolean): string =>
          report([plain(first, ...further)], { path: "x.flux", text }, { format: "human", color });
        const shown = draw(false);
        for (const index of ends.keys()) expect(shown.split(`label ${index}`)).toHaveLength(2);
        expect(shown).not.toMatch(/[^\n\P{Cc}]|[\u202a-\u202e]|[ \t]$/mu);
        expect(stripVTControlCharacters(draw(true))).toBe(shown);
      }),
      { numRuns: 1_000 },
    );
  });

  test("has the caret under what is marked", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 30 });
    fc.assert(
      fc.property(word, word, (before, after) => {
        const text = `${before}XYZ${after}`;
        const label = { span: { start: before.length, end: before.length + 3 }, text: "", primary: true };
        const rows = report([plain(label)], { path: "x.flux", text }, { format: "human", color: false }).split("\n");
        const source = rows.find((row) => row.startsWith("1 |"));
        const marks = rows[rows.findIndex((row) => row.startsWith("1 |")) + 1];
        expect(marks?.indexOf("^^^")).toBe(source?.indexOf("XYZ"));
      }),
    );
  });

  test("of 16 MB on one line is drawn at once", () => {
    const text = "A -> ".repeat(3_000_000);
    const all = Array.from({ length: 100 }, (_, index) => {
      const start = index * 100_000;
      return plain({ span: { start, end: start + 1 }, text: "here", primary: true });
    });
    const begin = process.cpuUsage();
    report(all, { path: "x.flux", text }, { format: "human", color: false });
    // Time of the processor: a machine that is busy with something else proves nothing.
    expect(process.cpuUsage(begin).user / 1_000).toBeLessThan(4_000);
  });
});

function plain(...labels: readonly [Label, ...Label[]]): Diagnostic {
  return { code: "FLX0201", severity: "error", title: "something is wrong here", labels, hints: [] };
}

function labelOf(text: string, marked: string, said: string, primary: boolean): Label {
  const [what = "", occurrence = "1"] = marked.split("#");
  let start = what === "" ? text.length : text.indexOf(what);
  for (let n = 1; n < Number(occurrence); n++) start = text.indexOf(what, start + 1);
  if (start === -1) throw new Error(`the case does not contain ${marked}`);
  return { span: { start, end: start + what.length }, text: said, primary };
}
