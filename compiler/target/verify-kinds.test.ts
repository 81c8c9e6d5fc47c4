/** The certificate on plans written by hand, of every kind of constraint: what is right holds, and each mistake is named. */
import { describe, expect, test } from "vitest";
import { checkOnly } from "../compile.ts";
import type { Program } from "../check/program.ts";
import { mapEdges } from "../flow/finish.ts";
import type { Block, Exit, FlowGraph, Operation } from "../flow/flow-graph.ts";
import type { TargetPlan } from "./target-plan.ts";
import { searchAll } from "./testing/search.ts";
import { writtenPlan, type Written } from "./testing/written-plan.ts";
import { verifyLocks } from "./verify-locks.ts";

function program(lines: string): Program {
  const { value, diagnostics } = checkOnly({ path: "input.flux", text: lines });
  expect(diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code)).toEqual([]);
  return value;
}

const includes = `include "nodes.h";\n`;
const source = `Listen () => (int id, int other);\nsource Listen {session: SessionOf} => Top;\n`;
const keep = (name: string): string => `${name} (int id, int other) => (int id, int other);\n`;
const turn = (name: string): string => `${name} (int id, int other) => (int other, int id);\n`;
const renew = (name: string): string => `${name} (int id, int other) => (int fresh, int other);\n`;

/** What is right, and what the certificate says of what is not: nothing, where it holds. */
function holds(of: Program, written: Written): void {
  const plan = writtenPlan(of, written);
  expect(() => verifyLocks(plan)).not.toThrow();
  expect(searchAll(plan).wrong).toEqual([]);
}

function refuses(of: Program, written: Written, says: string): void {
  expect(() => verifyLocks(writtenPlan(of, written))).toThrow(says);
}

describe("a constraint of a session", () => {
  const one = program(`${includes}${source}Top = A -> B;\n${keep("A")}${keep("B")}atomic A: {cart(session)};\natomic B: {a};\natomic Top: {a};\n`);

  test("is held as the program's are", () => {
    holds(one, { locks: "a, cart", acquires: { Top: "a", A: "cart" } });
    refuses(one, { locks: "a, cart", acquires: { Top: "a" } }, "call_A runs without writing cart");
    refuses(one, { locks: "cart, a", acquires: { Top: "a", A: "cart" } }, "acquires against the order: cart");
    refuses(one, { locks: "a, cart", acquires: { Top: "a", A: "cart?" } }, "call_A runs without writing cart");
  });

  test("is of the kind that it was declared", () => {
    const plan = writtenPlan(one, { locks: "a, cart", acquires: { Top: "a", A: "cart" } });
    const locks = plan.locks.map((lock) => ({ ...lock, kind: "program" as const }));
    expect(() => verifyLocks({ ...plan, locks })).toThrow("is in a program without cart");
  });
});

describe("a pool", () => {
  const one = program(`${includes}pool db: 2;\n${source}Top = A -> B;\n${keep("A")}${keep("B")}atomic A: {db};\natomic B: {db, m};\natomic Top: {db};\n`);

  test("gives a flow one unit, however it nests", () => {
    holds(one, { locks: "db, m", acquires: { Top: "db", B: "m" } });
    refuses(one, { locks: "db, m", acquires: { Top: "db", A: "db", B: "m" } }, "may acquire what the flow holds already: db");
    refuses(one, { locks: "db, m", acquires: { A: "db", B: "m" } }, "call_B runs without writing db");
    refuses(one, { locks: "m, db", acquires: { Top: "db", B: "m" } }, "acquires against the order: m");
  });
});

