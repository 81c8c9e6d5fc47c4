/** Random programs with comments of every kind at any gap between tokens, and what formatting one must keep. */
import { expect } from "vitest";
import { joined, programTokens, type Choose } from "../../../grammar/arbitrary.ts";
import { parse } from "../../../grammar/index.ts";
import { printAst } from "../../../grammar/print-ast.ts";
import { formatProgram } from "../format.ts";

const gaps = [
  "\n", "\n\n", "\n\n\n\t", " ", "  \n", " /* inline */ ", "/**/", "/*1*//*2*/", " // line\n", "//\n", " // blanks \t\n\n",
  "\n// own line\n", "\n\n  // after a blank\n\n", "\n/* own block */\n", "\n /* leads */ ", " /* trails */\n",
  " /* two\n   lines */ ", "\n/* two\n\n  own \n */\n", " // one\n  // two\n", " /* a */ // b\n/* c */ ", "\n/* a */ /* b */\n",
  " // prettier-ignore-not\n", "\n// a line that is far longer than what is left of any line, so that nothing beside it fits there\n",
  " /* a block that is far longer than what is left of a line, so that one of two has to go elsewhere */ ", "\r\n", "\r\n// crlf\r\n",
];

/** About one gap in `rarity` has something in it. */
export function commentedProgram(choose: Choose, rarity: number): string {
  let text = "";
  for (const tokens of programTokens(choose)) {
    for (const token of tokens) {
      const gap = choose(rarity) === 1 ? (gaps[choose(gaps.length)] ?? "") : "";
      // Alone, `joined` sets no blanks; between two tokens it knows which need one.
      text += gap === "" ? joined([lastOf(text), token], () => choose(3) === 1 ? 0 : 1).slice(lastOf(text).length) : gap + token;
    }
    text += ["\n", "\n\n", "", "\n\n\n", " // trails\n", " /* between */ ", "\n// prettier-ignore\n"][choose(7)] ?? "";
  }
  return text;
}

/** What is long enough to tell whether the next token would merge with it. */
function lastOf(text: string): string {
  return text.slice(-3);
}

/** A signature with types that mean nothing. */
export function programWithAnyType(choose: Choose): string {
  return `N (int ${typeSoup(choose)} a, T ${typeSoup(choose)} b) => (${typeSoup(choose)} c);\n`;
}

/** Tokens that may stand in a type, in any order; inside brackets commas and arrows too. */
function typeSoup(choose: Choose, depth = 0): string {
  const words = ["int", "const", "T", "16", "8u", "::", "*", "&", "...", "// c\n", "/* c */", ...(depth > 0 ? [",", "->"] : [])];
  const brackets = ["<>", "()", "[]"];
  const one = (): string => {
    const bracket = depth < 3 && choose(5) === 1 ? (brackets[choose(3)] ?? "") : "";
    if (bracket === "") return words[choose(words.length)] ?? "";
    return `${bracket.charAt(0)}${typeSoup(choose, depth + 1)}${bracket.charAt(1)}`;
  };
  return Array.from({ length: choose(8) }, one).join(choose(2) === 1 ? " " : "\n");
}

/** Formats twice; the second time changes nothing, and the program and its comments are what they were. */
export async function expectFormats(text: string): Promise<void> {
  if (text.trim() === "") return;
  expect(parse({ path: "random.flux", text }).errors, text).toEqual([]);
  const once = await formatProgram({ path: "random.flux", text });
  expect(kept(once), text).toEqual(kept(text));
  expect(await formatProgram({ path: "once.flux", text: once }), text).toBe(once);
  expectTidy(once.replaceAll(/\r\n?/g, "\n"));
}

/**
 * What formatting may not change, found without the code that is tested: everything the tree holds but for places, and
 * every comment, in no order.
 */
export function kept(text: string): readonly string[] {
  const source = { path: "", text };
  const lines = [...printAst(parse(source).value, source)].map((line) => line.replace(/ \d+:\d+-\d+:\d+/, ""));
  const isComment = (line: string): boolean => /^(?:line|block) comment /.test(line);
  const comments = lines.filter(isComment).map((line) => line.replaceAll(/\\r(?:\\n)?/g, "\\n").replace(/(line comment .*?)(?: |\\t)+"$/, '$1"'));
  return [...lines.filter((line) => !isComment(line)), ...comments.toSorted()];
}

/** What is kept as it was written may have blank lines; nothing else has two, nor one at an end. */
function expectTidy(text: string): void {
  if (/prettier-ignore(?:\n| \*\/)/.test(text)) return;
  expect(text.replaceAll(/\/\*[^]*?\*\//g, "/**/")).not.toMatch(/\n\n\n|^\n|\n\n$|[ \t]\n|[^\n]$/);
}
