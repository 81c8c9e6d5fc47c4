/**
 * Which variables of a record can share storage because no flow has one of each alive: a timer's flow needs no room beside
 * that of a connection's. Variables of one group may meet, those of two never do; says nothing of how a record is laid out.
 * Linear in the size of the graph.
 */
import { invariant } from "../diagnostics/checked.ts";
import { edgesOf } from "./draft.ts";
import type { FlowGraph, Operation, SlotId } from "./flow-graph.ts";

/** Every slot once; groups in the order of their first slots. What is never alive is in the first. */
export function groupsAliveTogether(graph: FlowGraph): readonly (readonly SlotId[])[] {
  const parent: SlotId[] = [...graph.slots.keys()];
  const seen = graph.slots.map(() => false);
  const rootOf = (slot: SlotId): SlotId => {
    let root = slot;
    for (let up = parent[root]; up !== undefined && up !== root; up = parent[root]) root = up;
    for (let at = slot; at !== root; ) {
      const up = parent[at];
      invariant(up !== undefined, `slot ${at} is in the graph`);
      parent[at] = root;
      at = up;
    }
    return root;
  };
  const meet = (slots: Iterable<SlotId>): void => {
    let first: SlotId | undefined;
    for (const slot of slots) {
      seen[slot] = true;
      first ??= slot;
      const [one, other] = [rootOf(first), rootOf(slot)];
      parent[Math.max(one, other)] = Math.min(one, other);
    }
  };
  for (const { operations, exit, alive } of graph.blocks) {
    meet(alive);
    const inside = follow(operations, alive, meet);
    for (const edge of edgesOf(exit)) follow(edge.operations, inside, meet);
  }
  const groups = new Map<SlotId, SlotId[]>();
  const rootOfFirst = rootOf(Math.max(seen.indexOf(true), 0));
  for (const slot of graph.slots.keys()) {
    const root = seen[slot] === true ? rootOf(slot) : rootOfFirst;
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [slot]);
    else group.push(slot);
  }
  return [...groups.values()];
}

/** Reports what meets on the way, and returns what is alive then; what changes nothing is not copied. */
function follow(operations: readonly Operation[], alive: Iterable<SlotId>, meet: (slots: Iterable<SlotId>) => void): Iterable<SlotId> {
  if (!operations.some(changesWhatIsAlive)) return alive;
  const now = new Set(alive);
  const begin = (slots: readonly SlotId[]): void => {
    for (const slot of slots) now.add(slot);
    const [any] = now;
    // Those that were alive already have met, so one of them stands for all.
    if (any !== undefined) meet([any, ...slots]);
  };
  for (const operation of operations) {
    if (operation.kind === "construct") begin(operation.slots);
    else if (operation.kind === "keep-error") begin([operation.slot]);
    else if (operation.kind === "destroy") for (const slot of operation.slots) now.delete(slot);
    else if (operation.kind === "move") {
      // One after the other, so all of them are there at once.
      begin(operation.moves.map(({ to }) => to));
      for (const { from } of operation.moves) now.delete(from);
      for (const { to } of operation.moves) now.add(to);
    }
  }
  return now;
}

function changesWhatIsAlive({ kind }: Operation): boolean {
  return kind === "construct" || kind === "keep-error" || kind === "destroy" || kind === "move";
}
