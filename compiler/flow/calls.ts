/**
 * Who uses whom: every mention of a node that a flow can reach, the nesting it stands in, and what that nesting opens
 * (return levels, time limits, extents). Says nothing of blocks, slots or handlers' choice.
 *
 * Without tail calls the nodes form a directed acyclic graph; everything here is one pass over it in topological order.
 */
import type { Case, Node, NodeName, Program, Step } from "../check/program.ts";
import type { LockPlan, PlannedAcquisition } from "../locks/lock-plan.ts";
import type { Span } from "../../grammar/span.ts";
import { invariant } from "../diagnostics/checked.ts";

/** Where a flow, an activation or a handler starts. */
export type Root =
  | { readonly kind: "activation"; readonly source: number }
  | { readonly kind: "flow"; readonly source: number }
  | { readonly kind: "handler"; readonly handler: NodeName };

/** One use of a node: a step, or what a root starts with. */
export interface Mention {
  readonly id: number;
  /** The same whichever handlers are wanted. */
  readonly key: string;
  readonly node: NodeName;
  readonly span: Span;
  readonly tailCall: boolean;
  /** The abstract node it is a step of; absent for a root's. */
  readonly owner?: NodeName;
  readonly root?: Root;
  /** The steps of the same sequence or case, and its place among them. */
  readonly sequence: readonly Mention[];
  readonly index: number;
}

/** An abstract node that some root reaches. */
export interface AbstractUse {
  readonly name: NodeName;
  readonly node: Exclude<Node, { readonly kind: "concrete" }>;
  /** One for a sequence; those that can match for a dispatch. Steps that are never reached are left out. */
  readonly cases: readonly { readonly patterns: Case["patterns"]; readonly steps: readonly Mention[]; readonly span: Span }[];
  /** False where every way through it is a tail call. */
  readonly ends: boolean;
  /** Uses other than tail calls. The index is the return value. */
  readonly callers: readonly Mention[];
  readonly shared: boolean;
  /** Its return level, where shared; else the level a shared node inside would have. */
  readonly level: number;
  /** Index of its deadline, where it has a timeout; else how many can be running around it. */
  readonly deadline: number;
  /** Most locks that can be held when it is entered. */
  readonly heldAround: number;
  /** Reached from a source, from a handler, or both. */
  readonly normal: boolean;
  readonly handling: boolean;
  /** Reached from an activation. */
  readonly activating: boolean;
  /** The only root that reaches it. */
  readonly onlyRoot: Mention | undefined;
}

export interface Calls {
  readonly program: Program;
  readonly plan: LockPlan;
  readonly mentions: readonly Mention[];
  readonly roots: readonly Mention[];
  readonly handlerRoots: ReadonlyMap<NodeName, Mention>;
  /** Callers before callees. */
  readonly abstract: ReadonlyMap<NodeName, AbstractUse>;
  readonly returnLevels: readonly number[];
  readonly deadlines: number;
  readonly heldDepth: number;
}

/**
 * @param handlers  the handler nodes whose flows are wanted; the others are left out
 * Linear in the size of the program.
 */
