/**
 * One flow as what others can see of it: the places where it asks for a lock, what it holds there, and where it can ask
 * next. Every call may work or fail, every dispatch take any case, every key be one of two (`key-values.ts`). On the way,
 * whoever runs without a constraint it asks for is written down. An interpreter of blocks; shares no code with
 * `verify-locks.ts`.
 */
import type { Acquisition, Node, NodeName, Program } from "../../check/program.ts";
import { edgesOf } from "../../flow/draft.ts";
import type { AcquireExit, Block, BlockId, Edge, Exit, FlowGraph, Operation } from "../../flow/flow-graph.ts";
import { canonical, decided, entered, failed, firstValues, left, operated, returned, valueOf, type Value, type Values } from "./key-values.ts";

export type Mode = "read" | "write";

/** A flow that asks for a lock: `a`, `a of session 1`, `c[0]`; `wants` is absent where it starts, and where it has ended. */
export interface Point {
  readonly wants?: { readonly lock: string; readonly mode: Mode };
  readonly held: ReadonlyMap<string, Mode>;
  /** Where it asks next, having been granted this. */
  readonly next: Set<Point>;
  readonly label: string;
  /** Of its flow. */
  readonly id: number;
}

export interface LockPoints {
  readonly start: Point;
  readonly count: number;
  /** Nodes that run without what they ask for, what is released without being held, and the like. */
  readonly faults: ReadonlySet<string>;
  /** By block in which a flow can be left for another, the constraints that are held there on some way. */
  readonly heldAt: ReadonlyMap<BlockId, ReadonlySet<string>>;
}

interface Taken {
  /** Of its table, where it has one. */
  readonly lock: string;
  readonly name: string;
  readonly mode: Mode;
}

interface State {
  readonly block: BlockId;
  readonly held: readonly Taken[];
  readonly bits: readonly number[];
  readonly marks: readonly number[];
  readonly returns: readonly number[];
  /** The callers of the shared nodes around, outermost first. Levels need not rise in it: a handler has the highest one. */
  readonly callers: readonly { readonly level: number; readonly node: NodeName }[];
  /** By the block a loop starts with: how many callers there are around it. */
  readonly depths: Readonly<Record<BlockId, number>>;
  /** Absent where nothing is a key. */
  readonly values?: Values;
}

/**
 * @param session  the id of the flow
 * @returns undefined where there are more than `most` states
 */
