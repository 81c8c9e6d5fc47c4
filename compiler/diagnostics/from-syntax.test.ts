/** Every problem of syntax has a code of its own, and the pages of those codes show what they say. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { syntax } from "./catalogue/syntax.ts";
import { describeCharacters } from "./characters.ts";
import { pageExamples } from "./explain.ts";
import { fromSyntax } from "./from-syntax.ts";

const folder = fileURLToPath(new URL("explain/", import.meta.url));
const pages = readdirSync(folder)
  .filter((name) => /^FLX01\d\d\.md$/.test(name))
  .map((name) => ({ code: name.replace(".md", ""), examples: pageExamples(readFileSync(folder + name, "utf8")) }));

function codesOf(text: string): readonly string[] {
  return parse({ path: "example.flux", text }).errors.map((problem) => fromSyntax(problem).code);
}

test("every code of syntax has a page", () => {
  expect(pages.map(({ code }) => code)).toEqual(Object.keys(syntax));
});

describe.each(pages)("$code", ({ code, examples }) => {
  const of = (language: string) => examples.filter((example) => example.language === language);

  test("is what its wrong example gives, once; its right one parses", () => {
    for (const { text } of of("flux,error")) expect(codesOf(text)).toEqual([code]);
    for (const { text } of of("flux")) expect(codesOf(text)).toEqual([]);
  });

  test("has a wrong example, unless no page can show one", () => {
    const unshowable = ["FLX0118", "FLX0120", "FLX0121", "FLX0122", "FLX0123"].includes(code);
    expect(of("flux,error").length).toBe(unshowable ? 0 : 1);
  });
});

describe("a hint says what was probably meant", () => {
  const hintsFor = (text: string): readonly string[] =>
    parse({ path: "example.flux", text }).errors.flatMap((problem) => fromSyntax(problem).hints);

  test.each([
    ["atmoic A: {b};", "did you mean `atomic`?"],
    ["SOURCE A => B;", "did you mean `source`?"],
    ["handle err A => B;", undefined],
    ["wait A: {writeable x};", "did you mean `writable`?"],
    ["timeout A: 15sec;", "did you mean `15s`?"],
    ["timeout A: 15 seconds;", "did you mean `15s`?"],
    ["timeout A: 15MS;", "did you mean `15ms`?"],
    ["timeout A: 90min;", "did you mean `90m`?"],
    ["timeout A: 2h;", "did you mean `120m`?"],
    ["timeout A: 1d;", "did you mean `1440m`?"],
    ["timeout A: 5us;", undefined],
    ["timeout A: 9999999999999h;", undefined],
    ["pool a: 1_000;", "did you mean `1000`?"],
    ["pool a: 0x10;", "did you mean `16`?"],
    ["pool a: 5k;", "did you mean `5000`?"],
    ["pool a: 8s;", "did you mean `8`?"],
    ["pool a: 8x;", undefined],
    ["A = B → C;", "did you mean `->`?"],
    ["A = B；", "did you mean `;`?"],
    ["include «x.h»;", "did you mean `\"`?"],
  ])("%s", (text, meant) => {
    expect(hintsFor(text).find((hint) => hint.startsWith("did you mean"))).toBe(meant);
  });

  test("what is invisible is named", () => {
    expect(describeCharacters("\u00a0").character).toBe("U+00A0 (no-break space)");
    expect(describeCharacters("\u200b").character).toBe("U+200B (zero-width space)");
  });
});
