/**
 * From draft to flow graph: empty blocks threaded away, a block that only one edge leads to laid into that edge, blocks
 * nobody reaches dropped, the rest in the order a reader meets them, with labels of their own. Changes nothing of what runs.
 */
import { invariant } from "../diagnostics/checked.ts";
import { draftEdges, edgesOf, exitOf, failureOf, type Draft, type DraftBlock, type DraftEdge } from "./draft.ts";
import type { Block, BlockId, Edge, Exit, Operation, PathNumbering, SourceEntry } from "./flow-graph.ts";
import { uniqueName } from "./slots.ts";

export interface Finished {
  readonly blocks: readonly Block[];
  readonly entries: readonly SourceEntry[];
  readonly paths: PathNumbering;
}

export function finish(draft: Draft, entries: readonly SourceEntry[], paths: PathNumbering): Finished {
  // Where a path starts there must be a block, so that a number can be read back.
  const starts = new Set(paths.units.flatMap((unit) => unit.starts.map(({ at }) => at)));
  const resolve = shorten(draft, entries, starts);
  const order = inReadingOrder(draft, entries.flatMap(entryBlocks).map(resolve));
  const numbers = new Map(order.map((block, index) => [block.id, index]));
  const renumber = (id: BlockId): BlockId => {
    const number = numbers.get(resolve(id));
    invariant(number !== undefined, `block ${draft.at(id).label} is reached`);
    return number;
  };
  const edge = ({ operations, to }: Edge): Edge => ({ operations: merge(operations), to: renumber(to) });
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  const blocks = order.map(({ label, node, span, operations, exit, alive }): Block => {
    invariant(exit !== undefined, `${label} has an exit`);
    const unique = uniqueName(label, counts, taken);
    return { label: unique, node, span, operations: merge(operations), exit: mapEdges(exit, edge), alive };
  });
  return {
    blocks,
    entries: entries.map((entry) => ({
      ...entry,
      ...(entry.activation === undefined ? {} : { activation: renumber(entry.activation) }),
      flow: renumber(entry.flow),
    })),
    paths: {
      units: paths.units.map((unit) => ({
        ...unit,
        starts: unit.starts.flatMap((start) => (numbers.has(resolve(start.at)) ? [{ ...start, at: renumber(start.at) }] : [])),
      })),
    },
  };
}

function entryBlocks({ activation, flow }: SourceEntry): readonly BlockId[] {
  return activation === undefined ? [flow] : [activation, flow];
}

/** @returns where an edge to a block really leads. Changes the draft's edges to lead there. */
function shorten(draft: Draft, entries: readonly SourceEntry[], starts: ReadonlySet<BlockId>): (id: BlockId) => BlockId {
  const pinned = new Set(entries.flatMap(entryBlocks));
  const forward = new Map<BlockId, BlockId>();
  const resolve = (id: BlockId): BlockId => {
    let end = id;
    for (let next = forward.get(end); next !== undefined; next = forward.get(end)) end = next;
    for (let at = id; at !== end; ) {
      const next = forward.get(at) as BlockId;
      forward.set(at, end);
      at = next;
    }
    return end;
  };
  for (const block of draft.blocks) {
    if (block.exit?.kind !== "goto" || block.operations.length > 0 || block.exit.next.operations.length > 0) continue;
    if (resolve(block.exit.next.to) !== block.id) forward.set(block.id, block.exit.next.to);
  }
  const predecessors = new Map<BlockId, number>();
  for (const block of reachable(draft, [...pinned].map(resolve), resolve)) {
    for (const edge of draftEdges(block)) {
      edge.to = resolve(edge.to);
      predecessors.set(edge.to, (predecessors.get(edge.to) ?? 0) + 1);
    }
  }
  for (const id of [...pinned, ...starts]) predecessors.set(resolve(id), Infinity);
  for (const block of draft.blocks) {
    if (block.exit === undefined || !predecessors.has(block.id)) continue;
    for (const edge of draftEdges(block)) {
      while (predecessors.get(edge.to) === 1) {
        const next = draft.at(edge.to);
        if (next.exit?.kind !== "goto" || next === block) break;
        edge.operations.push(...next.operations, ...next.exit.next.operations);
        edge.to = next.exit.next.to;
      }
    }
  }
  return resolve;
}