export function lockPoints(graph: FlowGraph, from: BlockId, most: number, session = 0): LockPoints | undefined {
  const { blocks, program } = graph;
  const kinds = new Map(graph.locks.map(({ name, kind }) => [name, kind]));
  const owners = ownersOf(graph);
  const faults = new Set<string>();
  const loops = new Set(blocks.flatMap(({ exit }) => (exit.kind === "yield" ? [exit.next.to] : [])));
  const points = new Map<string, Point>();
  const seen = new Map<string, Set<string>>();
  let states = 0;
  const heldAt = new Map<BlockId, Set<string>>();
  const constraintOf = new Map(graph.locks.map(({ name, constraint }) => [name, constraint]));

  function leftAt(block: BlockId, { held }: State): void {
    const known = heldAt.get(block) ?? new Set();
    heldAt.set(block, known);
    for (const { lock } of held) known.add(constraintOf.get(lock) ?? lock);
  }

  function perform(state: State, operations: readonly Operation[], at: Block): State {
    return operations.reduce((old, operation): State => {
      const before = valuesOf(old, (values) => operated(operation.kind === "set-return" ? entered(values, chainOf(operation.caller), program) : values, operation));
      switch (operation.kind) {
        case "release": {
          let { held, bits } = before;
          for (const { lock, most: mostKeys, bit } of operation.releases) {
            if (bit !== undefined && !bits.includes(bit)) continue;
            if (held.at(-1)?.lock !== lock) faults.add(`${at.label} releases ${lock}`);
            const kept = mostKeys === 1 ? held.length - 1 : held.findLastIndex((each) => each.lock !== lock) + 1;
            held = held.slice(0, Math.max(0, kept));
            bits = bits.filter((each) => each !== bit);
          }
          return { ...before, held, bits };
        }
        case "release-all":
          return { ...before, held: [], bits: [] };
        case "mark-held":
          return { ...before, marks: replaced(before.marks, operation.mark, before.held.length) };
        case "release-to-mark":
          return {
            ...before,
            held: before.held.slice(0, before.marks[operation.mark] ?? 0),
            bits: before.bits.filter((bit) => !operation.bits.includes(bit)),
          };
        case "set-return": {
          const { level, value, caller } = operation;
          if (before.callers.some((each) => each.level === level)) faults.add(`${at.label} forgets where to return to`);
          return { ...before, returns: replaced(before.returns, level, value), callers: [...before.callers, { level, node: caller }] };
        }
        default:
          return before;
      }
    }, state);
  }

  /** @param valueAt  of an input of who asks */
  function holds({ held }: State, asked: readonly Acquisition[], who: string, valueAt: (input: number) => Value | undefined): void {
    const has = (name: string, mode: Mode): boolean => held.some((each) => each.name === name && (mode === "read" || each.mode === "write"));
    for (const { constraint, mode, key } of asked) {
      const kind = program.constraints.get(constraint)?.kind;
      if (kind?.kind !== "keyed") {
        if (!has(kind?.kind === "lock" && kind.scope === "session" ? ofSession(constraint) : constraint, mode)) faults.add(`${who} runs without ${constraint}`);
      } else if (!has(constraint, "write")) {
        const value = key === undefined ? undefined : valueAt(key);
        const isHeld = value !== undefined && value >= 0 && has(ofKey(constraint, value), mode);
        if (!isHeld || (kinds.has(constraint) && !has(constraint, "read"))) faults.add(`${who} runs without ${constraint}`);
      }
    }
  }

  function ofSession(lock: string): string {
    return `${lock} of session ${session}`;
  }

  function ofKey(constraint: string, value: Value): string {
    return `${constraint}[${value}]`;
  }

  /** The node and those around it that nobody else mentions, from the outside in; what is around a shared one its callers ask for. */
  function chainOf(node: NodeName | undefined): readonly Node[] {
    const chain: Node[] = [];
    for (let at = node; at !== undefined; at = owners.get(at)) {
      // A path that starts inside a shared node has the name of its source.
      const named = program.nodes.get(at);
      if (named !== undefined) chain.unshift(named);
    }
    return chain;
  }

  const insides = new Map<NodeName, ReadonlySet<NodeName>>();

  /** With itself. */
  function insideOf(node: NodeName): ReadonlySet<NodeName> {
    const known = insides.get(node);
    if (known !== undefined) return known;
    const inside = new Set([node]);
    for (const each of inside) {
      const at = program.nodes.get(each);
      if (at === undefined || at.kind === "concrete") continue;
      for (const step of (at.kind === "sequence" ? [at] : at.cases).flatMap(({ steps }) => steps)) if (!step.tailCall) inside.add(step.node);
    }
    insides.set(node, inside);
    return inside;
  }

  /** @param depth  how many shared nodes are around that */
  function around(state: State, node: NodeName | undefined, depth: number, who: string): void {
    const known = state.values?.frames[depth];
    for (const { name, acquires } of chainOf(node)) holds(state, acquires, who, (input) => known?.find(([each]) => each === name)?.[1][input]);
  }

  function along(state: State, { operations, to }: Edge, at: Block, isRound: boolean): State {
    const after = perform(state, operations, at);
    if (isRound) {
      const depth = after.depths[to] ?? 0;
      const again = valuesOf(after, (values) => left(values, depth, (inner) => insideOf(at.node).has(inner)));
      return { ...again, block: to, callers: after.callers.slice(0, depth) };
    }
    return { ...after, block: to, depths: loops.has(to) ? { ...after.depths, [to]: after.callers.length } : after.depths };
  }

  const open: { readonly state: State; readonly point: Point }[] = [];
  const visit = (made: State, point: Point): void => {
    const state = valuesOf(made, canonical);
    const key = JSON.stringify(state);
    const known = seen.get(key) ?? new Set();
    if (known.has(point.label)) return;
    seen.set(key, known.add(point.label));
    open.push({ state, point });
  };

  /** Asks for one lock after another, and goes on when it has them all. */
  function acquire(state: State, exit: AcquireExit, block: Block, point: Point, [first, ...more]: readonly Taken[]): void {
    if (first === undefined) {
      const bits = exit.bit === undefined ? state.bits : [...state.bits, exit.bit];
      return visit(along({ ...state, bits }, exit.granted, block, false), point);
    }
    const { name, mode } = first;
    const key = JSON.stringify([valuesOf(state, canonical), name, mode]);
    const known = points.get(key);
    const held = new Map(state.held.map((each) => [each.name, each.mode]));
    const next = known ?? { wants: { lock: name, mode }, held, next: new Set<Point>(), label: `${points.size} ${block.label} ${name}`, id: points.size };
    points.set(key, next);
    point.next.add(next);
    // Given up on at its limit: as if it had not asked.
    visit(along(state, exit.fail, block, false), point);
    if (known !== undefined) return;
    if (held.has(name)) faults.add(`${block.label} acquires ${name} again`);
    acquire({ ...state, held: [...state.held, first] }, exit, block, next, more);
  }

  /** What an acquisition asks for, for each value that its keys can have. */
  function* wanted(state: State, { lock, mode, keys }: AcquireExit, who: string): Generator<readonly [State, readonly Taken[]]> {
    const { values } = state;
    if (keys === undefined || values === undefined) return yield [state, [{ lock, name: kinds.get(lock) === "session" ? ofSession(lock) : lock, mode }]];
    const undecided = keys.map(({ slot }) => valueOf(values, slot)).find((value) => value !== undefined && value < 0);
    if (undecided !== undefined) {
      for (const value of [0, 1]) yield* wanted({ ...state, values: decided(values, undecided, value) }, { lock, mode, keys } as AcquireExit, who);
      return;
    }
    const modes = new Map<Value, Mode>();
    for (const key of keys) {
      const value = valueOf(values, key.slot);
      if (value === undefined) faults.add(`${who} acquires what is no key`);
      else if (modes.get(value) !== "write") modes.set(value, key.mode);
    }
    const ascending = [...modes].toSorted(([one], [other]) => one - other);
    yield [state, ascending.map(([value, each]) => ({ lock, name: ofKey(graph.locks.find(({ name }) => name === lock)?.constraint ?? lock, value), mode: each }))];
  }

  const begin: Point = { held: new Map(), next: new Set(), label: "start", id: -1 };
  const end: Point = { held: new Map(), next: new Set(), label: "end", id: -2 };
  const values = firstValues(program, graph.entries.find(({ flow }) => flow === from));
  visit({ block: from, held: [], bits: [], marks: [], returns: [], callers: [], depths: {}, ...(values === undefined ? {} : { values }) }, begin);
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if ((states += 1) > most) return undefined;
    const block = blocks[top.state.block] as Block;
    const { exit, label: who } = block;
    let state = perform(top.state, block.operations, block);
    if (exit.kind === "wait" || exit.kind === "yield" || exit.kind === "call" || exit.kind === "call-handler") leftAt(top.state.block, state);
    if (exit.kind === "end" || exit.kind === "spawn") {
      if (state.held.length + state.bits.length > 0) faults.add(`${who} ends with something held`);
      if (exit.kind === "end") top.point.next.add(end);
    }
    if (exit.kind === "call") {
      state = valuesOf(state, (old) => entered(old, chainOf(exit.inside), program));
      const passed = (input: number): Value | undefined => {
        const argument = exit.inputs[input];
        return argument?.kind === "slot" && state.values !== undefined ? valueOf(state.values, argument.slot) : undefined;
      };
      holds(state, program.nodes.get(exit.node)?.acquires ?? [], who, passed);
      around(state, exit.inside, state.callers.length, who);
      for (const [depth, { node }] of state.callers.entries()) if (isInside(state, node)) around(state, node, depth, who);
    }
    if (exit.kind === "acquire" && !exit.unless.some((bit) => state.bits.includes(bit))) {
      leftAt(top.state.block, state);
      for (const [asking, locks] of wanted(state, exit, who)) acquire(asking, exit, block, top.point, locks);
      continue;
    }
    const edges = exit.kind === "acquire" ? [exit.granted] : exit.kind === "return" ? [exit.targets[state.returns[exit.level] ?? -1]] : edgesOf(exit);
    const depth = exit.kind === "return" ? state.callers.findIndex(({ level }) => level === exit.level) : state.callers.length;
    for (const edge of edges) {
      if (edge === undefined || depth < 0) faults.add(`${who} returns to nobody`);
      else visit(along({ ...goneFrom(state, exit, edge, depth), callers: state.callers.slice(0, depth) }, edge, block, exit.kind === "yield"), top.point);
    }
  }
  return { start: begin, count: points.size, faults, heldAt };

  /** What is known of keys on an edge. */
  function goneFrom(state: State, exit: Exit, edge: Edge, depth: number): State {
    return valuesOf(state, (known) => {
      if (exit.kind === "return") return left(known, depth, () => false);
      if (exit.kind !== "call" || edge === exit.again) return known;
      return edge === exit.ok ? returned(known, exit, program.nodes.get(exit.node) as Node, program) : failed(known, exit);
    });
  }

  /** A root's own use of a shared node, and a handler's, stand in nothing. */
  function isInside(state: State, caller: NodeName): boolean {
    const first = state.callers[0];
    return !(first?.node === caller && !owners.has(caller) && isStart(program, caller));
  }
}

