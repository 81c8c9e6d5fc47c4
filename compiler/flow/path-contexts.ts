/**
 * A draft as path numbering sees it: contexts, the acyclic graph inside each, the sites where one enters another and the
 * ways back. A handler that flows of one source alone reach belongs to that source's context; one that several reach is
 * entered like a shared node, and returns to the one that failed.
 */
import { invariant } from "../diagnostics/checked.ts";
import { draftEdges, exitOf, goto, type Context, type Draft, type DraftBlock, type DraftEdge } from "./draft.ts";
import type { BlockId, SourceEntry } from "./flow-graph.ts";
import type { ContextOf, Lowering } from "./lowering.ts";

/** A block from which a shared context is entered. */
export interface Site {
  readonly block: DraftBlock;
  readonly callee: Context;
  /** What it writes for the way back. */
  readonly value: number;
}

export class PathContexts {
  /** Shared contexts and handlers entered by several, callees first. */
  readonly inner: readonly Context[];
  /** What flows and activations run in. */
  readonly outer: readonly Context[];
  readonly returnLevels: readonly number[];
  /** Saves a number for every straight node at once. */
  readonly straightLevel: number;
  readonly #callerOf: (context: Context, value: number) => Context;
  readonly #draft: Draft;
  readonly #contexts: readonly ContextOf[];
  readonly #entries: readonly SourceEntry[];
  /** Where a handler's blocks belong, if one context alone enters it. */
  readonly #merged = new Map<Context, Context>();
  readonly #blocks = new Map<Context, DraftBlock[]>();
  readonly #sites = new Map<BlockId, Site>();
  readonly #orders = new Map<Context, readonly DraftBlock[]>();
  readonly #exitsOf = new Map<Context, readonly DraftBlock[]>();
  /** Of a context that is entered from sites: its first block. */
  readonly #entryOf = new Map<Context, BlockId>();
  readonly #handlerLevel: number;
  readonly #failedEnds = new Map<Context, DraftBlock>();

  constructor(lowering: Lowering, entries: readonly SourceEntry[], returnLevels: readonly number[]) {
    const { draft, contexts } = lowering;
    this.#callerOf = (context, value) => {
      const inside = lowering.context(context);
      const caller = inside.kind === "shared" ? inside.use.callers[value] : undefined;
      invariant(caller !== undefined, "a return value is one of a caller");
      return lowering.contextOf(caller);
    };
    this.#draft = draft;
    this.#contexts = contexts;
    this.#entries = entries;
    this.#handlerLevel = returnLevels.length;
    for (const block of draft.blocks) {
      if (block.exit?.kind === "end" && block.exit.result === "failed") this.#failedEnds.set(block.context, block);
    }
    const enteredBy = this.#joinHandlers();
    const most = enteredBy.reduce((all, each) => Math.max(all, each.length), 0);
    const handlerLevels = most === 0 ? [] : [most];
    this.straightLevel = returnLevels.length + handlerLevels.length;

