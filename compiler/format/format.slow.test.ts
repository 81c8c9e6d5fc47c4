/** The properties of the fast tests for 10,000 programs of each kind, and a program of 100,000 declarations. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseFrom, type Choose } from "../../grammar/arbitrary.ts";
import { parse } from "../../grammar/index.ts";
import { formatProgram } from "./format.ts";
import { commentedProgram, expectFormats, programWithAnyType } from "./testing/commented-program.ts";

const chance = fc.array(fc.nat(), { maxLength: 600, size: "max" });

test.each<[string, (choose: Choose) => string]>([
  ["with many comments", (choose) => commentedProgram(choose, 3)],
  ["with some comments", (choose) => commentedProgram(choose, 12)],
  ["with any type", programWithAnyType],
])("10,000 programs %s: nothing is lost, and a second time changes nothing", async (_, write) => {
  let formatted = 0;
  await fc.assert(
    fc.asyncProperty(chance, async (numbers) => {
      const text = write(chooseFrom(numbers));
      if (text.trim() === "" || parse({ path: "", text }).errors.length > 0) return;
      await expectFormats(text);
      formatted++;
    }),
    { numRuns: 10_000, endOnFailure: true },
  );
  expect(formatted).toBeGreaterThan(9000);
});

test("100,000 declarations are laid out", async () => {
  const text = "Node=Aaaa->Bbbb;// why\n".repeat(100_000);
  expect(await formatProgram({ path: "", text })).toBe("Node = Aaaa -> Bbbb; // why\n".repeat(100_000));
});
