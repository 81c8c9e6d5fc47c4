/**
 * From counts of paths to counts of edges. What a path's number means is not worked out backwards: the flow graph's own path
 * operations are done along every way through it, until all numbers that were counted have been met. So there is no second
 * opinion on the numbering, and a limit on the work: a program can have more ways than anybody can follow.
 */
import type { BlockId, Edge, Exit, FlowGraph, Operation } from "../flow/flow-graph.ts";

export interface EdgeCounts {
  readonly of: ReadonlyMap<Edge, number>;
  /** Counted paths whose way was found, and all that were counted. */
  readonly found: number;
  readonly counted: number;
}

/** Edges followed at most: some seconds of work. */
const mostSteps = 3_000_000;

interface State {
  readonly block: BlockId;
  readonly path: bigint;
  readonly saved: readonly bigint[];
  readonly returns: readonly number[];
  readonly handling: boolean;
  /** The way since the last end of a path, the latest first. */
  readonly way: Way | undefined;
}

interface Way {
  readonly edge: Edge;
  readonly before: Way | undefined;
}

/** @param counts by unit and number, as `pathKey` puts them together */
export function edgeCounts(graph: FlowGraph, counts: ReadonlyMap<string, number>): EdgeCounts {
  const of = new Map<Edge, number>();
  const open = new Map(counts);
  const counted = sum(counts.values());
  const begun = new Set<string>();
  const stack: State[] = [];
  const begin = (state: State): void => {
    const key = [state.block, state.saved.join(), state.returns.join(), state.handling].join(" ");
    if (begun.has(key) && state.path === 0n) return;
    if (state.path === 0n) begun.add(key);
    stack.push(state);
  };
  for (const { activation, flow } of graph.entries.toReversed()) {
    for (const block of activation === undefined ? [flow] : [flow, activation]) {
      begin({ block, path: 0n, saved: [], returns: [], handling: false, way: undefined });
    }
  }
  for (let steps = 0; steps < mostSteps && open.size > 0; steps++) {
    const state = stack.pop();
    if (state === undefined) break;
    const block = graph.blocks[state.block];
    if (block === undefined) continue;
    const here = done(state, block.operations, undefined);
    // Pushed last is followed first: the likeliest edge.
    for (const edge of waysOut(graph, block.exit, here).toReversed()) {
      const next = done(here, edge.operations, edge);
      if (next.way === undefined && next.path === 0n) begin({ ...next, block: edge.to });
      else stack.push({ ...next, block: edge.to });
    }
  }
  return { of, found: counted - sum(open.values()), counted };

  function done(state: State, operations: readonly Operation[], edge: Edge | undefined): State {
    let { path, saved, returns, handling } = state;
    let way = edge === undefined ? state.way : { edge, before: state.way };
    for (const operation of operations) {
      switch (operation.kind) {
        case "add-path":
          path += operation.amount;
          break;
        case "enter-path":
          saved = replaced(saved, operation.level, path, 0n);
          path = 0n;
          break;
        case "leave-path":
          path = (saved[operation.level] ?? 0n) + path * operation.factor;
          break;
        case "set-return":
          returns = replaced(returns, operation.level, operation.value, 0);
          break;
        case "begin-handling":
          handling = true;
          break;
        case "end-path":
          meet(pathKey(graph.paths.units[operation.unit]?.name ?? "", path), way);
          path = 0n;
          way = undefined;
          break;
        default:
          break;
      }
    }
    return { block: state.block, path, saved, returns, handling, way };
  }

  function meet(key: string, way: Way | undefined): void {
    const count = open.get(key);
    if (count === undefined) return;
    open.delete(key);
    for (let at = way; at !== undefined; at = at.before) of.set(at.edge, (of.get(at.edge) ?? 0) + count);
  }
}

export function pathKey(unit: string, path: bigint): string {
  return `${path} ${unit}`;
}

/** As the numbering sees it: calling again after a wait is no part of a path, what fails in the wait leaves from the call. */
function waysOut(graph: FlowGraph, exit: Exit, { returns, handling }: State): readonly Edge[] {
  switch (exit.kind) {
    case "goto":
    case "yield":
    case "call-handler":
      return [exit.next];
    case "call": {
      const wait = exit.again === undefined ? undefined : graph.blocks[exit.again.to]?.exit;
      return wait?.kind === "wait" ? [exit.ok, exit.fail, wait.fail] : [exit.ok, exit.fail];
    }
    case "wait":
      return [exit.ready, exit.fail];
    case "acquire":
      return [exit.granted, exit.fail];
    case "dispatch":
      return [...exit.cases.map(({ to }) => to), exit.fail];
    case "return": {
      const target = exit.targets[returns[exit.level] ?? 0];
      return target === undefined ? [] : [target];
    }
    case "if-handling":
      return [handling ? exit.yes : exit.no];
    case "spawn":
      return [exit.done, exit.fail];
    case "end":
      return [];
  }
}

function replaced<T>(list: readonly T[], index: number, value: T, empty: T): readonly T[] {
  const copy = Array.from({ length: Math.max(list.length, index + 1) }, (_, at) => list[at] ?? empty);
  copy[index] = value;
  return copy;
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const number of numbers) all += number;
  return all;
}
