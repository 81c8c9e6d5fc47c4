/** The scanner finds what the patterns of the tokens say, as Chevrotain's own lexer understands them. */
import { Lexer, type IToken } from "chevrotain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseFrom, programText } from "./arbitrary.ts";
import { mutatedProgram, rawBytes, tokenSoup } from "./hostile.ts";
import { scan } from "./scan.ts";
import { decodeSource } from "./source.ts";
import { allTokens } from "./tokens.ts";

const lexer = new Lexer([...allTokens], { positionTracking: "onlyOffset" });

function shown(tokens: readonly IToken[]): readonly string[] {
  return tokens.map(({ tokenType, startOffset, image }) => `${tokenType.name} ${startOffset} ${JSON.stringify(image)}`);
}

function byPatterns(text: string): unknown {
  const { tokens, groups, errors } = lexer.tokenize(text);
  return { tokens: shown(tokens), comments: shown(groups["comments"] ?? []), unknown: shown(groups["unknown"] ?? []), errors };
}

function byScanner(text: string): unknown {
  const { tokens, comments, unknown } = scan(text);
  return { tokens: shown(tokens), comments: shown(comments), unknown: shown(unknown), errors: [] };
}

function agree(text: string): void {
  expect(byScanner(text)).toEqual(byPatterns(text));
}

test("the patterns are sound", () => {
  expect(lexer.lexerDefinitionErrors).toEqual([]);
});

test.each([
  "", " ", "\ufeffA=B;", "a.b", "..", "...", "....", "-->", "->-", "=>=", "::: :", "15s 15 15_ 1.5s 0x1f", '"', '"a', '"a\n"b"', '""',
  "//", "//\r\n/**/", "/*", "/*/", "/* * / */*/", "/ /", "a\u00a0b\u2028c", "\u00a0", "é→€ x", "source sources _ _a", "\ud800", "\0", "@#$%^`~|'\\",
])("%j", (text) => {
  agree(text);
});

describe("whatever the text", () => {
  const chance = fc.array(fc.nat(), { maxLength: 400, size: "max" });
  test.each([
    ["a program", (numbers: readonly number[]) => programText(chooseFrom(numbers))],
    ["a program with something changed", (numbers: readonly number[]) => mutatedProgram(chooseFrom(numbers))],
    ["tokens in any order", (numbers: readonly number[]) => tokenSoup(chooseFrom(numbers))],
    ["raw bytes", (numbers: readonly number[]) => decodeSource("test.flux", rawBytes(chooseFrom(numbers))).shown.text],
  ])("%s", (_, textOf) => {
    fc.assert(fc.property(chance, (numbers) => agree(textOf(numbers))), { numRuns: 500 });
  });

  test("any characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 40 }), agree), { numRuns: 2000 });
  });
});

test("equal names are one string", () => {
  const [first, , second] = scan("A_name_of_more_than_a_few_letters = A_name_of_more_than_a_few_letters;").tokens;
  expect(first?.image).toBe(second?.image);
});
