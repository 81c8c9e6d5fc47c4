/**
 * Locks in a model for Spin: how each kind is declared, acquired and given back. Of sessions and of keys there are two,
 * which is enough to be the same or not; a flow's id is chosen when it starts, a key when it is first asked for, and whoever
 * may change it makes it another. What a flow does between that is `promela.ts`'s business.
 */
import { edgesOf } from "../flow/draft.ts";
import type { AcquireExit, CallExit, Exit, FlowGraph, Operation, SlotId } from "../flow/flow-graph.ts";
import type { Lock } from "../locks/lock-plan.ts";
import { indent, type Lines } from "../text/lines.ts";

const values = [0, 1] as const;

/** A constraint with keys has two locks under one name. No name of one begins as the other's do. */
function named(what: "readers" | "writes" | "queue" | "held" | "taken", { constraint, kind }: Lock): string {
  return `${kind === "keys" ? "key_" : ""}${what}_${constraint}`;
}

function isTable({ kind }: Lock): boolean {
  return kind === "session" || kind === "keys";
}

export function* sharedVariables({ locks }: FlowGraph): Lines {
  for (const lock of locks) {
    const each = isTable(lock) ? `[${values.length}]` : "";
    const queue = `chan ${named("queue", lock)}${each} = [FLOWS] of { byte, mtype };`;
    if (lock.kind === "pool") yield `byte ${named("taken", lock)}; ${queue}`;
    else yield `byte ${named("readers", lock)}${each}; bit ${named("writes", lock)}${each}; ${queue}`;
  }
}

export function* flowVariables(graph: FlowGraph): Lines {
  const { locks, heldMarks } = graph;
  const several = (lock: Lock): string => (lock.kind === "keys" ? `[${values.length}]` : "");
  for (const lock of locks) yield `mtype ${named("held", lock)}${several(lock)} = 0;`;
  for (let mark = 0; mark < heldMarks; mark++) for (const lock of locks) yield `bit ${marked(mark, lock)};`;
  const { slots, turned } = keySlots(graph);
  for (const slot of slots) yield `byte value_${slot} = ${undecided};`;
  for (const slot of turned) yield `byte moving_${slot};`;
  if (locks.some(({ kind }) => kind === "session")) yield "byte session;";
}

/** @param exits  those that a flow can reach */
export function* chosenAtStart({ locks }: FlowGraph, exits: readonly Exit[]): Lines {
  const sessions = new Set(locks.flatMap(({ kind, name }) => (kind === "session" ? name : [])));
  if (exits.some((exit) => exit.kind === "acquire" && sessions.has(exit.lock))) yield `if ${values.map((id) => `:: session = ${id}`).join(" ")} fi;`;
}

function marked(mark: number, lock: Lock): string {
  return `${lock.kind === "keys" ? "key_" : ""}mark_${mark}_${lock.constraint}`;
}

const undecided = values.length;

interface KeySlots {
  /** Variables of the record that are asked for as keys, and those that are moved there. */
  readonly slots: ReadonlySet<SlotId>;
  /** Those that are read, by the same move, after they could be written. */
  readonly turned: ReadonlySet<SlotId>;
}

interface Move {
  readonly from: SlotId;
  readonly to: SlotId;
}

const slotsOf = new WeakMap<FlowGraph, KeySlots>();

function keySlots(graph: FlowGraph): KeySlots {
  const known = slotsOf.get(graph);
  if (known !== undefined) return known;
  const from = new Map<SlotId, SlotId[]>();
  const slots = new Set<SlotId>();
  const moves: (readonly Move[])[] = [];
  for (const { operations, exit } of graph.blocks) {
    if (exit.kind === "acquire") for (const { slot } of exit.keys ?? []) slots.add(slot);
    for (const operation of [...operations, ...edgesOf(exit).flatMap((edge) => edge.operations)]) {
      if (operation.kind !== "move") continue;
      moves.push(operation.moves);
      for (const move of operation.moves) from.set(move.to, [...(from.get(move.to) ?? []), move.from]);
    }
  }
  for (const slot of slots) for (const source of from.get(slot) ?? []) slots.add(source);
  const turned = new Set(moves.map((all) => all.filter(({ to }) => slots.has(to))).filter(isTurned).flatMap((all) => all.map(({ to }) => to)));
  const found = { slots, turned };
  slotsOf.set(graph, found);
  return found;
}

/** What keys are after a call that worked: a key that is held stays what it is. */
export function valuesAfter(graph: FlowGraph, { inputs, outputs }: CallExit): readonly string[] {
  const isKept = (slot: SlotId): boolean => inputs.some((argument) => argument.kind === "slot" && argument.slot === slot && argument.constant);
  return outputs.filter((slot) => keySlots(graph).slots.has(slot) && !isKept(slot)).map((slot) => `value_${slot} = ${undecided}`);
}

/** An acquisition that is made: `granted` and `fail` say where it leads. */
export function* acquired(graph: FlowGraph, exit: AcquireExit, granted: string, fail: string): Lines {
  const lock = lockNamed(graph, exit.lock);
  const { mode, keys = [], bit } = exit;
  const set = bit === undefined ? "" : `; bit_${bit} = 1`;
  const [only, ...more] = keys;
  const decide = keys.map(({ slot }) => `if :: value_${slot} == ${undecided} -> if ${values.map((value) => `:: value_${slot} = ${value}`).join(" ")} fi :: else fi`);
  if (decide.length > 0) yield `atomic { ${decide.join("; ")} };`;
  if (only !== undefined && more.length > 0) {
    for (const value of values) yield* severalGranting(graph, lock, keys, value, fail);
    yield `${set.slice(2)}${set === "" ? "" : "; "}${granted};`;
    return;
  }
  const index = lock.kind === "session" ? "[session]" : only === undefined ? "" : `[value_${only.slot}]`;
  yield* granting(graph, lock, mode, index, fail, set, granted);
}

