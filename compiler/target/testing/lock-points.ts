/**
 * One flow as what others can see of it: the places where it asks for a constraint, what it holds there, and where it can
 * ask next. Every call may work or fail, every dispatch take any case. On the way, whoever runs without a constraint it
 * asks for is written down. An interpreter of blocks; shares no code with `verify-locks.ts`.
 */
import type { Acquisition, NodeName, Program } from "../../check/program.ts";
import { edgesOf } from "../../flow/draft.ts";
import type { Block, BlockId, Edge, FlowGraph, Operation } from "../../flow/flow-graph.ts";

export type Mode = "read" | "write";

/** A flow that asks for a constraint; `wants` is absent where it starts, and where it has ended. */
export interface Point {
  readonly wants?: { readonly constraint: string; readonly mode: Mode };
  readonly held: ReadonlyMap<string, Mode>;
  /** Where it asks next, having been granted this. */
  readonly next: Set<Point>;
  readonly label: string;
}

export interface LockPoints {
  readonly start: Point;
  readonly count: number;
  /** Nodes that run without what they ask for, what is released without being held, and the like. */
  readonly faults: ReadonlySet<string>;
}

interface State {
  readonly block: BlockId;
  readonly held: readonly { readonly constraint: string; readonly mode: Mode }[];
  readonly bits: readonly number[];
  readonly marks: readonly number[];
  readonly returns: readonly number[];
  /** The callers of the shared nodes around, outermost first. Levels need not rise in it: a handler has the highest one. */
  readonly callers: readonly { readonly level: number; readonly node: NodeName }[];
  /** By the block a loop starts with: how many callers there are around it. */
  readonly depths: Readonly<Record<BlockId, number>>;
}

/** @returns undefined where there are more than `most` states */
export function lockPoints(graph: FlowGraph, from: BlockId, most: number): LockPoints | undefined {
  const { blocks, program } = graph;
  const owners = ownersOf(program);
  const faults = new Set<string>();
  const loops = new Set(blocks.flatMap(({ exit }) => (exit.kind === "yield" ? [exit.next.to] : [])));
  const points = new Map<string, Point>();
  const seen = new Map<string, Set<string>>();
  let states = 0;

  function perform(state: State, operations: readonly Operation[], at: Block): State {
    return operations.reduce((before, operation): State => {
      switch (operation.kind) {
        case "release": {
          let { held, bits } = before;
          for (const { lock: constraint, bit } of operation.releases) {
            if (bit !== undefined && !bits.includes(bit)) continue;
            if (held.at(-1)?.constraint !== constraint) faults.add(`${at.label} releases ${constraint}`);
            held = held.slice(0, -1);
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

  function holds({ held }: State, asked: readonly Acquisition[], who: string): void {
    for (const { constraint, mode } of asked) {
      if (!held.some((each) => each.constraint === constraint && (mode === "read" || each.mode === "write"))) faults.add(`${who} runs without ${constraint}`);
    }
  }

  /** The node and those around it that nobody else mentions; what is around a shared one its callers ask for. */
  function around(state: State, node: NodeName | undefined, who: string): void {
    for (let at = node; at !== undefined; at = owners.get(at)) holds(state, program.nodes.get(at)?.acquires ?? [], who);
  }

  function along(state: State, { operations, to }: Edge, at: Block, isRound: boolean): State {
    const after = perform(state, operations, at);
    if (isRound) return { ...after, block: to, callers: after.callers.slice(0, after.depths[to] ?? 0) };
    return { ...after, block: to, depths: loops.has(to) ? { ...after.depths, [to]: after.callers.length } : after.depths };
  }

  const open: { readonly state: State; readonly point: Point }[] = [];
  const visit = (state: State, point: Point): void => {
    const key = JSON.stringify(state);
    const from = seen.get(key) ?? new Set();
    if (from.has(point.label)) return;
    seen.set(key, from.add(point.label));
    open.push({ state, point });
  };
  const begin: Point = { held: new Map(), next: new Set(), label: "start" };
  const end: Point = { held: new Map(), next: new Set(), label: "end" };
  visit({ block: from, held: [], bits: [], marks: [], returns: [], callers: [], depths: {} }, begin);
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if ((states += 1) > most) return undefined;
    const block = blocks[top.state.block] as Block;
    const state = perform(top.state, block.operations, block);
    const { exit } = block;
    const who = block.label;
    if (exit.kind === "end" || exit.kind === "spawn") {
      if (state.held.length + state.bits.length > 0) faults.add(`${who} ends with something held`);
      if (exit.kind === "end") top.point.next.add(end);
    }
    if (exit.kind === "call") {
      holds(state, program.nodes.get(exit.node)?.acquires ?? [], who);
      around(state, exit.inside, who);
      for (const { node } of state.callers) if (isInside(state, node)) around(state, node, who);
    }
    if (exit.kind === "acquire" && !exit.unless.some((bit) => state.bits.includes(bit))) {
      const { lock: constraint, mode } = exit;
      const key = `${JSON.stringify(state)}`;
      const known = points.get(key);
      const held = new Map(state.held.map((each) => [each.constraint, each.mode]));
      const point = known ?? { wants: { constraint, mode }, held, next: new Set<Point>(), label: `${points.size} ${who}` };
      points.set(key, point);
      top.point.next.add(point);
      // Given up on at its limit: as if it had not asked.
      visit(along(state, exit.fail, block, false), top.point);
      if (known !== undefined) continue;
      if (held.has(constraint)) faults.add(`${who} acquires ${constraint} again`);
      const granted = { ...state, held: [...state.held, { constraint, mode }], bits: exit.bit === undefined ? state.bits : [...state.bits, exit.bit] };
      visit(along(granted, exit.granted, block, false), point);
      continue;
    }
    const edges = exit.kind === "acquire" ? [exit.granted] : exit.kind === "return" ? [exit.targets[state.returns[exit.level] ?? -1]] : edgesOf(exit);
    const entered = exit.kind === "return" ? state.callers.findIndex(({ level }) => level === exit.level) : state.callers.length;
    for (const edge of edges) {
      if (edge === undefined || entered < 0) faults.add(`${who} returns to nobody`);
      else visit(along({ ...state, callers: state.callers.slice(0, entered) }, edge, block, exit.kind === "yield"), top.point);
    }
  }
  return { start: begin, count: points.size, faults };

  /** A root's own use of a shared node, and a handler's, stand in nothing. */
  function isInside(state: State, caller: NodeName): boolean {
    const first = state.callers[0];
    return !(first?.node === caller && !owners.has(caller) && isStart(program, caller));
  }
}

function isStart(program: Program, name: NodeName): boolean {
  return program.sources.some(({ node, target }) => node === name || target === name) || program.handlers.some(({ handler }) => handler === name);
}

/** The only node that mentions it, where there is one and nothing starts with it. */
function ownersOf(program: Program): ReadonlyMap<NodeName, NodeName> {
  const mentions = new Map<NodeName, NodeName[]>();
  for (const node of program.nodes.values()) {
    if (node.kind === "concrete") continue;
    for (const { steps } of node.kind === "sequence" ? [node] : node.cases) {
      for (const step of steps) if (!step.tailCall) mentions.set(step.node, [...(mentions.get(step.node) ?? []), node.name]);
    }
  }
  return new Map([...mentions].flatMap(([name, [owner, ...more]]) => (owner === undefined || more.length > 0 || isStart(program, name) ? [] : [[name, owner] as const])));
}

function replaced(list: readonly number[], index: number, value: number): readonly number[] {
  const made = [...list];
  while (made.length < index) made.push(-1);
  made[index] = value;
  return made;
}
