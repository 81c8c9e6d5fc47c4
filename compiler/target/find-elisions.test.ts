/** Which constraints may be left out: by programs written for it, and at random against an interpreter that follows every way. */
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { check } from "../check/index.ts";
import { buildFlowGraph } from "../flow/build-flow-graph.ts";
import type { FlowGraph } from "../flow/flow-graph.ts";
import type { Elision } from "../locks/elision.ts";
import { planLocks } from "../locks/plan-locks.ts";
import { findElisions } from "./find-elisions.ts";
import { offloadedBy, ranked, target } from "./target.ts";
import { wrongElisions } from "./testing/parked-with.ts";
import { verifyLocks } from "./verify-locks.ts";

function graphOf(text: string, isPublished = false): FlowGraph {
  const source = { path: "elided.flux", text: isPublished ? text : `include "nodes.h";\n${text}` };
  const { value: ast, errors } = parse(source);
  const { value: program, diagnostics } = check(ast, source, "build");
  expect([...errors, ...diagnostics.filter(({ severity }) => severity === "error")]).toEqual([]);
  return buildFlowGraph(program, planLocks(program).value);
}

/** `left out`, or why not, by constraint. */
function said(text: string, isPublished = false): Readonly<Record<string, string>> {
  const graph = graphOf(text, isPublished);
  const show = ({ obstacle }: Elision): string =>
    obstacle === undefined ? "left out" : `${obstacle.node} ${obstacle.kind}${obstacle.kind === "acquires" ? ` ${obstacle.constraint}` : ""}`;
  const elisions = findElisions(graph, offloadedBy(graph));
  verifyLocks({ graph, locks: ranked(graph, elisions), offloaded: offloadedBy(graph) });
  return Object.fromEntries([...elisions].map(([constraint, elision]) => [constraint, show(elision)]));
}

const nodes = "Listen () => (int a);\nA (int a) => (int a);\nB (int a) => (int a);\nC (int a) => (int a);\nsource Listen => F;\n";

describe("a constraint is left out", () => {
  test("where nothing parks while it is held, also where what it nests in is not", () => {
    expect(said(`${nodes}F = A -> B; atomic F: {outer}; atomic A: {inner};`)).toEqual({ inner: "left out", outer: "left out" });
    expect(said(`${nodes}F = A -> C; wait C: {readable a}; atomic F: {outer}; atomic A: {inner};`)).toEqual({ inner: "left out", outer: "C waits" });
  });

  test("and not where a node waits or blocks with it, however far inside", () => {
    expect(said(`${nodes}F = G -> A; G = B -> C; blocking C; atomic F: {x}; atomic A: {y}; atomic C: {z};`)).toEqual({ x: "C blocks", y: "left out", z: "C blocks" });
    expect(said(`${nodes}F = A -> B; wait A: {readable a}; atomic A: {x}; atomic B: {y};`)).toEqual({ x: "A waits", y: "left out" });
  });

  test("and not around what is acquired and is not left out", () => {
    expect(said(`${nodes}F = A -> C; blocking C; atomic C: {z}; atomic F: {x}; atomic A: {y};`)).toEqual({ x: "C blocks", y: "left out", z: "C blocks" });
    // `A` itself never parks; what it acquires behind `a` may.
    expect(said(`${nodes}F = A -> C; blocking C; atomic C: {z}; atomic A: {a, z};`)).toEqual({ a: "A acquires z", z: "C blocks" });
  });

  test("around no loop, for others run between its rounds, but in a round of it", () => {
    const loop = "L = A -> M; M:[_] = B -> L; typedef more More;";
    expect(said(`${nodes}F = C -> L; ${loop.replace("[_]", "[more]")} M:[_] = C; atomic F: {x}; atomic B: {y}; atomic L: {z};`)).toEqual({ x: "L yields", y: "left out", z: "left out" });
  });

  test("as a whole where it has keys: its class and they", () => {
    expect(said(`${nodes}F = A -> B -> C; blocking C; atomic A: {k[a]}; atomic B: {k}; atomic C: {z};`)).toEqual({ k: "left out", z: "C blocks" });
    expect(said(`${nodes}F = A -> B -> C; blocking C; atomic A: {k[a]}; atomic B: {k}; atomic C: {k[a]};`)).toEqual({ k: "C blocks" });
  });

  test("nowhere in a program of the published form, whose every node may block", () => {
    const published = "Listen () => (int a);\nA (int a) => ();\nsource Listen => A;\natomic A: {x};\n";
    expect(said(published, true)).toEqual({ x: "A blocks" });
    expect(said(published)).toEqual({ x: "left out" });
  });
});

