/** The certificate against a search of all interleavings: what the search finds wrong, the certificate refuses. */
import { expect, test } from "vitest";
import { completelySearched, foundAndRefused } from "./testing/search.ts";

test("no interleaving of a planned program waits for ever, or runs a node without what it asks for", () => {
  expect(completelySearched(1, 40)).toBeGreaterThan(30);
});

test("every mistake that the search finds in a mutated plan is refused", () => {
  const { deadlocks, others } = foundAndRefused(1, 5);
  expect(deadlocks).toBeGreaterThan(5);
  expect(deadlocks + others).toBeGreaterThan(100);
});