describe("keys", () => {
  const two = program(`${includes}${source}Top = A -> B;\n${keep("A")}${keep("B")}atomic A: {page[id], page?[other]};\natomic B: {page};\n`);
  const right: Written = { locks: "page, page[]", acquires: { A: "page? page[id,other?]", B: "page" }, fixed: { A: "id other" } };

  test("are acquired with a share of all, and all of them as a writer", () => {
    holds(two, right);
    refuses(two, { ...right, acquires: { ...right.acquires, A: "page[id,other?]" } }, "acquires keys without a share of page");
    refuses(two, { ...right, acquires: { ...right.acquires, A: "page?" } }, "has a share without keys of page");
    refuses(two, { ...right, acquires: { ...right.acquires, B: "page?" } }, "has a share without keys of page");
    refuses(two, { ...right, acquires: { ...right.acquires, B: "page? page[id]" } }, "call_B runs without writing page");
    refuses(two, { ...right, locks: "page[], page" }, "acquires against the order: page");
    refuses(two, { ...right, locks: "page[]", acquires: { A: "page[id,other?]", B: "page[id]" } }, "call_B runs without writing page");
    holds(two, { ...right, acquires: { A: "page", B: "page" } });
  });

  test("are all that a node asks for, in their modes", () => {
    refuses(two, { ...right, acquires: { ...right.acquires, A: "page? page[id]" } }, "A runs without reading page[other]");
    refuses(two, { ...right, acquires: { ...right.acquires, A: "page? page[other?]" } }, "A runs without writing page[id]");
    refuses(two, { ...right, acquires: { ...right.acquires, A: "page? page[id?,other]" } }, "A runs without writing page[id]");
    refuses(two, { ...right, acquires: { B: "page" } }, "call_A runs without reading page[]");
  });

  test("cannot be changed while they are held", () => {
    refuses(two, { ...right, fixed: { A: "id" } }, "can change a key that is held: other");
    refuses(two, { ...right, fixed: {} }, "can change a key that is held: id");
  });

  test("are given back as many as were acquired", () => {
    const plan = writtenPlan(two, right);
    const one = changed(plan, (operation) => (operation.kind === "release" ? { ...operation, releases: operation.releases.map((each) => ({ ...each, most: 1 })) } : operation));
    expect(() => verifyLocks(one)).toThrow("gives back what was not acquired last: page[]");
  });

  test("may be held in part where one of them is given up on", () => {
    const plan = writtenPlan(two, right);
    const one = changed(plan, (operation, { label }) => (operation.kind === "release-all" && label === "failed_A" ? undefined : operation));
    expect(() => verifyLocks(one)).toThrow("compiler bug: the locks of this program are wrong");
  });
});

describe("a key inside what holds it", () => {
  const inner = (steps: string, nodes: string): Program =>
    program(`${includes}${source}Top = Outer;\nOuter = ${steps};\n${nodes}${keep("Work")}atomic Outer: {page[id]};\natomic Work: {page[id]};\n`);
  const outside = (fixed: string): Written => ({ locks: "page[]", acquires: { Outer: "page[id]" }, fixed: { Work: "id", ...(fixed === "" ? {} : { [fixed]: "id" }) } });

  test("is the same where it is passed through, and nobody may change it on the way", () => {
    const kept = inner("First -> Work", keep("First"));
    holds(kept, outside("First"));
    refuses(kept, outside(""), "call_First can change a key that is held: id");
    expect(searchAll(writtenPlan(kept, outside(""))).wrong).toContain("call_Work runs without page");
  });

  test("is another one where a node makes it new, or passes it on at another place", () => {
    refuses(inner("First -> Work", renew("First")), outside("First"), "Work runs without writing page[id]");
    refuses(inner("First -> Work", turn("First")), outside("First"), "Work runs without writing page[id]");
    holds(inner("First -> Second -> Work", turn("First") + `Second (int mine, int key) => (int key, int mine);\n`), { ...outside("First"), fixed: { First: "id", Second: "key", Work: "id" } });
  });

  test("is followed through sub-flows, empty ones, and all cases of a choice", () => {
    const nodes = "First = Some;\nSome = ;\n";
    holds(inner("First -> Work", nodes), outside(""));
    const choice = (other: string): string => `typedef odd IsOdd;\nFirst:[odd, _] = One;\nFirst:[_, _] = ${other};\n${keep("One")}${renew("Other")}`;
    holds(inner("First -> Work", choice("")), outside("One"));
    refuses(inner("First -> Work", choice("Other")), outside("One"), "Work runs without writing page[id]");
  });

  test("is always another in the published form", () => {
    const published = program(`Listen () => (int id, int other);\nsource Listen => Top;\nTop = Outer;\nOuter = First -> Work;\n${keep("First")}${keep("Work")}atomic Outer: {page[id]};\natomic Work: {page[id]};\n`);
    refuses(published, { locks: "page[]", acquires: { Outer: "page[id]" } }, "Work runs without writing page[id]");
    holds(published, { locks: "page", acquires: { Outer: "page" } });
  });

  test("needs nothing of its own under a writer of all", () => {
    holds(inner("First -> Work", renew("First")), { locks: "page", acquires: { Outer: "page" } });
    refuses(inner("First -> Work", renew("First")), { locks: "page, page[]", acquires: { Outer: "page", Work: "page? page[id]" } }, "may acquire what the flow holds already: page");
  });
});

