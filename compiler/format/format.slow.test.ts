/** The property of `format.test.ts` for 20,000 programs, and a program of 100,000 declarations. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseFrom } from "../../grammar/arbitrary.ts";
import { formatProgram } from "./format.ts";
import { commentedProgram, expectFormats } from "./testing/commented-program.ts";

const chance = fc.array(fc.nat(), { maxLength: 600, size: "max" });

test.each([
  ["many", 3],
  ["some", 12],
])("10,000 programs with %s comments: none is lost, and a second time changes nothing", async (_, rarity) => {
  await fc.assert(
    fc.asyncProperty(chance, (numbers) => expectFormats(commentedProgram(chooseFrom(numbers), rarity))),
    { numRuns: 10_000, endOnFailure: true },
  );
});

test("100,000 declarations are laid out", async () => {
  const text = "Node=Aaaa->Bbbb;// why\n".repeat(100_000);
  expect(await formatProgram({ path: "", text })).toBe("Node = Aaaa -> Bbbb; // why\n".repeat(100_000));
});
