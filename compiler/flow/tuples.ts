/**
 * The tuples of a flow and how values pass between them. A tuple stands at a *point*: the entry or the end of an abstract
 * node, one call of a concrete node (inputs and outputs together), the start of a flow, the end of an activation. One of
 * its positions is an *element*. Says nothing of storage (`slots.ts`) nor of what is read later (`liveness.ts`).
 */
import type { Handler, NodeName, Variable } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { acquisitions, nodeOf, type Calls, type Mention } from "./calls.ts";
import type { Decision, Failures } from "./failures.ts";

/** Index into the arrays of `Tuples`. */
export type Element = number;
export type Tuple = readonly Element[];

/** `from[i]` becomes `to[i]`, for as many as `to` takes. */
export interface Passage {
  readonly from: Tuple;
  readonly to: Tuple;
}

export interface Tuples {
  readonly calls: Calls;
  readonly variables: readonly Variable[];
  /** Point of each element. */
  readonly points: readonly number[];
  /** The only root that reaches a point; none where several do. */
  readonly rootOf: (point: number) => Mention | undefined;
  /** Elements of each point. */
  readonly atPoint: readonly Element[][];
  /** Always constructed while a flow is at their point: arguments, outputs, what a flow starts with. */
  readonly pinned: readonly boolean[];
  /** Read at their point. */
  readonly used: readonly boolean[];
  /** One variable under two elements: input and output of one call. */
  readonly passThrough: readonly { readonly input: Element; readonly output: Element }[];
  /** The likeliest first. */
  readonly passages: readonly Passage[];
  readonly entry: (mention: Mention) => Tuple;
  readonly end: (mention: Mention) => Tuple;
  readonly nodeEntry: (name: NodeName) => Tuple;
  readonly nodeEnd: (name: NodeName) => Tuple;
  /** By root: what a flow starts with, what an activation ends with. */
  readonly rootTuple: (root: Mention) => Tuple;
  /** The position of a handler's `error` that is passed from the record itself, without an element that is ever stored. */
  readonly errorArgument: (mention: Mention) => number | undefined;
}

export function collectTuples(calls: Calls, failures: Failures): Tuples {
  const collector = new Collector(calls);
  collector.placeTuples();
  collector.connect(failures);
  return collector;
}

class Collector implements Tuples {
  readonly calls: Calls;
  readonly variables: Variable[] = [];
  readonly pointOf: number[] = [];
  readonly atPoint: Element[][] = [];
  readonly pinned: boolean[] = [];
  readonly used: boolean[] = [];
  readonly passThrough: { input: Element; output: Element }[] = [];
  readonly passages: Passage[] = [];
  readonly #rootOfPoint: (Mention | undefined)[] = [];
  readonly #nodes = new Map<NodeName, { readonly entry: Tuple; readonly end: Tuple }>();
  readonly #calls: { readonly entry: Tuple; readonly end: Tuple }[] = [];
  readonly #roots = new Map<Mention, Tuple>();

  constructor(calls: Calls) {
    this.calls = calls;
  }

  readonly rootOf = (point: number): Mention | undefined => this.#rootOfPoint[point];

  get points(): readonly number[] {
    return this.pointOf;
  }

  readonly nodeEntry = (name: NodeName): Tuple => this.#node(name).entry;
  readonly nodeEnd = (name: NodeName): Tuple => this.#node(name).end;
  readonly entry = (mention: Mention): Tuple => this.#calls[mention.id]?.entry ?? this.nodeEntry(mention.node);
  readonly end = (mention: Mention): Tuple => this.#calls[mention.id]?.end ?? this.nodeEnd(mention.node);

  readonly rootTuple = (root: Mention): Tuple => {
    const tuple = this.#roots.get(root);
    invariant(tuple !== undefined, "a source's root has a tuple");
    return tuple;
  };

  readonly errorArgument = (mention: Mention): number | undefined => {
    if (mention.root?.kind !== "handler") return undefined;
    const node = nodeOf(this.calls.program, mention.node);
    const last = node.inputs.at(-1);
    if (node.kind !== "concrete" || last === undefined) return undefined;
    // A published handler may leave `int error` out of its signature.
    if (last.name !== "error" || last.type !== "int") return undefined;
    const overwritten = node.wait.length > 0 || acquisitions(this.calls.plan, node.name).length > 0;
    const passedOn = node.outputs.some(({ name, type }) => name === last.name && type === last.type);
    return overwritten || passedOn ? undefined : node.inputs.length - 1;
  };

