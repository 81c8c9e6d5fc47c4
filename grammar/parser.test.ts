/** Properties of `parse`: any text is survived, any program of the grammar is accepted, one slip is one error. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseFrom, joined, programText, programTokens } from "./arbitrary.ts";
import { brokenPromises, brokenPromisesOfBytes, mutatedProgram, rawBytes, tokenSoup } from "./hostile.ts";
import { parse } from "./index.ts";
import { FluxParser } from "./parser.ts";
import { innerKeywords, spelling } from "./tokens.ts";

const chance = fc.array(fc.nat(), { maxLength: 400, size: "max" });
const runs = { numRuns: 2000 };

function errorsOf(text: string) {
  return parse({ path: "test.flux", text }).errors;
}

test("the grammar has no ambiguity", () => {
  expect(() => new FluxParser("described")).not.toThrow();
});

describe("any text is survived", () => {
  function always(promises: (numbers: readonly number[]) => readonly string[]): void {
    fc.assert(
      fc.property(chance, (numbers) => {
        expect(promises(numbers)).toEqual([]);
      }),
      runs,
    );
  }

  test("tokens in any order", () => {
    always((numbers) => brokenPromises(tokenSoup(chooseFrom(numbers))));
  });

  test("programs with something changed", () => {
    always((numbers) => brokenPromises(mutatedProgram(chooseFrom(numbers))));
  });

  test("raw bytes", () => {
    always((numbers) => brokenPromisesOfBytes(rawBytes(chooseFrom(numbers))));
  });

  test("any string", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        expect(brokenPromises(text)).toEqual([]);
      }),
      runs,
    );
  });
});

describe("a program", () => {
  test("of the grammar has no errors, however its blanks are set", () => {
    fc.assert(
      fc.property(chance, (numbers) => {
        const text = programText(chooseFrom(numbers));
        if (text !== "") expect(errorsOf(text)).toEqual([]);
      }),
      runs,
    );
  });

  test("has a declaration for every `;`", () => {
    fc.assert(
      fc.property(chance, (numbers) => {
        const tokens = programTokens(chooseFrom(numbers));
        const text = tokens.map((list) => list.join(" ")).join("\n");
        expect(parse({ path: "test.flux", text }).value.declarations).toHaveLength(tokens.length);
      }),
      runs,
    );
  });

  test("parsed twice gives the same tree: the parser remembers nothing", () => {
    fc.assert(
      fc.property(chance, (numbers) => {
        const source = { path: "test.flux", text: mutatedProgram(chooseFrom(numbers)) };
        const first = parse(source);
        errorsOf(tokenSoup(chooseFrom(numbers)));
        expect(parse(source)).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });
});

describe("one slip is at most one error, and costs no other declaration", () => {
  const slips = [...innerKeywords.map(spelling), "A", "=", "=>", "->", ":", ",", "(", ")", "[", "]", "{", "}", "<", ">", "*", "?", "7", "7s", "#", '"s"'];
  const place = fc.tuple(fc.nat(), fc.nat(), fc.nat());

  /** Of a program with one token changed: what is said, and which of the declarations around it are lost. */
  function slip(numbers: readonly number[], [which, where, what]: readonly [number, number, number], edit: "drop" | "insert" | "replace") {
    const tokens = programTokens(chooseFrom(numbers)).map((list) => [...list]);
    const index = which % Math.max(tokens.length, 1);
    const changed = tokens[index];
    if (changed === undefined) return undefined;
    const extra = slips[what % slips.length] ?? "A";
    if (edit === "insert") changed.splice(where % changed.length, 0, extra);
    else changed.splice(where % changed.length, 1, ...(edit === "replace" ? [extra] : []));
    const text = tokens.map((list) => joined(list, () => 0)).join("\n");
    const { value, errors } = parse({ path: "test.flux", text });
    return { text, errors, lost: tokens.length - value.declarations.length };
  }

  test.each(["drop", "insert", "replace"] as const)("%s", (edit) => {
    fc.assert(
      fc.property(chance, place, (numbers, at) => {
        const result = slip(numbers, at, edit);
        if (result === undefined) return;
        expect(result.errors.length, result.text).toBeLessThanOrEqual(1);
        expect(result.lost, result.text).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });
});