    for (const block of this.#reachable()) {
      const context = this.#contextOf(block);
      const known = this.#blocks.get(context);
      if (known === undefined) this.#blocks.set(context, [block]);
      else known.push(block);
      const entered = block.exit?.kind === "goto" ? this.#draft.at(block.exit.next.to) : undefined;
      if (entered === undefined || this.#contextOf(entered) === context || this.isRound(entered.id)) continue;
      const value = block.operations.findLast((operation) => operation.kind === "set-return")?.value;
      invariant(value !== undefined, `${block.label} says where to return to`);
      const callee = this.#contextOf(entered);
      this.#sites.set(block.id, { block, callee, value });
      this.#entryOf.set(callee, entered.id);
    }
    const used = [...contexts.keys()].filter((context) => this.#blocks.has(context));
    const kind = (context: Context): "shared" | "handler" | "outer" => {
      const of = contexts[context];
      if (of?.kind === "shared") return "shared";
      return of?.root.root?.kind === "handler" ? "handler" : "outer";
    };
    this.inner = [
      // Numbered callers first.
      ...used.filter((context) => kind(context) === "shared").reverse(),
      ...used.filter((context) => kind(context) === "handler"),
    ];
    this.outer = used.filter((context) => kind(context) === "outer");
    const saves = this.inner.length > 0;
    this.returnLevels = [...returnLevels, ...handlerLevels, ...(saves ? [0] : [])];
  }

  at(id: BlockId): DraftBlock {
    return this.#draft.at(id);
  }

  blocks(context: Context): readonly DraftBlock[] {
    return this.#blocks.get(context) ?? [];
  }

  sites(context: Context): readonly Site[] {
    return this.blocks(context).flatMap((block) => this.#sites.get(block.id) ?? []);
  }

  siteAt(block: DraftBlock): Site | undefined {
    return this.#sites.get(block.id);
  }

  level(context: Context): number {
    const of = this.#contexts[context];
    return of?.kind === "shared" ? of.use.level : this.#handlerLevel;
  }

  nameOf(context: Context): string {
    const of = this.#contexts[context];
    if (of?.kind !== "root") return of?.use.name ?? "";
    const { root, node } = of.root;
    return root?.kind === "flow" ? `${this.#entries[root.source]?.source.name ?? ""} => ${node}` : node;
  }

  /** The first block inside. */
  entry(context: Context): BlockId {
    const start = this.startBlock(context);
    if (start !== undefined) return draftEdges(start)[0]?.to ?? start.id;
    const entry = this.#entryOf.get(context);
    invariant(entry !== undefined, `${this.nameOf(context)} is entered`);
    return entry;
  }

  /** Of an outer context: where its record starts to run. */
  startBlock(context: Context): DraftBlock | undefined {
    const of = this.#contexts[context];
    if (of?.kind !== "root" || of.root.root === undefined || of.root.root.kind === "handler") return undefined;
    const entry = this.#entries[of.root.root.source];
    const id = of.root.root.kind === "flow" ? entry?.flow : entry?.activation;
    return id === undefined ? undefined : this.at(id);
  }

  /** Between two rounds of a loop: a path ends on every edge that leads here. */
  isRound(id: BlockId): boolean {
    return this.at(id).exit?.kind === "yield";
  }

  /** A path can end inside: at a tail call. */
  hasTailCalls(context: Context): boolean {
    return this.blocks(context).some((block) => this.#ways(block).some((edge) => this.isRound(edge.to)));
  }

  #ways(block: DraftBlock): readonly DraftEdge[] {
    const site = this.siteAt(block);
    return site === undefined ? this.following(block) : this.returns(site).map(({ edge }) => edge);
  }

  /** An abstract node begins here. */
  isNodeEntry(block: DraftBlock): boolean {
    return block.kind === "entry";
  }

  /**
   * Edges along which a path goes on in the same context. Waiting and calling again is no part of a path: what fails
   * while it waits leaves from the call itself, however often it was called.
   */
  following(block: DraftBlock): readonly DraftEdge[] {
    const exit = exitOf(block);
    if (exit.kind === "yield" || exit.kind === "return" || exit.kind === "wait") return [];
    if (exit.kind === "call" && exit.again !== undefined) {
      const wait = exitOf(this.at(exit.again.to));
      invariant(wait.kind === "wait", `${block.label} waits before it is called again`);
      return [exit.ok, exit.fail, wait.fail].map((edge) => edge as DraftEdge);
    }
    return draftEdges(block).filter((edge) => edge.impossible !== true);
  }

  /** The ways back from what a site enters, the one where all went well first. */
  returns(site: Site): readonly { readonly exit: DraftBlock; readonly edge: DraftEdge }[] {
    const ways = this.#exits(site.callee).flatMap((exit) => {
      const edge = draftEdges(exit)[site.value];
      return edge === undefined || edge.impossible === true ? [] : [{ exit, edge }];
    });
    return ways;
  }

