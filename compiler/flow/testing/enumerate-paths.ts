/**
 * Every path of a flow graph, one by one, with the number its operations give it. For small graphs only: there are as
 * many as their count says. Whether a lock is held already is left open here: both ways count.
 */
import { invariant } from "../../diagnostics/checked.ts";
import type { Edge, FlowGraph, Operation } from "../flow-graph.ts";

export interface Path {
  readonly unit: number;
  readonly number: bigint;
  /** What the flow did, from the start of the path to its end. */
  readonly trail: string;
}

interface State {
  readonly block: number;
  readonly path: bigint;
  readonly saved: ReadonlyMap<number, bigint>;
  readonly returns: ReadonlyMap<number, number>;
  readonly handling: boolean;
  readonly trail: string;
}

/** @returns `undefined` if there are more than `most` */
export function enumeratePaths(graph: FlowGraph, most: number): readonly Path[] | undefined {
  const paths = new Map<string, Path>();
  const started = new Set<string>();
  const open: State[] = [];

  const arrive = (from: State, edge: Edge, trail: string): void => {
    let state = from;
    let kept: string | undefined = from.trail === "" ? trail : `${from.trail} ${trail}`;
    const perform = (operation: Operation): void => {
      const { path, saved, returns } = state;
      if (operation.kind === "add-path") state = { ...state, path: path + operation.amount };
      else if (operation.kind === "enter-path") state = { ...state, saved: new Map([...saved, [operation.level, path]]), path: 0n };
      else if (operation.kind === "leave-path") {
        const before = saved.get(operation.level);
        invariant(before !== undefined, "a number was saved");
        state = { ...state, path: before + path * operation.factor };
      } else if (operation.kind === "set-return") {
        state = { ...state, returns: new Map([...returns, [operation.level, operation.value]]) };
      } else if (operation.kind === "begin-handling") state = { ...state, handling: true };
      else if (operation.kind === "end-path") {
        invariant(kept !== undefined, "one path ends at a time");
        // What was cut out is met once for each caller, with the same number.
        const known = paths.get(kept);
        invariant(known === undefined || (known.unit === operation.unit && known.number === path), "one path has one number");
        paths.set(kept, { unit: operation.unit, number: path, trail: kept });
        kept = undefined;
        state = { ...state, path: 0n };
      }
    };
    edge.operations.forEach(perform);
    const block = graph.blocks[edge.to];
    invariant(block !== undefined, "an edge leads to a block");
    block.operations.forEach(perform);
    // A tail call straight after something cut out: no path lies between.
    if (block.exit.kind === "yield") kept = undefined;
    if (kept === undefined) {
      // A new path: once from each place, with each way back.
      const returns = [...state.returns].sort(([a], [b]) => a - b).join(" ");
      const key = `${edge.to} ${returns} ${state.handling}`;
      if (started.has(key)) return;
      started.add(key);
      kept = `on from ${edge.to} with ${state.path}`;
    }
    open.push({ ...state, block: edge.to, trail: kept });
  };

  const begin: State = { block: -1, path: 0n, saved: new Map(), returns: new Map(), handling: false, trail: "" };
  for (const { flow, activation } of graph.entries) {
    for (const to of activation === undefined ? [flow] : [activation, flow]) arrive(begin, { operations: [], to }, `started at ${to}`);
  }
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (paths.size > most) return undefined;
    for (const [way, edge] of waysOn(graph, state)) arrive(state, edge, `${state.block}.${way}`);
  }
  return [...paths.values()];
}

/** What can happen next. Waiting and being called again is no part of a path. */
function waysOn(graph: FlowGraph, { block, returns, handling }: State): readonly (readonly [string, Edge])[] {
  const exit = graph.blocks[block]?.exit;
  invariant(exit !== undefined, "a block has an exit");
  switch (exit.kind) {
    case "goto":
    case "yield":
    case "call-handler":
      return [["next", exit.next]];
    case "call": {
      const wait = exit.again === undefined ? undefined : graph.blocks[exit.again.to]?.exit;
      const waited = wait?.kind === "wait" ? [["waited", wait.fail] as const] : [];
      return [["ok", exit.ok], ["fail", exit.fail], ...waited];
    }
    case "wait":
      return [["fail", exit.fail]];
    case "acquire":
      return [["granted", exit.granted], ["fail", exit.fail]];
    case "dispatch":
      return [...exit.cases.map(({ to }, index) => [`case ${index}`, to] as const), ["fail", exit.fail]];
    case "return": {
      const value = returns.get(exit.level) ?? -1;
      const target = exit.targets[value];
      invariant(target !== undefined, "a return value was set");
      return [[`return ${value}`, target]];
    }
    case "if-handling":
      return [handling ? ["yes", exit.yes] : ["no", exit.no]];
    case "spawn":
      return [["done", exit.done], ["fail", exit.fail]];
    case "end":
      return [];
  }
}
