/** Texts made to take long: a megabyte each, refused in under two seconds. */
import { describe, expect, test } from "vitest";
import { parse } from "./index.ts";
import { mostProblems } from "./syntax-problem.ts";

const size = 1024 * 1024;

function filled(unit: string): string {
  return unit.repeat(Math.ceil(size / unit.length));
}

/** The same characters each time, in no order. */
function noise(characters: string): string {
  let state = 12345;
  return Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return characters[(state >> 8) % characters.length] ?? "";
  }).join("");
}

/** Milliseconds of computing, of the fastest of up to five runs: on a busy machine the clock says little. */
function fastest(enough: number, run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && least >= enough; attempt++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

describe("a megabyte of garbage is refused in under two seconds", () => {
  test.each([
    ["noise of tokens", noise('{}()[]<>;:=->,*&?! \nab1"')],
    ["noise of words and blanks", noise("ab;:= \n\t")],
    ["noise without tokens", noise("#$@%^~ \n")],
    ["one line without tokens", filled("# ")],
    ["letters of no token", filled("ü ")],
    ["opening parentheses", filled("(")],
    ["a group without end", `A = ${filled("(")}`],
    ["a type without end", `A (${filled("<(")}`],
    ["a type closed wrongly", `A (${filled("< )")}`],
    ["strings without end", filled('"\n')],
    ["a comment without end", `/*${filled("*a/")}`],
    ["ends of comments", filled("*/ ")],
    ["comments in comments", filled("/* /* */ */\n")],
    ["comments, and then ends of them", `${filled("/* /* */ ").slice(0, size / 2)}\n${filled("*/ ").slice(0, size / 2)}`],
    ["semicolons", filled(";")],
    ["words", filled("a ")],
    ["one word", filled("a")],
    ["keywords", filled("source ")],
    ["declarations without end", filled("A =\n")],
    ["a list without end", `atomic A: {${filled("a,")}`],
    ["far indented lines", `A B${`\n${" ".repeat(1000)}C (`.repeat(size / 1000)}`],
    ["blanks, then words", `${" ".repeat(size / 2)}A B ${filled("\nC (").slice(0, size / 2)}`],
    ["constraints on one line", `A B ${filled("atomic A: ")}`],
  ])("%s", (_, text) => {
    expect(fastest(2000, () => parse({ path: "garbage.flux", text }))).toBeLessThan(2000);
    const { errors } = parse({ path: "garbage.flux", text });
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(mostProblems);
  });
});

describe("what is long is no error", () => {
  test("comments, lists, names and blanks of a megabyte", () => {
    const long = [
      `/*${filled("*a /")}*/ A = B;`,
      `// ${filled("/*")}\nA = B;`,
      `A = ${filled("B -> ")}C;`,
      `A (${filled("int x, ")}int y) => ();`,
      `${filled("a")} = b;`,
      `A =${filled(" \n")}B;`,
      filled("A = B; "),
    ];
    for (const text of long) expect(parse({ path: "long.flux", text }).errors).toEqual([]);
  });

  test("a hundred thousand nodes are read in under a second", () => {
    const text = Array.from(
      { length: 100_000 },
      (_, index) => `N${index} (int socket) => (int socket);\n${index % 10 === 0 ? `A${index} = N${index} -> N${index + 1};\n` : ""}`,
    ).join("");
    const { value, errors } = parse({ path: "large.flux", text });
    expect(errors).toEqual([]);
    expect(value.declarations).toHaveLength(110_000);
    expect(fastest(1000, () => parse({ path: "large.flux", text }))).toBeLessThan(1000);
  });
});

test("nesting up to a thousand is read, one more is one error", () => {
  const group = (depth: number): string => `A = ${"(".repeat(depth)}B${")".repeat(depth)};\nC = D;`;
  const type = (depth: number): string => `A (a${"<a".repeat(depth)}${">".repeat(depth)} b) => ();\nC = D;`;
  for (const nested of [group, type]) {
    expect(parse({ path: "nested.flux", text: nested(1000) }).errors).toEqual([]);
    expect(parse({ path: "nested.flux", text: nested(1001) }).errors).toMatchObject([{ kind: "too-deep" }]);
  }
});