describe("a loop inside what holds a key", () => {
  const loop = (last: string): Program =>
    program(`${includes}${source}Top = Outer;\nOuter = Loop;\nLoop = Work -> Next;\ntypedef odd IsOdd;\nNext:[odd, _] = Last -> Loop;\nNext:[_, _] = ;\n${keep("Work")}${last}atomic Outer: {page[id]};\natomic Work: {page[id]};\n`);
  const outside: Written = { locks: "page[]", acquires: { Outer: "page[id]" }, fixed: { Work: "id", Last: "id" } };

  test("keeps it where every round does", () => {
    holds(loop(keep("Last")), outside);
    refuses(loop(renew("Last")), outside, "Work runs without writing page[id]");
    expect(searchAll(writtenPlan(loop(renew("Last")), outside)).wrong).toContain("call_Work runs without page");
    refuses(loop(renew("Last")), { locks: "page[]", acquires: { Work: "page[id]" }, fixed: { Work: "id" } }, "runs without reading page[]");
    holds(loop(renew("Last")), { locks: "page", acquires: { Outer: "page" } });
  });

  test("comes to an end with what every round kept", () => {
    const after = (last: string): Program =>
      program(`${includes}${source}Top = Outer;\nOuter = Loop -> Work;\nLoop = First -> Next;\ntypedef odd IsOdd;\nNext:[odd, _] = Last -> Loop;\nNext:[_, _] = ;\n${keep("First")}${keep("Work")}${last}atomic Outer: {page[id]};\natomic Work: {page[id]};\n`);
    const fixed = { First: "id", Last: "id", Work: "id" };
    holds(after(keep("Last")), { ...outside, fixed });
    refuses(after(renew("Last")), { ...outside, fixed }, "Work runs without writing page[id]");
  });
});

describe("a key that is held on some ways in", () => {
  const shared = (second: string): Program =>
    program(`${includes}${source}typedef odd IsOdd;\nTop:[odd, _] = One;\nTop:[_, _] = Two;\nOne = Shared;\nTwo = ${second};\nShared = Work;\n${keep("Work")}${renew("First")}atomic One: {page[id]};\natomic Work: {page[id]};\n`);
  const fixed = { Work: "id" };

  test("is acquired on the others, of which a bit tells", () => {
    holds(shared("Shared"), { locks: "page[]", acquires: { One: "page[id]", Work: "~page[id]" }, fixed });
    refuses(shared("Shared"), { locks: "page[]", acquires: { One: "page[id]", Work: "page[id]" }, fixed }, "may acquire what the flow holds already: page[]");
    refuses(shared("Shared"), { locks: "page[]", acquires: { One: "page[id]" }, fixed }, "call_Work runs without reading page[]");
    holds(shared("First -> Shared"), { locks: "page[]", acquires: { One: "page[id]", Work: "~page[id]" }, fixed });
  });

  test("is the same on all on which it is held", () => {
    refuses(shared("First -> Shared"), { locks: "page[]", acquires: { One: "page[id]", Two: "page[id]" }, fixed }, "Work runs without writing page[id]");
    holds(shared("First -> Shared"), { locks: "page, page[]", acquires: { One: "page? page[id]", Two: "page" }, fixed });
    holds(shared("Shared"), { locks: "page, page[]", acquires: { One: "page", Work: "~page? ~page[id]" }, fixed });
    refuses(shared("Shared"), { locks: "page, page[]", acquires: { One: "page", Work: "~page? page[id]" }, fixed }, "may acquire what the flow holds already: page[]");
  });

  test("is not told from a share of all by its bit", () => {
    const plan = writtenPlan(shared("Shared"), { locks: "page, page[]", acquires: { One: "page", Work: "~page? ~page[id]" }, fixed });
    const share = plan.graph.blocks.flatMap(({ exit }) => (exit.kind === "acquire" && exit.lock === "page" && exit.mode === "read" ? (exit.bit ?? []) : []));
    const mistaken = exits(plan, (exit) => (exit.kind === "acquire" && exit.lock === "page[]" ? { ...exit, unless: [...exit.unless, ...share] } : exit));
    expect(share.length).toBe(1);
    expect(() => verifyLocks(mistaken)).toThrow("asks for the bit of another constraint than page[]");
    expect(searchAll(mistaken).wrong).toContain("call_Work runs without page");
  });
});

