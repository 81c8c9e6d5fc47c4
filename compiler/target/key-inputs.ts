/**
 * Which inputs of its node an acquisition of keys locks, for `verify-keys.ts`: the blocks name variables of the record, the
 * program inputs by position. Follows the tuple of a flow through the blocks: it starts as the source says, a call makes
 * another of its outputs, moves take it elsewhere. Ways are joined; what differs between them is nobody's input.
 */
import { edgesOf } from "../flow/draft.ts";
import type { NodeName, Program } from "../check/program.ts";
import type { AcquireExit, BlockId, CallExit, Edge, FlowGraph, Operation, SlotId } from "../flow/flow-graph.ts";

/** By position, where a flow keeps its tuple; and where what it failed with, which becomes the last input of a handler. */
interface Kept {
  readonly tuple: readonly (SlotId | undefined)[];
  readonly error: SlotId | undefined;
}

export interface KeyInputs {
  /** By block: one for each of the keys it acquires, -1 for what is no input. */
  readonly keys: ReadonlyMap<BlockId, readonly number[]>;
  /** Calls that pass on another variable than the tuple's. */
  readonly wrongCalls: readonly BlockId[];
}

/** Linear in blocks × positions. */
export function findKeyInputs(graph: FlowGraph): KeyInputs {
  const { blocks, entries } = graph;
  const kept: (Kept | undefined)[] = blocks.map(() => undefined);
  const open: BlockId[] = [];
  const reach = (id: BlockId, way: Kept): void => {
    const known = kept[id];
    const joined = known === undefined ? way : join(known, way);
    if (joined === known) return;
    kept[id] = joined;
    open.push(id);
  };
  for (const { activation, flow, tuple } of entries) {
    if (activation !== undefined) reach(activation, { tuple: [], error: undefined });
    reach(flow, { tuple, error: undefined });
  }
  const follow = ({ operations, to }: Edge, from: Kept): void => reach(to, operations.reduce(perform, from));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const block = blocks[id];
    const from = block?.operations.reduce(perform, kept[id] as Kept);
    if (block === undefined || from === undefined) continue;
    const { exit } = block;
    for (const edge of edgesOf(exit)) follow(edge, exit.kind === "call" ? afterCall(exit, edge, from) : from);
  }

  const keys = new Map<BlockId, readonly number[]>();
  const wrongCalls: BlockId[] = [];
  for (const [id, { operations, exit }] of blocks.entries()) {
    const before = kept[id];
    if (before === undefined) continue;
    const at = operations.reduce(perform, before);
    if (exit.kind === "acquire" && exit.keys !== undefined) {
      keys.set(id, exit.keys.map(({ slot }) => inputOf(graph, exit, slot, at)));
    } else if (exit.kind === "call" && !passesOn(exit, at)) wrongCalls.push(id);
  }
  return { keys, wrongCalls };
}

function join(one: Kept, other: Kept): Kept {
  const length = Math.min(one.tuple.length, other.tuple.length);
  const isSame = one.error === other.error && length === one.tuple.length && one.tuple.every((slot, at) => slot === undefined || slot === other.tuple[at]);
  if (isSame) return one;
  const tuple = one.tuple.slice(0, length).map((slot, at) => (slot === other.tuple[at] ? slot : undefined));
  return { tuple, error: one.error === other.error ? one.error : undefined };
}

function perform({ tuple, error }: Kept, operation: Operation): Kept {
  switch (operation.kind) {
    case "destroy":
      return without({ tuple, error }, operation.slots);
    case "construct":
      return without({ tuple, error }, operation.slots);
    case "move": {
      const to = new Map(operation.moves.map((move) => [move.from, move.to]));
      const gone = without({ tuple, error }, operation.moves.flatMap((move) => (to.has(move.to) ? [] : move.to)));
      const moved = (slot: SlotId | undefined): SlotId | undefined => (slot === undefined ? undefined : (to.get(slot) ?? slot));
      return { tuple: gone.tuple.map(moved), error: moved(gone.error) };
    }
    case "keep-error":
      return { tuple: without({ tuple, error }, [operation.slot]).tuple, error: operation.slot };
    default:
      return { tuple, error };
  }
}

function without({ tuple, error }: Kept, slots: readonly SlotId[]): Kept {
  const left = (slot: SlotId | undefined): SlotId | undefined => (slot === undefined || slots.includes(slot) ? undefined : slot);
  return { tuple: tuple.map(left), error: left(error) };
}

function afterCall({ inputs, outputs, ok, again }: CallExit, edge: Edge, from: Kept): Kept {
  if (edge === ok) return { tuple: outputs, error: undefined };
  return edge === again ? from : { ...from, tuple: from.tuple.slice(0, inputs.length) };
}

function passesOn({ inputs }: CallExit, { tuple }: Kept): boolean {
  return inputs.every((argument, position) => {
    const slot = tuple[position];
    return slot === undefined || (argument.kind === "slot" && argument.slot === slot);
  });
}

/**
 * A handler's flow begins with some inputs of what failed, then the error; until something has run, nodes inside have it at
 * the same place. One that several handlers begin with can have it at several.
 */
function errorInputs({ handlers, nodes }: Program, name: NodeName): readonly number[] {
  const begun = handlers.filter(({ handler, takesError }) => takesError && insideOf(nodes, handler).has(name));
  const places = new Set(begun.map(({ handler }) => (nodes.get(handler)?.inputs.length ?? 0) - 1));
  return [...places].filter((place) => nodes.get(name)?.inputs[place]?.type === "int");
}

/** With itself. */
function insideOf(nodes: Program["nodes"], name: NodeName): ReadonlySet<NodeName> {
  const inside = new Set([name]);
  for (const each of inside) {
    const node = nodes.get(each);
    if (node === undefined || node.kind === "concrete") continue;
    for (const { steps } of node.kind === "sequence" ? [node] : node.cases) for (const step of steps) if (!step.tailCall) inside.add(step.node);
  }
  return inside;
}

function inputOf({ program }: FlowGraph, { node }: AcquireExit, slot: SlotId, { tuple, error }: Kept): number {
  const known = tuple.indexOf(slot);
  if (known >= 0) return known;
  const possible = errorInputs(program, node);
  if (slot !== error && possible.length < 2) return -1;
  return possible.find((place) => program.nodes.get(node)?.acquires.some(({ key }) => key === place)) ?? possible[0] ?? -1;
}