export function collectCalls(program: Program, plan: LockPlan, handlers: readonly NodeName[]): Calls {
  const mentions: Mention[] = [];
  const mention = (fields: Omit<Mention, "id">): Mention => {
    const made = { id: mentions.length, ...fields };
    mentions.push(made);
    return made;
  };
  const roots = rootsOf(program, handlers).map((root) => {
    const { node, span } = startOf(program, root);
    const sequence: Mention[] = [];
    const key = root.kind === "handler" ? `handler ${root.handler}` : `${root.kind} ${root.source}`;
    sequence.push(mention({ key, node, span, tailCall: false, root, sequence, index: 0 }));
    return sequence[0] as Mention;
  });

  const ending = findEnding(program, roots);
  const found = new Map<NodeName, Found>();
  const order = reach(program, roots, (owner, steps, ordinal) => {
    const sequence: Mention[] = [];
    const stop = steps.findIndex((step) => step.tailCall || !ending.has(step.node));
    for (const [index, step] of (stop < 0 ? steps : steps.slice(0, stop + 1)).entries()) {
      const key = `${owner}/${ordinal}/${index}`;
      sequence.push(mention({ key, node: step.node, span: step.span, tailCall: step.tailCall, owner, sequence, index }));
    }
    return sequence;
  }, found);
  for (const caller of mentions) if (!caller.tailCall) found.get(caller.node)?.callers.push(caller);

  const uses = new Map<NodeName, AbstractUse>();
  const returnLevels: number[] = [];
  let deadlines = 0;
  let heldDepth = 0;
  for (const name of order) {
    const { node, cases, callers } = found.get(name) as Found;
    const shared = callers.length > 1;
    const around = combined(callers.map((caller) => surroundings(uses, plan, caller)));
    const { level, deadline, held: heldAround, normal, handling, activating, onlyRoot } = around;
    const use: AbstractUse = {
      ...{ name, node, cases, ends: ending.has(name), callers, shared },
      ...{ level, deadline, heldAround, normal, handling, activating, onlyRoot },
    };
    uses.set(name, use);
    if (shared) returnLevels[use.level] = Math.max(returnLevels[use.level] ?? 0, callers.length);
  }
  for (const each of mentions) {
    if (each.tailCall) continue;
    const around = surroundings(uses, plan, each);
    deadlines = Math.max(deadlines, around.deadline + (nodeOf(program, each.node).timeout === undefined ? 0 : 1));
    heldDepth = Math.max(heldDepth, around.held + mostHeld(acquisitions(plan, each.node)));
  }
  const depth = Math.min(heldDepth, mostAtOnce(plan));
  const handlerRoots = new Map(roots.flatMap((root) => (root.root?.kind === "handler" ? [[root.node, root] as const] : [])));
  return { program, plan, mentions, roots, handlerRoots, abstract: uses, returnLevels, deadlines, heldDepth: depth };
}

export function nodeOf(program: Program, name: NodeName): Node {
  const node = program.nodes.get(name);
  invariant(node !== undefined, `node ${name} is in the program`);
  return node;
}

export function acquisitions(plan: LockPlan, node: NodeName): readonly PlannedAcquisition[] {
  return plan.acquires.get(node) ?? [];
}

/** Locks that these are when all are granted. */
function mostHeld(all: readonly PlannedAcquisition[]): number {
  return all.reduce((sum, { keys }) => sum + (keys?.length ?? 1), 0);
}

/** A flow holds each lock once, and no more keys of one than some node asks for. */
function mostAtOnce({ locks, acquires }: LockPlan): number {
  const most = new Map(locks.map(({ name }) => [name, 1]));
  for (const { lock, keys } of [...acquires.values()].flat()) most.set(lock, Math.max(most.get(lock) ?? 1, keys?.length ?? 1));
  return [...most.values()].reduce((sum, each) => sum + each, 0);
}

/** What stands around a mention. */
export interface Surroundings {
  /** Return levels in use. */
  readonly level: number;
  /** Time limits that can be running. */
  readonly deadline: number;
  /** Locks that can be held. */
  readonly held: number;
  readonly normal: boolean;
  readonly handling: boolean;
  readonly activating: boolean;
  readonly onlyRoot: Mention | undefined;
}

export function surroundings(uses: ReadonlyMap<NodeName, AbstractUse>, plan: LockPlan, mention: Mention): Surroundings {
  if (mention.owner === undefined) {
    const handling = mention.root?.kind === "handler";
    const activating = mention.root?.kind === "activation";
    return { level: 0, deadline: 0, held: 0, normal: !handling, handling, activating, onlyRoot: mention };
  }
  const owner = uses.get(mention.owner);
  invariant(owner !== undefined, `${mention.owner} comes before ${mention.node}`);
  return {
    level: owner.level + (owner.shared ? 1 : 0),
    deadline: owner.deadline + (owner.node.timeout === undefined ? 0 : 1),
    held: owner.heldAround + mostHeld(acquisitions(plan, owner.name)),
    normal: owner.normal,
    handling: owner.handling,
    activating: owner.activating,
    onlyRoot: owner.onlyRoot,
  };
}

