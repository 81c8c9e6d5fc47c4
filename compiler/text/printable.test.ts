/** Tests of `printable.ts`: what is shown, and where each character stands. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printable, printableLine } from "./printable.ts";

describe("what is shown", () => {
  test.each([
    ["plain", "plain", 5],
    ["\tx", "    x", 5],
    ["ab\tx", "ab  x", 5],
    ["caf\u00e9", "caf\u00e9", 4],
    ["cafe\u0301", "cafe\u0301", 4],
    ["\u65e5\u672c", "\u65e5\u672c", 4],
    ["\u{1f600}!", "\u{1f600}!", 3],
    ["\u{1f468}\u200d\u{1f469}\u200d\u{1f467}", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}", 2],
    ["\u2764\ufe0f", "\u2764\ufe0f", 2],
    ["\x1b[31mred", "\u241b[31mred", 8],
    ["bell\x07", "bell\u2407", 5],
    ["\x7f", "\u2421", 1],
    ["\x9b31m", "\\u{9b}31m", 9],
    ["a\u202eb", "a\\u{202e}b", 10],
    ["a\u200bb", "a\\u{200b}b", 10],
    ["a\u2028b", "a\\u{2028}b", 10],
    ["\ufeffA", "\\u{feff}A", 9],
    ["\ud800x", "\ufffdx", 2],
    ["a\r", "a\u240d", 2],
  ])("%j is shown as %j in %i columns", (line, text, width) => {
    const shown = printableLine(line);
    expect(shown.text).toBe(text);
    expect(shown.width).toBe(width);
  });

  test("in a message line ends stay", () => {
    expect(printable("one\r\ntwo\n\x1bthree")).toBe("one\ntwo\n\u241bthree");
  });
});

test("a column is that of the whole character", () => {
  const { columnAt, width } = printableLine("\u65e5e\u0301\tx");
  expect([0, 1, 2, 3, 4, 5, 99].map(columnAt)).toEqual([0, 2, 2, 3, 4, 5, 5]);
  expect(width).toBe(5);
});

describe("properties", () => {
  const line = fc.string({ unit: "binary", maxLength: 40 });

  test("nothing a terminal obeys is left, and columns never go back", () => {
    fc.assert(
      fc.property(line, (text) => {
        const shown = printableLine(text);
        expect(shown.text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u);
        let before = 0;
        for (let offset = 0; offset <= text.length; offset++) {
          const column = shown.columnAt(offset);
          expect(column).toBeGreaterThanOrEqual(before);
          before = column;
        }
        expect(before).toBe(shown.width);
      }),
      { numRuns: 2_000 },
    );
  });

  test("what is shown is shown again as it is", () => {
    fc.assert(
      fc.property(line, (text) => {
        const once = printable(text);
        expect(printable(once)).toBe(once);
      }),
    );
  });
});
