/**
 * What one flow knows of the values that are keys, for `lock-points.ts`: the same, or not, or one of two. A value comes new
 * out of a call and stays undecided until it is asked for as a key; only then is it 0 or 1. Who may change what it passes on
 * makes it new. Also what each abstract node around was entered with. Only values of key types are kept.
 */
import type { Node, NodeName, Program } from "../../check/program.ts";
import type { CallExit, Operation, SlotId, SourceEntry } from "../../flow/flow-graph.ts";

/** 0 or 1 where it is decided; below 0: undecided, and the same as others of this number. */
export type Value = number;
type Tuple = readonly (Value | undefined)[];

export interface Values {
  readonly tuple: Tuple;
  readonly slots: readonly (readonly [SlotId, Value])[];
  /** What abstract nodes were entered with: one after another, for each shared node around. */
  readonly frames: readonly (readonly (readonly [NodeName, Tuple])[])[];
  /** Where a handler's flow begins: what it failed with, until the first call takes it. */
  readonly error?: Value;
}

const typesOf = new WeakMap<Program, ReadonlySet<string>>();

function keyTypes(program: Program): ReadonlySet<string> {
  const known = typesOf.get(program) ?? new Set([...program.constraints.values()].flatMap(({ kind }) => (kind.kind === "keyed" ? kind.keyType : [])));
  typesOf.set(program, known);
  return known;
}

/** @returns undefined where nothing is a key */
export function firstValues(program: Program, entry: SourceEntry | undefined): Values | undefined {
  const types = keyTypes(program);
  if (types.size === 0) return undefined;
  const inputs = entry === undefined ? [] : (program.nodes.get(entry.source.target)?.inputs ?? []);
  const tuple = inputs.map(({ type }, position) => (types.has(type) ? -1 - position : undefined));
  return { tuple, slots: stored(entry?.tuple ?? [], tuple), frames: [[]] };
}

function stored(slots: readonly SlotId[], tuple: Tuple): Values["slots"] {
  return slots.flatMap((slot, position) => {
    const value = tuple[position];
    return value === undefined ? [] : [[slot, value] as const];
  });
}

function fresh({ tuple, slots, frames, error }: Values): Value {
  return Math.min(0, error ?? 0, ...[tuple, ...frames.flat().map(([, entered]) => entered)].flat().map((value) => value ?? 0), ...slots.map(([, value]) => value)) - 1;
}

export function valueOf({ slots }: Values, slot: SlotId): Value | undefined {
  return slots.find(([each]) => each === slot)?.[1];
}

export function operated(values: Values, operation: Operation): Values {
  const without = (gone: readonly SlotId[]): Values["slots"] => values.slots.filter(([slot]) => !gone.includes(slot));
  switch (operation.kind) {
    case "destroy":
      return { ...values, slots: without(operation.slots) };
    case "move": {
      const moved = operation.moves.flatMap(({ from, to }) => {
        const value = valueOf(values, from);
        return value === undefined ? [] : [[to, value] as const];
      });
      return { ...values, slots: [...without(operation.moves.flatMap(({ from, to }) => [from, to])), ...moved] };
    }
    case "keep-error":
      return { ...values, slots: [...without([operation.slot]), [operation.slot, fresh(values)]], error: fresh(values) };
    case "begin-handling":
      return { ...values, frames: values.frames.map(() => []), error: values.error ?? fresh(values) };
    case "set-return":
      return { ...values, frames: [...values.frames, []] };
    default:
      return values;
  }
}

/** @param nodes  those around the next call, from the outside in: where it is the first in one of them, that one begins here */
export function entered(values: Values, nodes: readonly Node[], program: Program): Values {
  const { error, ...rest } = values;
  const tuple = begun(values, nodes[0], program);
  const known = values.frames.at(-1) ?? [];
  const added = nodes.filter(({ name, acquires }) => acquires.some(({ key }) => key !== undefined) && !known.some(([each]) => each === name));
  const kept = added.map(({ name, inputs }) => [name, inputs.map(({ type }, position) => (keyTypes(program).has(type) ? tuple[position] : undefined))] as const);
  const frames = values.frames.with(-1, [...known, ...kept]);
  return { ...rest, tuple, frames, ...(error === undefined || begins(nodes[0], program) ? {} : { error }) };
}

/** Where path numbers are put together a handler's flow is entered in the name of the one that failed: that is no beginning. */
function begins(outermost: Node | undefined, { handlers }: Program): boolean {
  return handlers.some(({ handler }) => handler === outermost?.name);
}

/** A handler's flow begins with what it takes of what failed, and the error. */
function begun({ tuple, error }: Values, outermost: Node | undefined, program: Program): Tuple {
  if (error === undefined || outermost === undefined || !begins(outermost, program)) return tuple;
  const takesError = program.handlers.some((each) => each.handler === outermost.name && each.takesError);
  const taken = outermost.inputs.length - (takesError ? 1 : 0);
  return [...outermost.inputs.slice(0, taken).map((_, position) => tuple[position]), ...(takesError ? [error] : [])];
}

/** @param exit  what was called; its node worked */
export function returned(values: Values, { inputs, outputs }: CallExit, node: Node, program: Program): Values {
  const { error: _, ...rest } = values;
  let next = fresh(values);
  const tuple = node.outputs.map(({ name, type }): Value | undefined => {
    if (!keyTypes(program).has(type)) return undefined;
    const same = program.form === "natural" ? node.inputs.findIndex((input) => input.name === name && input.type === type) : -1;
    const argument = inputs[same];
    const kept = argument?.kind === "slot" && argument.constant ? valueOf(values, argument.slot) : undefined;
    return kept ?? next--;
  });
  const slots = values.slots.filter(([slot]) => !outputs.includes(slot));
  return { ...rest, tuple, slots: [...slots, ...stored(outputs, tuple)] };
}

export function failed(values: Values, { inputs }: CallExit): Values {
  return { ...values, tuple: values.tuple.slice(0, inputs.length) };
}

/** @param rest  how many shared nodes are around then; @param isInside  of what begins again */
export function left(values: Values, rest: number, isInside: (node: NodeName) => boolean): Values {
  const frames = values.frames.slice(0, rest + 1);
  return { ...values, frames: frames.with(-1, (frames.at(-1) ?? []).filter(([node]) => !isInside(node))) };
}

/** What is undecided is this from here on. */
export function decided(values: Values, undecided: Value, value: Value): Values {
  return renamed(values, (each) => (each === undecided ? value : each));
}

/** Undecided values numbered as they come. */
export function canonical(values: Values): Values {
  const names = new Map<Value, Value>();
  const sorted = { ...values, slots: values.slots.toSorted(([one], [other]) => one - other) };
  return renamed(sorted, (value) => {
    if (value >= 0) return value;
    const name = names.get(value) ?? -1 - names.size;
    names.set(value, name);
    return name;
  });
}

function renamed({ tuple, slots, frames, error }: Values, name: (value: Value) => Value): Values {
  const each = (all: Tuple): Tuple => all.map((value) => (value === undefined ? undefined : name(value)));
  return {
    tuple: each(tuple),
    slots: slots.map(([slot, value]) => [slot, name(value)]),
    frames: frames.map((frame) => frame.map(([node, entry]) => [node, each(entry)])),
    ...(error === undefined ? {} : { error: name(error) }),
  };
}
