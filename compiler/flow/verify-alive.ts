/**
 * Checks of a flow graph that know nothing of how it was made: on every path each slot is constructed and destroyed in
 * turn, blocks are entered with exactly the slots alive that they name, what parks a flow changes none of them, and
 * nothing is alive at the end. Reports everything wrong, in words.
 */
import { edgesOf } from "./draft.ts";
import type { Block, Edge, FlowGraph, Operation, SlotId } from "./flow-graph.ts";

export function verifyAlive(graph: FlowGraph): readonly string[] {
  const wrong: string[] = [];
  for (const { flow, activation, tuple, source } of graph.entries) {
    const at = (id: number): Block | undefined => graph.blocks[id];
    const starts = at(flow);
    if (starts === undefined || !same(starts.alive, tuple)) wrong.push(`flows of ${source.name} do not start with their tuple`);
    if (activation !== undefined && at(activation)?.alive.length !== 0) wrong.push(`activations of ${source.name} start with something alive`);
  }
  for (const block of graph.blocks) {
    const inside = perform(block.operations, new Set(block.alive), wrong, block.label);
    const { exit } = block;
    const needs = (slots: readonly SlotId[], what: string): void => {
      for (const slot of slots) if (!inside.has(slot)) wrong.push(`${block.label}: ${what} needs ${name(graph, slot)}`);
    };
    if (exit.kind === "end" && inside.size > 0) wrong.push(`${block.label}: ends with ${[...inside].map((slot) => name(graph, slot)).join(", ")}`);
    if (parks(block) && !same([...inside], block.alive)) wrong.push(`${block.label}: parks with other slots than it was entered with`);
    if (exit.kind === "call") {
      needs(exit.inputs.flatMap((argument) => (argument.kind === "slot" ? [argument.slot] : [])), "a call");
      needs(exit.outputs, "an output");
      if (new Set(exit.outputs).size !== exit.outputs.length) wrong.push(`${block.label}: two outputs in one slot`);
    }
    if (exit.kind === "call-handler") needs(exit.inputs, "a handler");
    if (exit.kind === "spawn") needs(exit.values, "a new flow");
    if (exit.kind === "dispatch") needs(exit.cases.flatMap(({ tests }) => tests.map(({ slot }) => slot)), "a test");
    if (exit.kind === "acquire") needs((exit.keys ?? []).map(({ slot }) => slot), "a key");
    if (exit.kind === "wait") needs(exit.interests.flatMap(({ on }) => (on.kind === "slot" ? [on.slot] : [])), "a wait");
    for (const edge of edgesOf(exit)) verifyEdge(graph, block, edge, inside, wrong);
  }
  return wrong;
}

/**
 * What is alive at a block although nothing reads it before it is destroyed: what should have been destroyed on the way
 * there. Live variables by the textbook, backwards over blocks until nothing changes; for small graphs.
 */
export function findKeptTooLong(graph: FlowGraph): readonly string[] {
  const live: Set<SlotId>[] = graph.blocks.map(() => new Set());
  for (let changed = true; changed; ) {
    changed = false;
    for (const [id, block] of [...graph.blocks.entries()].reverse()) {
      const before = new Set(edgesOf(block.exit).flatMap((edge) => [...backward(edge.operations, live[edge.to] ?? new Set())]));
      for (const slot of readBy(block)) before.add(slot);
      const wanted = backward(block.operations, before);
      if (wanted.size === live[id]?.size) continue;
      live[id] = wanted;
      changed = true;
    }
  }
  // Where a flow starts its whole tuple is there; what goes straight on destroys on the way.
  const starts = new Set(graph.entries.map(({ flow }) => flow));
  return graph.blocks.flatMap((block, id) => {
    if (starts.has(id) || block.exit.kind === "goto" || block.exit.kind === "if-handling") return [];
    return block.alive.filter((slot) => live[id]?.has(slot) !== true).map((slot) => `${block.label}: ${name(graph, slot)} is kept too long`);
  });
}

/** What is wanted before some operations if `after` is wanted after them. */
function backward(operations: readonly Operation[], after: ReadonlySet<SlotId>): Set<SlotId> {
  const wanted = new Set(after);
  for (const operation of operations.toReversed()) {
    if (operation.kind === "construct") for (const slot of operation.slots) wanted.delete(slot);
    else if (operation.kind === "keep-error") wanted.delete(operation.slot);
    else if (operation.kind === "move") {
      const moved = operation.moves.filter(({ to }) => wanted.has(to));
      for (const { to } of operation.moves) wanted.delete(to);
      for (const { from } of moved) wanted.add(from);
    }
  }
  return wanted;
}

function readBy({ exit }: Block): readonly SlotId[] {
  switch (exit.kind) {
    case "call":
      return [...exit.inputs.flatMap((argument) => (argument.kind === "slot" ? [argument.slot] : [])), ...exit.outputs];
    case "call-handler":
      return exit.inputs;
    case "spawn":
      return exit.values;
    case "dispatch":
      return exit.cases.flatMap(({ tests }) => tests.map(({ slot }) => slot));
    case "acquire":
      return (exit.keys ?? []).map(({ slot }) => slot);
    default:
      return [];
  }
}

function verifyEdge(graph: FlowGraph, block: Block, edge: Edge, inside: ReadonlySet<SlotId>, wrong: string[]): void {
  const to = graph.blocks[edge.to];
  const arrives = perform(edge.operations, new Set(inside), wrong, `${block.label} to ${to?.label ?? "nowhere"}`);
  if (to === undefined || same([...arrives], to.alive)) return;
  const list = (slots: Iterable<SlotId>): string => [...slots].map((slot) => name(graph, slot)).join(", ");
  wrong.push(`${block.label} to ${to.label}: arrives with (${list(arrives)}), not (${list(to.alive)})`);
}

function perform(operations: readonly Operation[], alive: Set<SlotId>, wrong: string[], where: string): Set<SlotId> {
  const begin = (slot: SlotId): void => {
    if (alive.has(slot)) wrong.push(`${where}: slot ${slot} is constructed twice`);
    alive.add(slot);
  };
  const end = (slot: SlotId): void => {
    if (!alive.delete(slot)) wrong.push(`${where}: slot ${slot} is destroyed but not alive`);
  };
  for (const operation of operations) {
    if (operation.kind === "construct") operation.slots.forEach(begin);
    else if (operation.kind === "destroy") operation.slots.forEach(end);
    else if (operation.kind === "keep-error") begin(operation.slot);
    else if (operation.kind === "move") {
      operation.moves.forEach(({ from }) => end(from));
      operation.moves.forEach(({ to }) => begin(to));
    }
  }
  return alive;
}

/** A flow can be parked here: it goes on after the exit, not with the operations. */
function parks({ exit }: Block): boolean {
  return exit.kind === "call" || exit.kind === "wait" || exit.kind === "acquire" || exit.kind === "yield";
}

function same(one: readonly SlotId[], other: readonly SlotId[]): boolean {
  const set = new Set(one);
  return set.size === one.length && one.length === other.length && other.every((slot) => set.has(slot));
}

function name(graph: FlowGraph, slot: SlotId): string {
  return graph.slots[slot]?.name ?? `slot ${slot}`;
}