test("its users are the flows and activations in which it is acquired, handlers too", () => {
  const program = `${nodes}Beat () => (); source Tick every 1s => Beat; Mend (int a, int error) => (); F = A -> B; handle error B => Mend;`;
  const graph = graphOf(`${program} atomic Mend: {mended}; atomic A: {x}; atomic Beat: {t}; atomic Listen: {l};`);
  const users = Object.fromEntries([...findElisions(graph, new Set())].map(([name, elision]) => [name, elision.users]));
  expect(users).toEqual({
    mended: [{ source: 0, activation: false }],
    x: [{ source: 0, activation: false }],
    t: [{ source: 1, activation: false }],
    l: [{ source: 0, activation: true }],
  });
});

test("who acquires what is inside is a user of what is around it, however far", () => {
  const program = `${nodes}Beat () => (int a); source Tick every 1s => Third; Third = Beat -> D; D (int a) => (); F = A -> G; G = B -> C;`;
  const graph = graphOf(`${program} atomic F: {outer}; atomic G: {middle}; atomic C: {inner}; atomic D: {inner}; atomic A: {alone};`);
  const [flow, tick] = [{ source: 0, activation: false }, { source: 1, activation: false }];
  const elisions = findElisions(graph, new Set());
  expect(Object.fromEntries([...elisions].map(([name, { users }]) => [name, users]))).toEqual({ outer: [flow, tick], middle: [flow, tick], inner: [flow, tick], alone: [flow] });
  // The certificate sees to it.
  const forgotten = new Map([...elisions, ["middle", { users: [flow] }]]);
  expect(() => verifyLocks({ graph, locks: ranked(graph, forgotten), offloaded: new Set() })).toThrow("acquire_inner_for_C may park while nothing keeps others from middle");
});

test("only where a flow is left nowhere but where it parks is any lock one that may be left out", () => {
  const graph = graphOf(`${nodes}F = A -> B; atomic A: {x};`);
  const manifest = { name: "any", title: "any", header: "any.hpp", worker: "any", run: "any", blockingNodes: "must-not" } as const;
  expect(target(graph, manifest).locks.map(({ users }) => users)).toEqual([undefined]);
  expect(target(graph, { ...manifest, cooperative: true }).locks.map(({ users }) => users)).toEqual([[{ source: 0, activation: false }]]);
});

test("the certificate refuses a constraint that is left out and held where a flow parks", () => {
  const graph = graphOf(`${nodes}F = A -> C; blocking C; atomic F: {x}; atomic A: {y};`);
  const offloaded = offloadedBy(graph);
  for (const [constraint, refused] of [["x", true], ["y", false]] as const) {
    const locks = ranked(graph, new Map([[constraint, { users: [{ source: 0, activation: false }] }]]));
    const verify = (): void => verifyLocks({ graph, locks, offloaded });
    if (refused) expect(verify).toThrow("acquire_y_for_A parks while nothing keeps others from x");
    else verify();
  }
});

test("of random programs, nothing is left out that a flow is ever left with, and little else is not", () => {
  const { wrong, careful, leftOut, real } = wrongElisions(1, 120);
  expect(wrong).toEqual([]);
  expect(Math.min(leftOut, real)).toBeGreaterThan(50);
  expect(careful).toBeLessThan(0.05 * real);
});