  #exits(context: Context): readonly DraftBlock[] {
    const known = this.#exitsOf.get(context);
    if (known !== undefined) return known;
    const found = this.blocks(context).filter((block) => block.exit?.kind === "return");
    const inOrder = [...found.filter((block) => block.kind !== "failure"), ...found.filter((block) => block.kind === "failure")];
    this.#exitsOf.set(context, inOrder);
    return inOrder;
  }

  /** The blocks of a context so that edges lead forward. */
  order(context: Context): readonly DraftBlock[] {
    const known = this.#orders.get(context);
    if (known !== undefined) return known;
    const finished: DraftBlock[] = [];
    const seen = new Set<BlockId>();
    const stack: { readonly block: DraftBlock; readonly next: Iterator<BlockId> }[] = [];
    const enter = (id: BlockId): void => {
      if (seen.has(id)) return;
      seen.add(id);
      const block = this.at(id);
      const edges = this.#ways(block).filter((edge) => !this.isRound(edge.to));
      stack.push({ block, next: edges.map(({ to }) => to).toReversed().values() });
    };
    // What starts a path anew is reached from no other place.
    for (const from of [this.entry(context), ...this.blocks(context).map(({ id }) => id)]) {
      enter(from);
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        const step = top.next.next();
        if (step.done !== true) enter(step.value);
        else finished.push((stack.pop() as { block: DraftBlock }).block);
      }
    }
    const order = finished.reverse().filter((block) => !this.#isStart(block) && block.exit?.kind !== "wait" && block.exit?.kind !== "yield");
    this.#orders.set(context, order);
    return order;
  }

  /** @returns for each handler that several contexts enter, those contexts. */
  #joinHandlers(): readonly (readonly Context[])[] {
    const entering = new Map<Context, Map<Context, DraftEdge[]>>();
    for (const block of this.#reachable()) {
      for (const [value, edge] of draftEdges(block).entries()) {
        const { context } = this.at(edge.to);
        const of = this.#contexts[context];
        // What follows a return is the caller's.
        const from = block.exit?.kind === "return" ? this.#callerOf(block.context, value) : block.context;
        if (context === from || edge.impossible === true || this.isRound(edge.to) || of?.kind !== "root" || of.root.root?.kind !== "handler") continue;
        const by = entering.get(context) ?? new Map<Context, DraftEdge[]>();
        entering.set(context, by);
        const edges = by.get(from);
        if (edges === undefined) by.set(from, [edge]);
        else edges.push(edge);
      }
    }
    const several: (readonly Context[])[] = [];
    for (const [handler, by] of entering) {
      const [only, ...others] = by.keys();
      if (only !== undefined && others.length === 0) this.#merged.set(handler, only);
      else {
        several.push([...by.keys()]);
        this.#shareHandler(handler, by);
      }
    }
    return several;
  }

  /** Every context that enters the handler says so, and gets the failed flow back. */
  #shareHandler(handler: Context, by: ReadonlyMap<Context, readonly DraftEdge[]>): void {
    const failedEnd = (context: Context): DraftBlock => {
      const end = this.#failedEnds.get(context);
      invariant(end !== undefined, "a root can end in failure");
      return end;
    };
    for (const [value, [context, edges]] of [...by].entries()) {
      const entry = this.at(edges[0]?.to ?? 0);
      const { node, span, alive } = entry;
      const use = this.#draft.block({ label: `use_${node}`, node, span, context, alive, kind: "failure" });
      use.operations.push({ kind: "set-return", level: this.#handlerLevel, value, caller: this.nameOf(context) });
      use.exit = goto([], entry.id);
      for (const edge of edges) edge.to = use.id;
    }
    const targets = [...by.keys()].map((context) => ({ operations: [], to: failedEnd(context).id }));
    failedEnd(handler).exit = { kind: "return", level: this.#handlerLevel, targets };
  }

  #isStart(block: DraftBlock): boolean {
    return this.#entries.some(({ activation, flow }) => block.id === flow || block.id === activation);
  }

  #contextOf(block: DraftBlock): Context {
    return this.#merged.get(block.context) ?? block.context;
  }

  *#reachable(): Iterable<DraftBlock> {
    const seen = new Set(this.#entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow])));
    for (const id of seen) {
      const block = this.at(id);
      yield block;
      // A set that grows while it is walked: its iterator sees what is added.
      for (const edge of draftEdges(block)) if (edge.impossible !== true) seen.add(edge.to);
    }
  }
}