function* reachable(draft: Draft, from: readonly BlockId[], resolve: (id: BlockId) => BlockId): Iterable<DraftBlock> {
  const seen = new Set(from);
  for (const id of seen) {
    const block = draft.at(id);
    yield block;
    // A set that grows while it is walked: its iterator sees what is added.
    for (const edge of edgesOf(exitOf(block))) seen.add(resolve(edge.to));
  }
}

/** What works first, in reverse postorder, so that cases come before what follows them; then failures and handlers. */
function inReadingOrder(draft: Draft, entries: readonly BlockId[]): readonly DraftBlock[] {
  const seen = new Set<BlockId>();
  const order: DraftBlock[] = [];
  const failures: BlockId[] = [];
  const walk = (from: BlockId, follow: (block: DraftBlock) => readonly DraftEdge[]): void => {
    if (seen.has(from)) return;
    const finished: DraftBlock[] = [];
    const stack: { readonly block: DraftBlock; readonly next: Iterator<DraftEdge> }[] = [];
    const enter = (id: BlockId): void => {
      if (seen.has(id)) return;
      seen.add(id);
      const block = draft.at(id);
      stack.push({ block, next: follow(block).toReversed().values() });
    };
    enter(from);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.next.next();
      if (step.done !== true) enter(step.value.to);
      else finished.push((stack.pop() as { block: DraftBlock }).block);
    }
    order.push(...finished.reverse());
  };
  const working = (block: DraftBlock): readonly DraftEdge[] => {
    const failure = failureOf(exitOf(block));
    if (failure !== undefined) failures.push(failure.to);
    return draftEdges(block).filter((edge) => edge !== failure);
  };
  for (const entry of entries) walk(entry, working);
  for (const failure of failures) walk(failure, draftEdges);
  return order;
}

const nothing: readonly Operation[] = [];

/** Neighbours that do the same become one. */
function merge(operations: readonly Operation[]): readonly Operation[] {
  if (operations.length < 2) return operations.length === 0 ? nothing : operations;
  const merged: Operation[] = [];
  for (const operation of operations) {
    const last = merged.at(-1);
    if (last?.kind === "destroy" && operation.kind === "destroy") {
      merged[merged.length - 1] = { kind: "destroy", slots: [...last.slots, ...operation.slots] };
    } else if (last?.kind === "release" && operation.kind === "release") {
      merged[merged.length - 1] = { kind: "release", releases: [...last.releases, ...operation.releases] };
    } else if (last?.kind === "clear-deadlines" && operation.kind === "clear-deadlines") {
      const deadlines = [...new Set([...last.deadlines, ...operation.deadlines])].sort((a, b) => a - b);
      merged[merged.length - 1] = { kind: "clear-deadlines", deadlines };
    } else if (last?.kind === "add-path" && operation.kind === "add-path") {
      merged[merged.length - 1] = { kind: "add-path", amount: last.amount + operation.amount };
    } else merged.push(operation);
  }
  return merged;
}

export function mapEdges(exit: Exit, edge: (edge: Edge) => Edge): Exit {
  switch (exit.kind) {
    case "goto":
    case "yield":
    case "call-handler":
      return { ...exit, next: edge(exit.next) };
    case "call": {
      const { again, ...rest } = exit;
      return { ...rest, ok: edge(exit.ok), ...(again === undefined ? {} : { again: edge(again) }), fail: edge(exit.fail) };
    }
    case "wait":
      return { ...exit, ready: edge(exit.ready), fail: edge(exit.fail) };
    case "acquire":
      return { ...exit, granted: edge(exit.granted), fail: edge(exit.fail) };
    case "dispatch":
      return { ...exit, cases: exit.cases.map((each) => ({ ...each, to: edge(each.to) })), fail: edge(exit.fail) };
    case "return":
      return { ...exit, targets: exit.targets.map(edge) };
    case "if-handling":
      return { ...exit, yes: edge(exit.yes), no: edge(exit.no) };
    case "spawn":
      return { ...exit, done: edge(exit.done), fail: edge(exit.fail) };
    case "end":
      return exit;
  }
}
