/** Which handler a failure goes to, sentence by sentence of the language reference. The failed node is always `B`. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { buildFlowGraph } from "./build-flow-graph.ts";
import type { BlockId, FlowGraph } from "./flow-graph.ts";

const program = `
include "nodes.h";
Listen () => (int n);
A (int n) => (int n);
B (int n) => (int n);
C (int n) => (int n);
source Listen => Page;
Page = A -> Inner -> C;
Inner = C -> Deep;
Deep = A -> B;
`;

/** The path of the handler that is called. Handlers are `H0`, `H1`, … in the order of their paths; none has a signature. */
function chosen(text: string, ...paths: readonly string[]): string {
  const handlers = paths.map((path, index) => `handle error ${path} => H${index};`).join("\n");
  const source = { path: "handlers.flux", text: `${text}${handlers}` };
  const { value, diagnostics } = check(parse(source).value, source, "build");
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const graph = buildFlowGraph(value, planLocks(value).value);
  const call = graph.blocks.find(({ exit }) => exit.kind === "call" && exit.node === "B");
  const handler = call?.exit.kind === "call" ? handlerAt(graph, call.exit.fail.to) : undefined;
  return handler === undefined ? "none" : (paths[Number(handler.slice(1))] ?? handler);
}

/** Where a failure arrives. */
function handlerAt(graph: FlowGraph, from: BlockId): string | undefined {
  for (let exit = graph.blocks[from]?.exit; exit !== undefined; ) {
    if (exit.kind === "call-handler") return exit.handler;
    if (exit.kind !== "goto") return undefined;
    exit = graph.blocks[exit.next.to]?.exit;
  }
  return undefined;
}

test.each([
  ["no handler: the flow ends", [], "none"],
  ["the last element is the failed node", ["B"], "B"],
  ["another node's is none of its business", ["C"], "none"],
  ["* handles all", ["*"], "*"],
  ["a name beats *", ["*", "B"], "B"],
  ["an abstract last element means any failure inside it", ["Page"], "Page"],
  ["also against *", ["*", "Page"], "Page"],
  ["the failed node beats what is around it", ["Page", "Deep", "B"], "B"],
  ["the nearest around beats one further out", ["Page", "Inner", "Deep"], "Deep"],
  ["the longer path wins", ["B", "Deep -> B"], "Deep -> B"],
  ["also if it is longer by *", ["B", "* -> B"], "* -> B"],
  ["compared from the end: a name beats * before length counts", ["Inner -> * -> B", "Deep -> B"], "Deep -> B"],
  ["before beats around", ["Deep -> B", "A -> B"], "A -> B"],
  ["at the first place where they differ", ["Inner -> Deep -> B", "C -> Deep -> B"], "C -> Deep -> B"],
  ["length counts more than before", ["Inner -> Deep -> B", "A -> B"], "Inner -> Deep -> B"],
  ["the left end is open", ["Page -> Inner -> Deep -> B", "Deep -> B"], "Page -> Inner -> Deep -> B"],
  ["a source stands before its target", ["Listen -> Page -> Inner -> Deep -> B", "Page -> Inner -> Deep -> B"], "Listen -> Page -> Inner -> Deep -> B"],
  ["what ran before the node around it", ["A -> Inner -> Deep -> B", "Page -> Inner -> Deep -> B"], "A -> Inner -> Deep -> B"],
])("%s", (_, paths, expected) => {
  expect(chosen(program, ...paths)).toBe(expected);
  // The order in which they are declared says nothing.
  expect(chosen(program, ...paths.toReversed())).toBe(expected);
});

test("a tail call starts the path anew at its target: what is around the loop stays around it", () => {
  const loop = `
include "nodes.h";
Listen () => (int n);
A (int n) => (int n);
B (int n) => (int n);
source Listen => Page;
typedef odd IsOdd;
Page = A -> Round;
Round = B -> Next;
Next:[odd] = A -> Round;
Next:[_] = ;
`;
  expect(chosen(loop, "Page")).toBe("Page");
  expect(chosen(loop, "A -> Round -> B", "Round -> B")).toBe("A -> Round -> B");
});