function valuesOf(state: State, change: (values: Values) => Values): State {
  return state.values === undefined ? state : { ...state, values: change(state.values) };
}

function isStart(program: Program, name: NodeName): boolean {
  return program.sources.some(({ node, target }) => node === name || target === name) || program.handlers.some(({ handler }) => handler === name);
}

/** The only node that mentions it, where there is one and nothing starts with it. What no flow reaches mentions nothing. */
function ownersOf({ program, blocks }: FlowGraph): ReadonlyMap<NodeName, NodeName> {
  const mentions = new Map<NodeName, NodeName[]>();
  // A handler that no failure leads to has no blocks.
  const named = new Set(blocks.flatMap(({ node, exit, operations }) => [node, ...(exit.kind === "call" ? (exit.inside ?? []) : []), ...operations.flatMap((each) => (each.kind === "set-return" ? each.caller : []))]));
  const starts = [...program.sources.flatMap(({ node, target }) => [node ?? target, target]), ...program.handlers.flatMap(({ handler }) => (named.has(handler) ? handler : []))];
  const reached = new Set(starts);
  for (const name of reached) {
    const node = program.nodes.get(name);
    if (node === undefined || node.kind === "concrete") continue;
    const last = node.kind === "sequence" ? -1 : node.cases.findIndex(({ patterns }) => patterns.every((pattern) => pattern === undefined));
    for (const { steps } of node.kind === "sequence" ? [node] : last < 0 ? node.cases : node.cases.slice(0, last + 1)) {
      for (const step of steps.filter(({ tailCall }) => !tailCall)) {
        mentions.set(step.node, [...(mentions.get(step.node) ?? []), name]);
        reached.add(step.node);
      }
    }
  }
  return new Map([...mentions].flatMap(([name, [owner, ...more]]) => (owner === undefined || more.length > 0 || starts.includes(name) ? [] : [[name, owner] as const])));
}

function replaced(list: readonly number[], index: number, value: number): readonly number[] {
  const made = [...list];
  while (made.length < index) made.push(-1);
  made[index] = value;
  return made;
}