  placeTuples(): void {
    for (const { name, node, onlyRoot } of this.calls.abstract.values()) {
      this.#nodes.set(name, {
        entry: this.#tuple(this.#point(onlyRoot), node.inputs, false),
        end: this.#tuple(this.#point(onlyRoot), node.outputs, false),
      });
    }
    for (const mention of this.calls.mentions) {
      if (nodeOf(this.calls.program, mention.node).kind === "concrete") this.#calls[mention.id] = this.#call(mention);
      const kind = mention.root?.kind;
      if (kind === "flow") {
        this.#roots.set(mention, this.#tuple(this.#point(mention), nodeOf(this.calls.program, mention.node).inputs, true));
      } else if (kind === "activation") {
        const tuple = this.#tuple(this.#point(mention), nodeOf(this.calls.program, mention.node).outputs, true);
        for (const element of tuple) this.used[element] = true;
        this.#roots.set(mention, tuple);
      }
    }
  }

  connect(failures: Failures): void {
    const { mentions, roots, abstract, program } = this.calls;
    const flows = new Map(roots.flatMap((root) => (root.root?.kind === "flow" ? [[root.root.source, root] as const] : [])));
    for (const root of roots) {
      if (root.root?.kind === "flow") this.#pass(this.rootTuple(root), this.entry(root));
      if (root.root?.kind === "activation" && abstract.get(root.node)?.ends !== false) this.#pass(this.end(root), this.rootTuple(root));
    }
    for (const use of abstract.values()) {
      const entry = this.nodeEntry(use.name);
      for (const { steps, patterns } of use.cases) {
        for (const [position, pattern] of patterns.entries()) this.#use(entry[position], pattern !== undefined);
        let tuple = entry;
        for (const step of steps) {
          this.#pass(tuple, this.entry(step));
          tuple = this.end(step);
        }
        const last = steps.at(-1);
        const ends = last === undefined || (!last.tailCall && abstract.get(last.node)?.ends !== false);
        if (ends) this.#pass(tuple, this.nodeEnd(use.name));
      }
      for (const { keys = [] } of acquisitions(this.calls.plan, use.name)) for (const { input } of keys) this.#use(entry[input], true);
    }
    for (const root of roots) {
      if (root.root?.kind !== "activation") continue;
      const flow = flows.get(root.root.source);
      if (flow !== undefined) this.#pass(this.rootTuple(root), this.rootTuple(flow));
    }
    // What handlers take comes last: storage should suit the flow, not its failure.
    if (program.handlers.length === 0) return;
    for (const mention of mentions) {
      const node = nodeOf(program, mention.node);
      if (node.kind === "concrete" && isNormal(this.calls, mention)) this.#handle(this.entry(mention), failures.of(mention));
    }
    for (const use of abstract.values()) {
      if (use.normal && canFail(this.calls, use.name)) this.#handle(this.nodeEntry(use.name), failures.ofNode(use.name));
    }
  }

  #handle(entry: Tuple, decision: Decision): void {
    for (const handler of decision.handlers) {
      const root = handlerRoot(this.calls, handler);
      if (root === undefined) for (const element of entry) this.#use(element, true);
      else if (fits(this, handler, entry)) this.#pass(entry, this.entry(root).slice(0, takenBy(handler)));
    }
  }

  #node(name: NodeName): { readonly entry: Tuple; readonly end: Tuple } {
    const node = this.#nodes.get(name);
    invariant(node !== undefined, `${name} is an abstract node that is reached`);
    return node;
  }

  #call(mention: Mention): { readonly entry: Tuple; readonly end: Tuple } {
    const node = nodeOf(this.calls.program, mention.node);
    const point = this.#point(mention.owner === undefined ? mention : this.calls.abstract.get(mention.owner)?.onlyRoot);
    const entry = this.#tuple(point, node.inputs, true);
    for (const element of entry) this.used[element] = true;
    const error = this.errorArgument(mention);
    if (error !== undefined) this.pinned[entry[error] ?? -1] = this.used[entry[error] ?? -1] = false;
    const end = this.#tuple(point, node.outputs, true);
    if (this.calls.program.form === "natural") {
      for (const [position, output] of node.outputs.entries()) {
        const same = node.inputs.findIndex((input) => input.name === output.name && input.type === output.type);
        const [from, to] = [entry[same], end[position]];
        if (from !== undefined && to !== undefined && same !== error) this.passThrough.push({ input: from, output: to });
      }
    }
    return { entry, end };
  }

  #point(onlyRoot: Mention | undefined): number {
    this.#rootOfPoint.push(onlyRoot);
    return this.atPoint.push([]) - 1;
  }

  #tuple(point: number, variables: readonly Variable[], pinned: boolean): Tuple {
    return variables.map((variable) => {
      const element = this.variables.push(variable) - 1;
      this.pointOf.push(point);
      this.atPoint[point]?.push(element);
      this.pinned.push(pinned);
      this.used.push(false);
      return element;
    });
  }

  #use(element: Element | undefined, used: boolean): void {
    invariant(element !== undefined, "a position that is read is in the tuple");
    if (used) this.used[element] = true;
  }

  #pass(from: Tuple, to: Tuple): void {
    invariant(from.length >= to.length, "a tuple has what the next one takes");
    this.passages.push({ from, to });
  }
}

