/** The rules of wording, as far as a test can hold them, for every entry of the catalogue. */
import { describe, expect, test } from "vitest";
import { catalogue } from "./catalogue/index.ts";
import type { Entry } from "./diagnostic.ts";
import type { Template } from "./template.ts";

const entries = Object.entries(catalogue as Readonly<Record<string, Entry>>);

/** The text with `…` for each hole. */
function shape(template: Template<string>): string {
  return template.strings.join("…");
}

function everyText(entry: Entry): readonly string[] {
  const labels = Object.values(entry.labels);
  return [entry.title, ...(entry.text === undefined ? [] : [entry.text]), ...labels, ...(entry.hints ?? [])].map(shape);
}

describe.each(entries)("%s", (code, entry) => {
  const title = shape(entry.title);
  const text = entry.text === undefined ? "" : shape(entry.text);

  test("has a code of four digits", () => {
    expect(code).toMatch(/^FLX0[1-8]\d\d$/);
  });

  test("has a title that stands alone: lower case, one line, no full stop", () => {
    // A name in backquotes, a hole, or a word that is upper case by itself may come first.
    expect(title).toMatch(/^(?:[a-z`…'0-9]|[A-Z][A-Z+]|C\+\+|[A-Z]+-\d)/);
    expect(title).not.toMatch(/[.!\n]$|\n/);
    expect(title.length).toBeLessThanOrEqual(110);
  });

  test("proposes nothing but in its hints", () => {
    for (const said of [title, text, ...Object.values(entry.labels).map(shape)]) {
      expect(said).not.toMatch(/did you mean|\b(?:consider|please|perhaps|maybe|you should|you can|try (?:to|adding|a|the))\b/i);
    }
  });

  test("has labels that are fragments: lower case, no full stop, one line", () => {
    for (const label of Object.values(entry.labels).map(shape)) {
      expect(label).not.toMatch(/[.\n]$|\n/);
      expect(label).toMatch(/^(?:$|[a-z`…'0-9(]|[A-Z][A-Z+]|C\+\+)/);
    }
  });

  test("has a text of whole sentences", () => {
    if (text !== "") expect(text).toMatch(/[.:…`)\d]$/);
  });

  test("has hints that are fragments or questions", () => {
    for (const hint of (entry.hints ?? []).map(shape)) {
      expect(hint).not.toMatch(/\.$/);
      expect(hint).toMatch(/^(?:[a-z`…']|C\+\+)/);
      if (hint.startsWith("did you mean")) expect(hint).toMatch(/\?$/);
    }
  });

  test("says invalid, never illegal; blames nobody; ends no line in a space", () => {
    for (const said of everyText(entry)) {
      expect(said).not.toMatch(/\billegal|\b(?:oops|sorry|unfortunately|obviously|bad|stupid)\b|!/i);
      expect(said).not.toMatch(/[ \t]$|[ \t]\n/);
    }
  });

  test("closes every backquote it opens", () => {
    for (const said of everyText(entry)) expect(said.split("`").length % 2, said).toBe(1);
  });
});

test("a page and its code are found by name: no code has two spellings", () => {
  const codes = entries.map(([code]) => code);
  expect(new Set(codes.map((code) => code.toUpperCase())).size).toBe(codes.length);
});