/** Keys that are equal are one, in the stronger mode. */
function* severalGranting(graph: FlowGraph, lock: Lock, keys: NonNullable<AcquireExit["keys"]>, value: number, fail: string): Lines {
  const asked = (mode: "read" | "write"): string => keys.filter((key) => key.mode === mode).map(({ slot }) => `value_${slot} == ${value}`).join(" || ") || "false";
  yield "if";
  yield `:: ${asked("write")} ->`;
  yield* indent(indent(granting(graph, lock, "write", `[${value}]`, fail, "", "skip")));
  yield `:: !(${asked("write")}) && (${asked("read")}) ->`;
  yield* indent(indent(granting(graph, lock, "read", `[${value}]`, fail, "", "skip")));
  yield ":: else";
  yield "fi;";
}

function* granting(graph: FlowGraph, lock: Lock, mode: "read" | "write", index: string, fail: string, set: string, granted: string): Lines {
  const [queue, readers, writes] = [`${named("queue", lock)}${index}`, `${named("readers", lock)}${index}`, `${named("writes", lock)}${index}`];
  const held = `${named("held", lock)}${lock.kind === "keys" ? index : ""}`;
  const kind = mode === "read" ? "reader" : "writer";
  const taken = named("taken", lock);
  const free = lock.kind === "pool" ? `${taken} < ${units(graph, lock)}` : mode === "read" ? `${writes} == 0` : `${writes} == 0 && ${readers} == 0`;
  const take = lock.kind === "pool" ? `${taken}++` : mode === "read" ? `${readers}++` : `${writes} = 1`;
  yield "if";
  yield `:: ${queue} ! _pid, ${kind};`;
  yield `   atomic { (${queue} ? [eval(_pid), ${kind}]) && ${free} -> ${queue} ? eval(_pid), ${kind}; ${take}; ${held} = ${kind}${set} };`;
  yield `   ${granted}`;
  yield `:: ${fail}  /* its limit is over */`;
  yield "fi;";
}

function units({ program }: FlowGraph, { constraint }: Lock): number {
  const kind = program.constraints.get(constraint)?.kind;
  return kind?.kind === "pool" ? kind.size : 1;
}

function lockNamed({ locks }: FlowGraph, name: string): Lock {
  return locks.find((each) => each.name === name) as Lock;
}

/** What an operation does to locks and keys. */
export function performed(graph: FlowGraph, operation: Operation): readonly string[] {
  const { locks, heldBits } = graph;
  switch (operation.kind) {
    case "release":
      return operation.releases.map(({ lock, bit }) => {
        const back = givenBack(lockNamed(graph, lock));
        return bit === undefined ? back : `if :: bit_${bit} -> ${back}; bit_${bit} = 0 :: else -> skip fi`;
      });
    case "release-all":
      return [...locks.toReversed().map(givenBack), ...heldBits.map((_, bit) => `bit_${bit} = 0`)];
    case "mark-held":
      return locks.map((lock) => `${marked(operation.mark, lock)} = (${holds(lock)})`);
    case "release-to-mark":
      return [
        ...locks.toReversed().map((lock) => `if :: ${marked(operation.mark, lock)} -> skip :: else -> ${givenBack(lock)} fi`),
        ...operation.bits.map((bit) => `bit_${bit} = 0`),
      ];
    case "set-return":
      return [`return_${operation.level} = ${operation.value}`];
    case "move":
      return moved(keySlots(graph).slots, operation.moves);
    case "destroy":
      return operation.slots.filter((slot) => keySlots(graph).slots.has(slot)).map((slot) => `value_${slot} = ${undecided}`);
    default:
      return [];
  }
}

function givenBack(lock: Lock): string {
  if (lock.kind === "keys") return values.map((value) => givenBackAt(lock, `[${value}]`, `[${value}]`)).join("; ");
  return givenBackAt(lock, lock.kind === "session" ? "[session]" : "", "");
}

function givenBackAt(lock: Lock, index: string, heldIndex: string): string {
  const [held, readers, writes] = [`${named("held", lock)}${heldIndex}`, `${named("readers", lock)}${index}`, `${named("writes", lock)}${index}`];
  if (lock.kind === "pool") return `atomic { if :: ${held} != 0 -> ${named("taken", lock)}--; ${held} = 0 :: else -> skip fi }`;
  return `atomic { if :: ${held} == reader -> ${readers}--; ${held} = 0 :: ${held} == writer -> ${writes} = 0; ${held} = 0 :: else -> skip fi }`;
}

function holds(lock: Lock): string {
  const held = named("held", lock);
  return lock.kind === "keys" ? values.map((value) => `${held}[${value}] != 0`).join(" || ") : `${held} != 0`;
}

/** All at once: first read, then written. */
function moved(keys: ReadonlySet<SlotId>, moves: readonly Move[]): readonly string[] {
  const wanted = moves.filter(({ to }) => keys.has(to));
  const gone = moves.flatMap(({ from }) => (keys.has(from) && !wanted.some(({ to }) => to === from) ? `value_${from} = ${undecided}` : []));
  if (!isTurned(wanted)) return [...wanted.map(({ from, to }) => `value_${to} = value_${from}`), ...gone];
  const [read, written] = [wanted.map(({ from, to }) => `moving_${to} = value_${from}`), wanted.map(({ to }) => `value_${to} = moving_${to}; moving_${to} = 0`)];
  return [...read, ...written, ...gone];
}

/** One is written that another is read from. */
function isTurned(moves: readonly Move[]): boolean {
  const read = new Set(moves.map(({ from }) => from));
  return moves.some(({ to }) => read.has(to));
}