/** Nodes of handlers that some failure can lead to and that have a signature: those with a flow of their own. */
export function handlersUsed(calls: Calls, failures: Failures): readonly NodeName[] {
  if (calls.program.handlers.length === 0) return [];
  const decisions = new Set<Decision>();
  for (const mention of calls.mentions) {
    // An activation can fail when it starts its flow.
    if (mention.root?.kind === "activation" || !calls.abstract.has(mention.node)) decisions.add(failures.of(mention));
  }
  for (const name of calls.abstract.keys()) if (canFail(calls, name)) decisions.add(failures.ofNode(name));
  const used = new Set<Handler>();
  for (const { handlers } of decisions) for (const handler of handlers) used.add(handler);
  const inOrder = calls.program.handlers.filter((handler) => used.has(handler) && handler.takes !== "deduced");
  return [...new Set(inOrder.map(({ handler }) => handler))];
}

/** Whether a failure here finds handlers: not in a handler's flow alone. */
export function isNormal(calls: Calls, mention: Mention): boolean {
  if (mention.owner === undefined) return mention.root?.kind !== "handler";
  return calls.abstract.get(mention.owner)?.normal === true;
}

/** Whether an abstract node itself can fail: while it acquires or dispatches. */
export function canFail(calls: Calls, name: NodeName): boolean {
  if (acquisitions(calls.plan, name).length > 0) return true;
  const use = calls.abstract.get(name);
  return use?.node.kind === "dispatch" && !isUnconditional(use.cases);
}

/** The first case matches whatever comes. */
export function isUnconditional(cases: readonly { readonly patterns: readonly (string | undefined)[] }[]): boolean {
  return cases[0]?.patterns.every((pattern) => pattern === undefined) === true;
}

/** The root of a handler's flow; none for a function without a signature, which is called where the failure was. */
export function handlerRoot(calls: Calls, handler: Handler): Mention | undefined {
  if (handler.takes === "deduced") return undefined;
  return calls.handlerRoots.get(handler.handler);
}

/**
 * Whether what failed has what a handler takes. What has not is an empty sequence that waits for its own constraint and
 * runs out of time: no node runs there, so nothing was asked of it; its failure finds no handler.
 */
export function fits({ calls, variables }: Pick<Tuples, "calls" | "variables">, handler: Handler, entry: Tuple): boolean {
  if (handler.takes === "deduced") return true;
  const taken = nodeOf(calls.program, handler.handler).inputs.slice(0, handler.takes);
  return taken.every(({ type }, position) => variables[entry[position] ?? -1]?.type === type);
}

/** How many inputs of the failed node a handler with a signature takes. */
export function takenBy(handler: Handler): number {
  invariant(handler.takes !== "deduced", `${handler.handler} has a signature`);
  return handler.takes;
}
