/** Extents and time limits: what a node opens when it is entered, closes when it ends, and what a tail call leaves. */
import type { NodeName } from "../check/program.ts";
import { covers, type PlannedAcquisition } from "../locks/lock-plan.ts";
import { acquisitions, nodeOf, surroundings, type AbstractUse, type Calls, type Mention } from "./calls.ts";
import type { Operation, Release } from "./flow-graph.ts";

export interface Extents {
  readonly heldBits: readonly string[];
  readonly heldMarks: number;
  /** The extent's own bit, where somebody must be able to tell whether it is open. */
  readonly bit: (node: NodeName, lock: string) => number | undefined;
  /** Bits that say that somebody else holds what this acquisition asks for. */
  readonly unless: (node: NodeName, acquisition: PlannedAcquisition) => readonly number[];
  /** The mark of a loop, where its tail calls cannot know what they leave. */
  readonly mark: (target: NodeName) => number | undefined;
  /** On the way out of a node that worked. */
  readonly leave: (mention: Mention | AbstractUse) => readonly Operation[];
  /** On the way from a tail call to its target, before anything is moved. */
  readonly leaveForTailCall: (mention: Mention) => readonly Operation[];
  /** On the way from a failure at `around` (and inside the node itself) to a handler. */
  readonly leaveForFailure: (mention: Mention | AbstractUse) => readonly Operation[];
}

export function planExtents(calls: Calls): Extents {
  const { program, plan } = calls;
  const { heldBits, bits } = assignBits(calls);
  const bit = (node: NodeName, lock: string): number | undefined => bits.get(`${node} ${lock}`)?.bit;
  const marks = new Map<NodeName, { readonly mark: number; readonly bits: readonly number[] }>();

  const release = (node: NodeName): readonly Release[] =>
    acquisitions(plan, node).toReversed().map(({ lock, mode, keys }) => {
      const own = bit(node, lock);
      return { lock, mode, most: keys?.length ?? 1, ...(own === undefined ? {} : { bit: own }) };
    });
  const clear = (first: number, end: number): readonly Operation[] =>
    end <= first ? [] : [{ kind: "clear-deadlines", deadlines: Array.from({ length: end - first }, (_, index) => first + index) }];
  const released = (releases: readonly Release[]): readonly Operation[] =>
    releases.length === 0 ? [] : [{ kind: "release", releases }];
  const around = (at: Mention | AbstractUse) =>
    "node" in at && typeof at.node === "string"
      ? { name: at.node, ...surroundings(calls.abstract, plan, at as Mention) }
      : { name: (at as AbstractUse).name, deadline: (at as AbstractUse).deadline, held: (at as AbstractUse).heldAround };
  const timed = (name: NodeName): number => (nodeOf(program, name).timeout === undefined ? 0 : 1);

  const tailCalls = calls.mentions.filter((mention) => mention.tailCall);
  const regions = new Map<NodeName, Set<NodeName>>();
  for (const mention of tailCalls) {
    if (openChain(calls, mention) !== undefined) continue;
    const region = regions.get(mention.node) ?? new Set();
    regions.set(mention.node, between(calls, mention, region));
  }
  for (const [target, region] of regions) {
    const open = [...region].flatMap((name) => acquisitions(plan, name).map(({ lock }) => ({ name, lock })));
    if (open.length === 0) continue;
    marks.set(target, { mark: marks.size, bits: open.flatMap(({ name, lock }) => bit(name, lock) ?? []) });
  }

  return {
    heldBits,
    heldMarks: marks.size,
    bit,
    unless: (node, { lock, ifNotHeld }) =>
      ifNotHeld ? [...bits.values()].filter((each) => covers(each, lock) && each.bit !== bit(node, lock)).map((each) => each.bit) : [],
    mark: (target) => marks.get(target)?.mark,
    leave: (at) => {
      const { name, deadline } = around(at);
      return [...clear(deadline, deadline + timed(name)), ...released(release(name))];
    },
    leaveForTailCall: (mention) => {
      const target = calls.abstract.get(mention.node);
      const here = surroundings(calls.abstract, plan, mention);
      const cleared = clear(target?.deadline ?? 0, here.deadline);
      const chain = openChain(calls, mention);
      if (chain !== undefined) return [...cleared, ...released(chain.flatMap(release))];
      const mark = marks.get(mention.node);
      return mark === undefined ? cleared : [...cleared, { kind: "release-to-mark", ...mark }];
    },
    leaveForFailure: (at) => {
      const { name, deadline, held } = around(at);
      const holds = held + acquisitions(plan, name).length > 0;
      return [...(holds ? [{ kind: "release-all" } as const] : []), ...clear(0, deadline + timed(name))];
    },
  };
}

/** The abstract nodes from a tail call out to its target, where each has one caller: then what is open is known. */
function openChain(calls: Calls, mention: Mention): readonly NodeName[] | undefined {
  const chain: NodeName[] = [];
  for (let at: Mention | undefined = mention; at?.owner !== undefined; ) {
    const use: AbstractUse | undefined = calls.abstract.get(at.owner);
    chain.push(at.owner);
    if (at.owner === mention.node) return chain;
    if (use === undefined || use.shared) return undefined;
    at = use.callers[0];
  }
  return undefined;
}

/** Every abstract node that can stand between a tail call and its target, both ends included. */
function between(calls: Calls, mention: Mention, region: Set<NodeName>): Set<NodeName> {
  region.add(mention.node);
  const open = [mention];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.owner === undefined || region.has(next.owner)) continue;
    region.add(next.owner);
    open.push(...(calls.abstract.get(next.owner)?.callers ?? []));
  }
  return region;
}

interface Marked {
  readonly lock: string;
  readonly mode: "read" | "write";
  readonly bit: number;
}

/** A bit for each extent that acquires only on some ways, and for those around it that hold the same constraint. */
function assignBits(calls: Calls): { readonly heldBits: readonly string[]; readonly bits: ReadonlyMap<string, Marked> } {
  const heldBits: string[] = [];
  const bits = new Map<string, Marked>();
  const conditional = new Map<string, Set<NodeName>>();
  for (const [node, all] of calls.plan.acquires) {
    for (const { constraint, ifNotHeld } of all) {
      if (!ifNotHeld) continue;
      const nodes = conditional.get(constraint) ?? new Set();
      conditional.set(constraint, nodes.add(node));
    }
  }
  const callersOf = new Map<NodeName, Set<NodeName>>();
  for (const { node, owner, tailCall } of calls.mentions) {
    if (conditional.size === 0 || owner === undefined || tailCall) continue;
    const callers = callersOf.get(node) ?? new Set();
    callersOf.set(node, callers.add(owner));
  }
  for (const [constraint, nodes] of conditional) {
    const relevant = new Set(nodes);
    const open = [...nodes];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const caller of callersOf.get(next) ?? []) {
        if (!relevant.has(caller)) open.push(caller);
        relevant.add(caller);
      }
    }
    for (const node of relevant) {
      for (const { lock, mode } of acquisitions(calls.plan, node).filter((each) => each.constraint === constraint)) {
        bits.set(`${node} ${lock}`, { lock, mode, bit: heldBits.push(lock) - 1 });
      }
    }
  }
  return { heldBits, bits };
}
