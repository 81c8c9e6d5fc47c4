/** A text read in pieces gives the tree that it gives as a whole, wherever the cuts fall. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseFrom, programText } from "./arbitrary.ts";
import { mutatedProgram } from "./hostile.ts";
import { FluxParser } from "./parser.ts";
import { parseInPieces, parseWhole } from "./pieces.ts";

const parser = new FluxParser();
const chance = fc.array(fc.nat(), { maxLength: 400, size: "max" });

test("random programs, cut every few characters", () => {
  let cut = 0;
  fc.assert(
    fc.property(chance, fc.nat(60), (numbers, size) => {
      const text = `${programText(chooseFrom(numbers))}\n`;
      const ast = parseInPieces(text, parser, size);
      if (ast === undefined) return;
      cut++;
      expect(parseWhole(text, parser)).toEqual({ value: ast, errors: [] });
    }),
    { numRuns: 2000 },
  );
  // A cut in a comment or before its end of line is given up; most are not.
  expect(cut).toBeGreaterThan(500);
});

test("what has a problem is never read in pieces", () => {
  fc.assert(
    fc.property(chance, fc.nat(60), (numbers, size) => {
      const text = mutatedProgram(chooseFrom(numbers));
      const { value, errors } = parseWhole(text, parser);
      const ast = parseInPieces(text, parser, size);
      if (errors.length > 0) expect(ast).toBeUndefined();
      else if (ast !== undefined) expect(ast).toEqual(value);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["a block comment", "A = B;\n/* C = D;\n E = F;\n G = H;\n*/\nI = J;\n"],
  ["a string", 'include "a;\nb.h";\nA = B;\nC = D;\n'],
  ["a declaration", "A = B // C;\n -> D;\nE = F;\nG = H;\n"],
])("a cut inside %s is given up", (_, text) => {
  expect(parseInPieces(text, parser, 8)).toBeUndefined();
});

test("a long text is cut", () => {
  const text = "A = B;\n".repeat(40_000);
  expect(parseInPieces(text, parser)).toEqual(parseWhole(text, parser).value);
});
