/** Tests of `source.ts`: which bytes are a text, and where an offset lies in it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSource, lineCount, lineText, mostBytes, position } from "./source.ts";

function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("decodeSource", () => {
  test("gives the text without its byte-order mark, line ends as they are", () => {
    expect(decodeSource("a.flux", encoded("\ufeffA = é;\r\n")).source).toEqual({ path: "a.flux", text: "A = é;\r\n" });
  });

  test.each([
    ["a lone continuation", [0x41, 0x80], 1],
    ["a start without its continuation", [0x41, 0xc3, 0x41], 1],
    ["a start at the end", [0x41, 0x42, 0xe2, 0x82], 2],
    ["a character in more bytes than it needs", [0xc0, 0xaf], 0],
    ["the same in three", [0xe0, 0x80, 0xaf], 0],
    ["a surrogate", [0x41, 0xed, 0xa0, 0x80], 1],
    ["beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80], 0],
    ["a byte that UTF-8 never has", [0x41, 0xff], 1],
  ])("refuses %s, with its place", (_, values, at) => {
    const { source, errors, shown } = decodeSource("a.flux", bytes(...values));
    expect(source).toBeUndefined();
    expect(errors).toEqual([{ kind: "not-utf8", byteOffset: at, span: { start: at, end: at + 1 } }]);
    expect(shown.text.slice(at, at + 1)).toBe("\ufffd");
  });

  test("counts bytes, and places by characters: both behind a byte-order mark and letters of two bytes", () => {
    const { errors } = decodeSource("a.flux", bytes(0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xff));
    expect(errors).toEqual([{ kind: "not-utf8", byteOffset: 5, span: { start: 1, end: 2 } }]);
  });

  test("refuses NUL, what is empty or blank, and what is too large, each once", () => {
    const kinds = (of: Uint8Array): readonly string[] => decodeSource("a.flux", of).errors.map(({ kind }) => kind);
    expect(kinds(encoded("A\0 = B;\0"))).toEqual(["nul"]);
    expect(kinds(bytes())).toEqual(["empty"]);
    expect(kinds(encoded("\ufeff \r\n"))).toEqual(["empty"]);
    const most = new Uint8Array(mostBytes + 1).fill(0x2f);
    expect(kinds(most.subarray(1))).toEqual([]);
    expect(kinds(most)).toEqual(["too-large"]);
  });

  test("agrees with the platform on what UTF-8 is", () => {
    const strange = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0x41, 0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0x80, 0x90, 0xa0, 0xbf)), { minLength: 1 });
    fc.assert(
      fc.property(strange, (values) => {
        const of = bytes(...values);
        const { source, errors, shown } = decodeSource("a.flux", of);
        expect(errors.some(({ kind }) => kind === "not-utf8")).toBe(!isUtf8(of));
        expect(source === undefined).toBe(errors.length > 0);
        expect(shown.text).toBe(new TextDecoder().decode(of));
      }),
      { numRuns: 5000 },
    );
  });

  function isUtf8(of: Uint8Array): boolean {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(of);
      return true;
    } catch {
      return false;
    }
  }
});

describe("position", () => {
  test("counts lines and columns from 1, whatever ends a line", () => {
    const source = { path: "a.flux", text: "ab\ncd\r\nef\rg\n" };
    const at = (offset: number): readonly [number, number] => {
      const { line, column } = position(source, offset);
      return [line, column];
    };
    expect(at(0)).toEqual([1, 1]);
    expect(at(2)).toEqual([1, 3]);
    expect(at(3)).toEqual([2, 1]);
    expect(at(6)).toEqual([2, 4]);
    expect(at(7)).toEqual([3, 1]);
    expect(at(10)).toEqual([4, 1]);
    expect(at(12)).toEqual([5, 1]);
    expect(at(99)).toEqual([5, 1]);
    expect(at(-1)).toEqual([1, 1]);
    expect(lineCount(source)).toBe(5);
    expect([0, 1, 2, 3, 4, 5, 6].map((line) => lineText(source, line))).toEqual(["", "ab", "cd", "ef", "g", "", ""]);
  });

  test("and offset say the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "é") }), fc.nat(60), (text, offset) => {
        const source = { path: "a.flux", text };
        const at = Math.min(offset, text.length);
        // Between the two characters of a line end the line has not ended yet.
        const inside = text[at - 1] === "\r" && text[at] === "\n";
        const before = text.slice(0, inside ? at - 1 : at).split(/\r\n|\n|\r/);
        const { line, column } = position(source, offset);
        expect(line).toBe(before.length);
        expect(column).toBe((before.at(-1) ?? "").length + (inside ? 2 : 1));
      }),
    );
  });
});
