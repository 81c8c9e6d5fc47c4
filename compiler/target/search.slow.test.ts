/** The same as `search.test.ts`, over 2,000 programs, and thousands of mutants. */
import { expect, test } from "vitest";
import { wrongElisions } from "./testing/parked-with.ts";
import { completelySearched, foundAndRefused } from "./testing/search.ts";

test("no interleaving of 2,000 planned programs waits for ever, or runs a node without what it asks for", () => {
  expect(completelySearched(1, 2000)).toBeGreaterThan(1500);
});

test("every mistake that the search finds in a mutated plan is refused", () => {
  const { deadlocks, others } = foundAndRefused(100, 170);
  expect(Math.min(deadlocks, others)).toBeGreaterThan(100);
});

test("nothing is left out of 2,000 programs that a flow is ever left with", () => {
  expect(wrongElisions(200, 2200).wrong).toEqual([]);
});
