/** A hundred thousand hostile texts of each kind, and how long `parse` takes with the worst of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseFrom, programText } from "./arbitrary.ts";
import { brokenPromises, brokenPromisesOfBytes, mutatedProgram, rawBytes, tokenSoup } from "./hostile.ts";

const chance = fc.array(fc.nat(), { maxLength: 400, size: "max" });

describe("100,000 texts are survived", () => {
  test.each<[string, (numbers: readonly number[]) => readonly string[]]>([
    ["tokens in any order", (numbers) => brokenPromises(tokenSoup(chooseFrom(numbers)))],
    ["programs with something changed", (numbers) => brokenPromises(mutatedProgram(chooseFrom(numbers)))],
    ["raw bytes", (numbers) => brokenPromisesOfBytes(rawBytes(chooseFrom(numbers)))],
    ["programs", (numbers) => brokenPromises(programText(chooseFrom(numbers)))],
  ])("%s", (_, promises) => {
    fc.assert(
      fc.property(chance, (numbers) => {
        expect(promises(numbers)).toEqual([]);
      }),
      { numRuns: 100_000 },
    );
  });
});