describe("a handler", () => {
  const handled = program(`${includes}${source}handle error A => Failed;\nTop = A;\n${keep("A")}Failed = Note;\nNote (int id, int error) => ();\natomic Failed: {page[id], code[error]};\n`);

  test("acquires keys of what it takes of the failed node, and of its error", () => {
    holds(handled, { locks: "code[], page[]", acquires: { Failed: "code[error] page[id]" } });
    refuses(handled, { locks: "code[], page[]", acquires: { Failed: "code[id] page[id]" } }, "Failed runs without writing code[error]");
    refuses(handled, { locks: "code[], page[]", acquires: { Failed: "code[error] page[error]" } }, "Failed runs without writing page[id]");
  });
});

describe("what is printed", () => {
  const one = program(`${includes}${source}Top = First -> Work;\n${keep("First")}${keep("Work")}atomic Top: {page[id]};\natomic Work: {page[id]};\n`);
  const plan = writtenPlan(one, { locks: "page[]", acquires: { Top: "page[id]" }, fixed: { First: "id", Work: "id" } });
  const slots = plan.graph.entries[0]?.tuple ?? [];

  test("acquires the key that is meant", () => {
    expect(() => verifyLocks(plan)).not.toThrow();
    const other = exits(plan, (exit) => (exit.kind === "acquire" ? { ...exit, keys: [{ slot: slots[1] ?? -1, mode: "write" as const }] } : exit));
    expect(() => verifyLocks(other)).toThrow("Top runs without writing page[id]");
    const nobodys = exits(plan, (exit) => (exit.kind === "acquire" ? { ...exit, keys: [{ slot: 1000, mode: "write" as const }] } : exit));
    expect(() => verifyLocks(nobodys)).toThrow("acquires the lock of something that is no input of its own");
  });

  test("passes on to a node what it asks for", () => {
    const turned = exits(plan, (exit) => (exit.kind === "call" && exit.node === "Work" ? { ...exit, inputs: exit.inputs.toReversed() } : exit));
    expect(() => verifyLocks(turned)).toThrow("call_Work is given another variable than the one it asks for");
  });
});

function exits(plan: TargetPlan, change: (exit: Exit) => Exit): TargetPlan {
  return { ...plan, graph: { ...plan.graph, blocks: plan.graph.blocks.map((block) => ({ ...block, exit: change(block.exit) })) } };
}

function changed(plan: TargetPlan, change: (operation: Operation, block: Block) => Operation | undefined): TargetPlan {
  const all = (operations: readonly Operation[], block: Block): readonly Operation[] => operations.flatMap((operation) => change(operation, block) ?? []);
  const blocks: FlowGraph["blocks"] = plan.graph.blocks.map((block) => ({
    ...block,
    operations: all(block.operations, block),
    exit: mapEdges(block.exit, (edge) => ({ ...edge, operations: all(edge.operations, block) })),
  }));
  return { ...plan, graph: { ...plan.graph, blocks } };
}
