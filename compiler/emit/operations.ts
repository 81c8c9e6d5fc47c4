/** What an edge does on the way, as C++. Where it leads is `step.ts`'s business. */
import { invariant } from "../diagnostics/checked.ts";
import type { Operation, SlotId } from "../flow/flow-graph.ts";
import { quoted } from "../nodes/cpp/cpp-text.ts";
import type { Lines } from "../text/lines.ts";
import type { PlannedLock } from "../target/target-plan.ts";
import { elided, indexOfNode, isTable, lockOf, lockText, slotOf, typeName, variable, type Naming } from "./naming.ts";

export function* operationLines(naming: Naming, operations: readonly Operation[]): Lines {
  for (const operation of operations) yield* operationText(naming, operation);
}

function* operationText(naming: Naming, operation: Operation): Lines {
  const { graph } = naming;
  switch (operation.kind) {
    case "construct":
      for (const slot of operation.slots) yield `${variable(naming, slot)}.construct();`;
      return;
    case "destroy":
      for (const slot of operation.slots) yield `${variable(naming, slot)}.destroy();`;
      return;
    case "move":
      yield* parallelMove(naming, operation.moves);
      return;
    case "release":
      for (const { lock, most, bit } of operation.releases) {
        const planned = lockOf(naming, lock);
        const release = releaseText(planned, most);
        if (bit === undefined) {
          // What was not acquired has set no bit either.
          yield planned.users === undefined ? release : `if (!${elided(planned)}) ${release}`;
        } else {
          yield `if (${bitsAreSet([bit])}) {`;
          yield `  ${release}`;
          yield `  ${clearBits([bit]).join(" ")}`;
          yield "}";
        }
      }
      return;
    case "release-all":
      if (graph.heldDepth > 0) yield "release_to(runtime, record, 0);";
      for (let word = 0; word * 64 < graph.heldBits.length; word++) yield `record.held_bits[${word}] = 0;`;
      return;
    case "mark-held":
      yield `record.mark_${operation.mark} = record.held.count();`;
      return;
    case "release-to-mark":
      if (graph.heldDepth > 0) yield `release_to(runtime, record, record.mark_${operation.mark});`;
      yield* clearBits(operation.bits);
      return;
    case "set-return":
      yield `record.return_${operation.level} = ${operation.value};`;
      return;
    case "set-deadline":
      yield `record.deadlines[${operation.deadline}] = runtime.deadline_after(${nanoseconds(operation.milliseconds)});  // ${operation.node}`;
      return;
    case "clear-deadlines":
      for (const deadline of operation.deadlines) yield `record.deadlines[${deadline}] = flux::never;`;
      return;
    case "add-path":
      yield `record.path += ${operation.amount};`;
      return;
    case "enter-path":
      yield `record.outer_path_${operation.level} = ${naming.parts.savedPath === "std::uint32_t" ? "static_cast<std::uint32_t>(record.path)" : "record.path"};`;
      yield "record.path = 0;";
      return;
    case "leave-path":
      yield operation.factor === 1n
        ? `record.path += record.outer_path_${operation.level};`
        : `record.path = record.outer_path_${operation.level} + record.path * ${operation.factor};`;
      return;
    case "end-path":
      yield `runtime.path(record, ${operation.unit});  // ${quoted(graph.paths.units[operation.unit]?.name ?? "").slice(1, -1)}`;
      return;
    case "keep-error":
      yield `${variable(naming, operation.slot)}.construct(record.error);`;
      return;
    case "begin-handling":
      if (naming.parts.handling) yield "record.handling = true;";
      return;
    case "count-failure":
      if (naming.parts.failure) yield "if (record.failure == 0) record.failure = record.error;";
      yield `runtime.failed(record, ${indexOfNode(naming, operation.node)});  // ${operation.node}`;
      return;
  }
}

/** Where a lock comes from a table it goes back there; of several keys, as many as were different. */
function releaseText(lock: PlannedLock, most: number): string {
  const text = `// ${lockText(lock)}`;
  if (most > 1) return `release_all_of(runtime, record, ${lock.rank});  ${text}`;
  return isTable(lock) ? `release_one(runtime, record);  ${text}` : `runtime.release(record, record.held.pop());  ${text}`;
}

/** A duration as C++, in a form a person can read; a limit longer than a century is a century. */
export function nanoseconds(milliseconds: number): string {
  const century = 100 * 365 * 24 * 3600 * 1000;
  const total = BigInt(Math.min(Math.round(milliseconds), century)) * 1_000_000n;
  return total.toString().replaceAll(/\B(?=(?:\d{3})+$)/g, "'");
}

/** One of the bits is set. */
export function bitsAreSet(bits: readonly number[]): string {
  return [...masks(bits)].map(([word, mask]) => `(record.held_bits[${word}] & ${hex(mask)}) != 0`).join(" || ");
}

export function setBit(bit: number): string {
  const [[word, mask] = [0, 0n]] = masks([bit]);
  return `record.held_bits[${word}] |= ${hex(mask)};`;
}

function clearBits(bits: readonly number[]): readonly string[] {
  return [...masks(bits)].map(([word, mask]) => `record.held_bits[${word}] &= ~std::uint64_t{${hex(mask)}};`);
}

function masks(bits: readonly number[]): ReadonlyMap<number, bigint> {
  const words = new Map<number, bigint>();
  for (const bit of [...bits].sort((one, other) => one - other)) {
    const word = Math.floor(bit / 64);
    words.set(word, (words.get(word) ?? 0n) | (1n << BigInt(bit % 64)));
  }
  return words;
}

function hex(mask: bigint): string {
  return `0x${mask.toString(16)}u`;
}

/** All moves at once, one after the other: a slot is written when it was read, and a cycle goes through a slot of its own. */
function* parallelMove(naming: Naming, moves: readonly { readonly from: SlotId; readonly to: SlotId }[]): Lines {
  const { graph } = naming;
  const from = new Map<SlotId, SlotId>();
  for (const move of moves) {
    if (move.from === move.to) continue;
    invariant(!from.has(move.to), `one value moves to slot ${move.to}`);
    from.set(move.to, move.from);
  }
  const read = new Set(from.values());
  const free = [...from.keys()].filter((to) => !read.has(to));
  const relocate = (to: SlotId, source: SlotId): string => `${variable(naming, to)}.relocate(${variable(naming, source)});`;
  const follow = function* (start: SlotId): Lines {
    let to = start;
    for (let source = from.get(to); source !== undefined; source = from.get(to)) {
      yield relocate(to, source);
      from.delete(to);
      to = source;
    }
  };
  for (const start of free) yield* follow(start);
  for (const start of [...from.keys()]) {
    if (!from.has(start)) continue;
    // What is left are cycles: the value of one slot waits aside until the slot that it goes to has been read.
    yield "{";
    yield `  flux::slot<${typeName(naming, slotOf(graph, start).type)}> aside;`;
    yield `  aside.relocate(${variable(naming, start)});`;
    let to = start;
    for (let source = from.get(to); source !== undefined; source = from.get(to)) {
      yield `  ${source === start ? `${variable(naming, to)}.relocate(aside);` : relocate(to, source)}`;
      from.delete(to);
      to = source;
    }
    yield "}";
  }
}