/** What can stand around a node with several callers. */
function combined(all: readonly Surroundings[]): Surroundings {
  return all.reduce((one, other) => ({
    level: Math.max(one.level, other.level),
    deadline: Math.max(one.deadline, other.deadline),
    held: Math.max(one.held, other.held),
    normal: one.normal || other.normal,
    handling: one.handling || other.handling,
    activating: one.activating || other.activating,
    onlyRoot: one.onlyRoot === other.onlyRoot ? one.onlyRoot : undefined,
  }));
}

interface Found {
  readonly node: AbstractUse["node"];
  readonly cases: AbstractUse["cases"];
  readonly callers: Mention[];
}

/** Abstract nodes in topological order, callers first. A stack of its own: programs nest deeper than the machine's goes. */
function reach(
  program: Program,
  roots: readonly Mention[],
  mentionSteps: (owner: NodeName, steps: readonly Step[], ordinal: number) => readonly Mention[],
  found: Map<NodeName, Found>,
): readonly NodeName[] {
  const finished: NodeName[] = [];
  const stack: { readonly name: NodeName; readonly next: Iterator<Mention> }[] = [];
  const enter = (name: NodeName): void => {
    const node = nodeOf(program, name);
    if (node.kind === "concrete" || found.has(name)) return;
    const cases = casesOf(node).map(({ patterns, steps, span }, ordinal) => ({
      ...{ patterns, span },
      steps: mentionSteps(name, steps, ordinal),
    }));
    found.set(name, { node, cases, callers: [] });
    // Last first, so that what is finished last, reversed, comes in the order written.
    const children = cases.flatMap(({ steps }) => steps.filter((step) => !step.tailCall)).reverse();
    stack.push({ name, next: children.values() });
  };
  for (const root of [...roots].reverse()) {
    enter(root.node);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.next.next();
      if (step.done !== true) enter(step.value.node);
      else finished.push((stack.pop() as { name: NodeName }).name);
    }
  }
  return finished.reverse();
}

/** The nodes a flow can come out of. */
function findEnding(program: Program, roots: readonly Mention[]): ReadonlySet<NodeName> {
  const ending = new Set<NodeName>();
  const seen = new Set<NodeName>();
  const stack: { readonly node: Node; readonly next: Iterator<Step> }[] = [];
  const enter = (name: NodeName): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const node = nodeOf(program, name);
    const steps = node.kind === "concrete" ? [] : casesOf(node).flatMap((each) => each.steps);
    stack.push({ node, next: steps.filter((step) => !step.tailCall).values() });
  };
  for (const root of roots) {
    enter(root.node);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.next.next();
      if (step.done !== true) {
        enter(step.value.node);
        continue;
      }
      stack.pop();
      const { node } = top;
      const through = (steps: readonly Step[]): boolean => steps.every((each) => !each.tailCall && ending.has(each.node));
      if (node.kind === "concrete" || casesOf(node).some(({ steps }) => through(steps))) ending.add(node.name);
    }
  }
  return ending;
}

/** What can run: cases after a catch-all cannot. */
function casesOf(node: AbstractUse["node"]): readonly Case[] {
  if (node.kind === "sequence") return [{ patterns: [], steps: node.steps, span: node.span }];
  const catchAll = node.cases.findIndex(({ patterns }) => patterns.every((pattern) => pattern === undefined));
  return catchAll < 0 ? node.cases : node.cases.slice(0, catchAll + 1);
}

function rootsOf(program: Program, handlers: readonly NodeName[]): readonly Root[] {
  return [
    ...program.sources.flatMap((source, index): readonly Root[] => [
      ...(source.node === undefined ? [] : [{ kind: "activation", source: index } as const]),
      { kind: "flow", source: index },
    ]),
    ...handlers.map((handler) => ({ kind: "handler", handler }) as const),
  ];
}

function startOf(program: Program, root: Root): { readonly node: NodeName; readonly span: Span } {
  if (root.kind === "handler") {
    return { node: root.handler, span: nodeOf(program, root.handler).nameSpan };
  }
  const source = program.sources[root.source];
  invariant(source !== undefined, "a root's source is in the program");
  const node = root.kind === "flow" ? source.target : source.node;
  invariant(node !== undefined, "a source with an activation has a node");
  return { node, span: source.span };
}
