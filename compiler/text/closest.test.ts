/** Tests of `closest.ts`: by example, and against the textbook's full table on random names. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowedEdits, closest, editsWithin } from "./closest.ts";

describe("closest", () => {
  const nodes = ["ReadRequest", "CheckCache", "Compress", "Write", "Complete", "db"];

  test.each([
    ["ReadRequets", "ReadRequest"],
    ["readrequest", "ReadRequest"],
    ["RedRequest", "ReadRequest"],
    ["Chekcache", "CheckCache"],
    ["Wriet", "Write"],
    ["DB", "db"],
  ])("%s is probably %s", (name, expected) => {
    expect(closest(name, nodes)).toBe(expected);
  });

  test.each(["Listen", "dc", "x", "", "Compile_all"])("%j is near nothing", (name) => {
    expect(closest(name, nodes)).toBeUndefined();
  });

  test("never offers the name itself", () => {
    expect(closest("Write", ["Write"])).toBeUndefined();
    expect(closest("Write", ["Write", "Wrote"])).toBe("Wrote");
  });

  test("a difference in case alone beats an edit, whatever the order", () => {
    expect(closest("Page", ["Pages", "Wage", "PAGE"])).toBe("PAGE");
    expect(closest("page", ["PAGE", "Page"])).toBe("Page");
  });

  test("of equally near names the first is taken", () => {
    expect(closest("Read", ["Reads", "Ready"])).toBe("Reads");
  });

  test("100,000 candidates take well under a second", () => {
    const candidates = Array.from({ length: 100_000 }, (_, index) => `HandleRequest${index}`);
    const begin = process.cpuUsage();
    expect(closest("HandelRequest99999", candidates)).toBe("HandleRequest99999");
    // Time of the processor: a machine that is busy with something else proves nothing.
    expect(process.cpuUsage(begin).user / 1_000).toBeLessThan(1_500);
  });

  test("a name of a million letters is no trouble", () => {
    const long = "ab".repeat(500_000);
    expect(closest(`${long}c`, [`${long}d`, "x"])).toBe(`${long}d`);
  });
});

describe("properties", () => {
  // Two letters in both cases: near misses, swaps and differences in case are frequent.
  const word = fc.string({ unit: fc.constantFrom("a", "b", "A", "B"), maxLength: 9 });

  test("the band finds what the full table finds", () => {
    fc.assert(
      fc.property(word, word, fc.nat(10), (from, to, limit) => {
        const edits = editsByFullTable(from, to);
        expect(editsWithin(from, to, limit)).toBe(edits <= limit ? edits : undefined);
      }),
      { numRuns: 3_000 },
    );
  });

  test("the answer is a candidate, is not the name, and none is nearer", () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 12 }), (name, candidates) => {
        const edits = (candidate: string): number =>
          editsByFullTable(name.toLowerCase(), candidate.toLowerCase());
        const near = candidates.filter((one) => one !== name && edits(one) <= allowedEdits(name));
        const answer = closest(name, candidates);
        if (answer === undefined) {
          expect(near).toEqual([]);
        } else {
          expect(near).toContain(answer);
          expect(edits(answer)).toBe(Math.min(...near.map(edits)));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The definition of the distance, as slow as it is plain. */
function editsByFullTable(from: string, to: string): number {
  const table = Array.from({ length: from.length + 1 }, (_, row) =>
    Array.from({ length: to.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number): number => table[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row++) {
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let edits = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        edits = Math.min(edits, at(row - 2, column - 2) + 1);
      }
      (table[row] ?? [])[column] = edits;
    }
  }
  return at(from.length, to.length);
}
