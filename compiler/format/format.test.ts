/** What formatting keeps, whatever the program, and what Prettier makes of the plugin. */
import fc from "fast-check";
import { format } from "prettier/standalone";
import { describe, expect, test } from "vitest";
import { chooseFrom } from "../../grammar/arbitrary.ts";
import { parse } from "../../grammar/index.ts";
import { formatProgram, isSameProgram } from "./format.ts";
import * as plugin from "./prettier.ts";
import { commentedProgram, expectFormats, kept } from "./testing/commented-program.ts";

const chance = fc.array(fc.nat(), { maxLength: 600, size: "max" });

describe("of 1,000 programs with comments anywhere", () => {
  test.each([
    ["many", 3],
    ["some", 12],
  ])("and %s of them, none is lost, and a second time changes nothing", async (_, rarity) => {
    await fc.assert(
      fc.asyncProperty(chance, (numbers) => expectFormats(commentedProgram(chooseFrom(numbers), rarity))),
      // To shrink takes minutes; the text is in the message.
      { numRuns: 500, endOnFailure: true },
    );
  });
});

describe("what these tests compare by", () => {
  const tree = (text: string) => parse({ path: "", text }).value;

  test.each([
    ["another name", "A = B;", "A = C;"],
    ["another order of declarations", "A = B;\nB = C;", "B = C;\nA = B;"],
    ["a comment less", "A = B; // c", "A = B;"],
    ["a comment more than once", "A = B; // c\n// c", "A = B; // c"],
    ["another comment", "A = B; // c", "A = B; // d"],
    ["another kind of comment", "A = B; // c", "A = B; /* c */"],
    ["another type", "N (char *a) => ();", "N (char a) => ();"],
    ["another mode", "atomic A: {x?};", "atomic A: {x};"],
  ])("tells %s", (_, one, other) => {
    expect(isSameProgram(tree(one), tree(other))).toBe(false);
    expect(kept(one)).not.toEqual(kept(other));
  });

  test("does not tell layout", () => {
    const [one, other] = ["A=B // c  \n->C;/* d\r\n*/", "A = B->C; /* d\n*/ // c"];
    expect(isSameProgram(tree(one), tree(other))).toBe(true);
    expect(kept(one)).toEqual(kept(other));
  });
});

describe("a text", () => {
  test.each([
    ["LF", "\n"],
    ["CR LF", "\r\n"],
    ["CR", "\r"],
  ])("keeps its line ends: %s", async (_, end) => {
    const lines = ["// one", "A=B;", "", "", "/* two", "   lines */", "C=D// c", "->E;"];
    const expected = ["// one", "A = B;", "", "/* two", "   lines */", "C = D // c", "  -> E;", ""];
    expect(await formatProgram({ path: "", text: lines.join(end) })).toBe(expected.join(end));
  });

  test("of comments alone stays one", async () => {
    expect(await formatProgram({ path: "", text: "\n\n// a\n\n\n/* b */" })).toBe("// a\n\n/* b */\n");
  });

  test("with a mistake is not formatted", async () => {
    await expect(formatProgram({ path: "", text: "A = ->;" })).rejects.toThrow("only what parses is formatted");
  });

  test("ten times as long takes about ten times as long", async () => {
    const seconds = async (declarations: number): Promise<number> => {
      const text = "Node = Aaaa -> (Bbbb -> Cccc) // why\n -> Dddd;\nAaaa (int number, char *text) => (int number);\n".repeat(declarations / 2);
      const before = process.cpuUsage();
      await formatProgram({ path: "", text });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    await seconds(500);
    expect((await seconds(5000)) / (await seconds(500))).toBeLessThan(30);
  });
});

describe("Prettier with the plugin", () => {
  const prettier = (text: string, options = {}): Promise<string> =>
    format(text, { parser: "flux", plugins: [plugin], ...options });

  test("lays out as fluxc fmt does, in lines of 100 characters", async () => {
    const text = `N (${"int aaaa, ".repeat(7)}int b) => (int c);\n`;
    expect(text.length).toBeGreaterThan(80);
    expect(await prettier(text)).toBe(text);
    expect(await formatProgram({ path: "", text })).toBe(text);
  });

  test("heeds its options", async () => {
    expect(await prettier("A = Bbbbbbbb -> Cccccccc;", { printWidth: 20, tabWidth: 4 })).toBe("A = Bbbbbbbb\n    -> Cccccccc;\n");
    expect(await prettier("A = B // c\n-> C;", { useTabs: true, endOfLine: "crlf" })).toBe("A = B // c\r\n\t-> C;\r\n");
  });

  test("takes an empty file for an empty file", async () => {
    expect(await prettier("")).toBe("");
    expect(await prettier("\n  \n")).toBe("");
  });

  test("keeps a byte-order mark", async () => {
    expect(await prettier("\uFEFFA=B;")).toBe("\uFEFFA = B;\n");
  });

  test("says where a mistake is, as fluxc check does", async () => {
    const mistake = { name: "SyntaxError", loc: { start: { line: 2, column: 6 }, end: { line: 2, column: 7 } } };
    const failed = prettier("X = Y;\nA=B->;\n");
    await expect(failed).rejects.toMatchObject(mistake);
    await expect(failed).rejects.toThrow(/^expected a node, found `;` \(2:6\)\n[^]*> 2 \| A=B->;/);
  });
});
