/** What an edge does on the way: moves that happen all at once, in an order that loses nothing. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import type { FlowGraph, Operation, Slot } from "../flow/flow-graph.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { target } from "../target/target.ts";
import { nameAll, type Naming } from "./naming.ts";
import { nanoseconds, operationLines } from "./operations.ts";
import { manifest } from "./testing/generate.ts";

const folder = fileURLToPath(new URL("testdata/everything/", import.meta.url));

function namingOf(change: (graph: FlowGraph) => FlowGraph): Naming {
  const program = checkOnly({ path: "input.flux", text: readFileSync(join(folder, "input.flux"), "utf8") }).value;
  return nameAll(target(change(buildFlowGraph(program, planLocks(program).value)), manifest("thread")));
}

const count = 8;
const slots = Array.from({ length: count }, (_, index): Slot => ({ name: `s${index}`, type: "int", span: { start: 0, end: 0 } }));
const naming = namingOf((graph) => ({ ...graph, slots: [...graph.slots, ...slots], locks: [...graph.locks, { name: "c", constraint: "c", kind: "program" }] }));
const base = naming.graph.slots.length - count;

/** Carries the lines out on a record of numbers, as C++ would. Reading or writing what is not there throws. */
function carryOut(lines: Iterable<string>, alive: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const record = new Map(alive);
  for (const line of lines) {
    const [, to, from] = /^\s*(?:record\.tuple\.)?(\w+)\.relocate\((?:record\.tuple\.)?(\w+)\);$/.exec(line) ?? [];
    if (to === undefined || from === undefined) {
      expect(line).toMatch(/^\{|\}$|^ {2}flux::slot<int> aside;$/);
      continue;
    }
    const value = record.get(from);
    if (value === undefined) throw new Error(`${line}: ${from} holds nothing`);
    if (record.has(to)) throw new Error(`${line}: ${to} holds something`);
    record.delete(from);
    record.set(to, value);
  }
  return record;
}

const moves = fc
  .tuple(fc.shuffledSubarray([...slots.keys()]), fc.shuffledSubarray([...slots.keys()]))
  .map(([from, to]) => from.slice(0, to.length).map((slot, index) => ({ from: slot, to: to[index] as number })));

describe("a parallel move", () => {
  test("gives every slot what the one it comes from held, whatever the order and the cycles", () => {
    fc.assert(
      fc.property(moves, (wanted) => {
        const alive = new Map(wanted.map(({ from }) => [`s${from}`, from]));
        const operation: Operation = { kind: "move", moves: wanted.map(({ from, to }) => ({ from: base + from, to: base + to })) };
        const record = carryOut(operationLines(naming, [operation]), alive);
        expect(new Map([...record].sort())).toEqual(new Map(wanted.map(({ from, to }): [string, number] => [`s${to}`, from]).sort()));
      }),
      { numRuns: 2000 },
    );
  });

  test("of a cycle needs one slot more, and only then", () => {
    const lines = (pairs: readonly (readonly [number, number])[]): readonly string[] => [
      ...operationLines(naming, [{ kind: "move", moves: pairs.map(([from, to]) => ({ from: base + from, to: base + to })) }]),
    ];
    expect(lines([[0, 1], [1, 2]])).toEqual(["record.tuple.s2.relocate(record.tuple.s1);", "record.tuple.s1.relocate(record.tuple.s0);"]);
    expect(lines([[0, 0]])).toEqual([]);
    expect(lines([[0, 1], [1, 0]])).toEqual([
      ...["{", "  flux::slot<int> aside;", "  aside.relocate(record.tuple.s1);"],
      ...["  record.tuple.s1.relocate(record.tuple.s0);", "  record.tuple.s0.relocate(aside);", "}"],
    ]);
  });
});

describe("held bits", () => {
  test("are found beyond the first word", () => {
    const release = (bit: number): readonly string[] => [...operationLines(naming, [{ kind: "release", releases: [{ lock: "c", mode: "read", most: 1, bit }] }])];
    expect(release(2)[0]).toBe("if ((record.held_bits[0] & 0x4u) != 0) {");
    expect(release(64)[0]).toBe("if ((record.held_bits[1] & 0x1u) != 0) {");
    expect(release(2).join("\n")).toContain("record.held_bits[0] &= ~std::uint64_t{0x4u};");
  });

  test("are cleared together where a loop goes on", () => {
    const lines = [...operationLines(naming, [{ kind: "release-to-mark", mark: 1, bits: [1, 3, 70] }])];
    expect(lines).toEqual([
      "release_to(runtime, record, record.mark_1);",
      "record.held_bits[0] &= ~std::uint64_t{0xau};",
      "record.held_bits[1] &= ~std::uint64_t{0x40u};",
    ]);
  });
});

test("a duration is read in groups, and none is longer than a century", () => {
  expect(nanoseconds(15_000)).toBe("15'000'000'000");
  expect(nanoseconds(0)).toBe("0");
  expect(nanoseconds(Number.MAX_SAFE_INTEGER)).toBe(nanoseconds(100 * 365 * 24 * 3600 * 1000));
});
