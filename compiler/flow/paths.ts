/**
 * Numbers for the paths a flow can take, after Ball and Larus, "Efficient Path Profiling" (MICRO 1996), with shared
 * nodes numbered once.
 *
 * A path runs from the start of a flow, or a tail call, to the end or the next tail call; an error exit into a handler is
 * an edge; calling again after a wait is no part of it. Two kinds of numbering meet:
 *
 * - A flow's own blocks are numbered from the end: at a branch, each edge adds how many paths the edges before it lead to.
 *   The likeliest edge adds nothing, so a loop round that goes well has no path operation but the one that counts it.
 * - A shared node cannot be numbered so: how many paths follow its exits depends on who called it. It is numbered from its
 *   entry: at a join each edge adds how many paths arrive by the edges before it, so every exit (its end, and each way its
 *   failures leave it) has a dense range of its own, and a caller sees so many parallel edges to what follows.
 *   Where nothing branches inside (`straight`), that range is one number and only failures need the caller's number saved.
 *
 * What cannot be numbered so is cut out, with a unit of its own: a shared node with a loop inside, and what would take the
 * numbers over the limit.
 */
import { invariant } from "../diagnostics/checked.ts";
import { exitOf, draftEdges, type Context, type DraftBlock, type DraftEdge } from "./draft.ts";
import type { BlockId, Operation, PathNumbering, PathStart, PathUnit, SourceEntry } from "./flow-graph.ts";
import type { Lowering } from "./lowering.ts";
import { PathContexts, type Site } from "./path-contexts.ts";

export interface Numbered {
  readonly paths: PathNumbering;
  readonly returnLevels: readonly number[];
}

/** Numbers stay under this. */
const limit = 1n << 62n;
/** Where they would not: units are cut at abstract nodes that more paths than this follow, shared nodes with more inside. */
const reduced = { following: 1n << 40n, inside: 1n << 18n };

/** Adds path operations to the draft, and blocks where several units enter one handler. Linear but for the length of the numbers. */
export function numberPaths(
  lowering: Lowering,
  entries: readonly SourceEntry[],
  returnLevels: readonly number[],
): Numbered {
  const found = new PathContexts(lowering, entries, returnLevels);
  const first = new Numbering(found, { following: limit, inside: limit });
  const numbering = first.fits ? first : new Numbering(found, reduced);
  numbering.write();
  return { paths: { units: numbering.units }, returnLevels: found.returnLevels };
}

/** A path operation to be made, kept apart until it is known that the numbers fit. */
interface Change {
  readonly operations: Operation[];
  readonly at: "front" | "back";
  readonly added: readonly Operation[];
}

class Numbering {
  readonly units: PathUnit[] = [];
  fits = true;
  readonly #contexts: PathContexts;
  readonly #bounds: { readonly following: bigint; readonly inside: bigint };
  readonly #changes: Change[] = [];
  /** Of a shared context's exit: how many paths lead there. */
  readonly #arrivals = new Map<BlockId, bigint>();
  readonly #cut = new Set<Context>();
  readonly #straight = new Set<Context>();
  readonly #unitOf = new Map<Context, number>();
  /** Of a cut context: what starts a path at its entry. */
  readonly #firstOf = new Map<Context, bigint>();
  readonly #unitNumbers = new Map<PathUnit, number>();
  /** Paths that follow an abstract node where they were cut. */
  readonly #splits = new Map<BlockId, bigint>();
  readonly #roundStarts = new Map<BlockId, Operation[]>();
  readonly #saved: number;

  constructor(contexts: PathContexts, bounds: { readonly following: bigint; readonly inside: bigint }) {
    this.#contexts = contexts;
    this.#bounds = bounds;
    this.#saved = contexts.straightLevel;
    for (const context of contexts.inner) {
      const loops = contexts.hasTailCalls(context);
      const inside = contexts.sites(context).some((site) => this.#cut.has(site.callee));
      if (loops || inside || !this.#fromEntry(context)) this.#cut.add(context);
    }
    for (const context of [...contexts.inner].reverse()) if (this.#cut.has(context)) this.#unitOf.set(context, this.#unitOf.size);
    for (const context of contexts.outer) this.#unitOf.set(context, this.#unitOf.size);
    // Inner units first: a caller writes where a path of theirs starts.
    for (const context of [...contexts.inner.filter((each) => this.#cut.has(each)), ...contexts.outer]) this.#fromEnd(context);
    this.units.sort((one, other) => this.#order(one) - this.#order(other));
  }

  write(): void {
    for (const { operations, at, added } of this.#changes) {
      if (at === "front") operations.unshift(...added);
      else operations.push(...added);
    }
  }

  #order(unit: PathUnit): number {
    return this.#unitNumbers.get(unit) ?? 0;
  }

  #change(operations: Operation[], added: readonly Operation[], at: "front" | "back" = "back"): void {
    if (added.length > 0) this.#changes.push({ operations, at, added });
  }

  /** A shared context, from its entry. False if there are too many paths; nothing is changed then. */
  #fromEntry(context: Context): boolean {
    const contexts = this.#contexts;
    const arrivals = new Map<BlockId, bigint>([[contexts.entry(context), 1n]]);
    const made: Change[] = [];
    const order = contexts.order(context);
    let tooMany = false;
    const arrive = (to: BlockId, paths: bigint): bigint => {
      const before = arrivals.get(to) ?? 0n;
      const after = before + paths;
      if (after >= this.#bounds.inside) tooMany = true;
      arrivals.set(to, tooMany ? 0n : after);
      return before;
    };
    const edges: { readonly from: DraftBlock; readonly edge: DraftEdge; readonly amount: bigint; readonly site?: Site; readonly exit?: DraftBlock }[] = [];
    for (const block of order) {
      const here = arrivals.get(block.id) ?? 0n;
      const site = contexts.siteAt(block);
      if (site === undefined) {
        for (const edge of contexts.following(block)) edges.push({ from: block, edge, amount: arrive(edge.to, here) });
        continue;
      }
      for (const { exit, edge } of contexts.returns(site)) {
        const amount = arrive(edge.to, here * (this.#arrivals.get(exit.id) ?? 0n));
        edges.push({ from: block, edge, amount, site, exit });
      }
    }
    const exits = order.filter((block) => block.exit?.kind === "return");
    const total = exits.reduce((sum, exit) => sum + (arrivals.get(exit.id) ?? 0n), 0n);
    if (tooMany || total >= this.#bounds.inside) return false;

    const working = order.filter((block) => block.kind !== "failure");
    const straight =
      working.every((block) => arrivals.get(block.id) === 1n) &&
      contexts.sites(context).every((site) => this.#straight.has(site.callee));
    if (straight) this.#straight.add(context);
    for (const { from, edge, amount, site, exit } of edges) {
      const factor = arrivals.get(from.id) ?? 0n;
      const leaves = site === undefined || exit === undefined ? [] : this.#leave(site.callee, exit, factor, straight);
      const saves = straight && site === undefined && from.kind !== "failure" && contexts.at(edge.to).kind === "failure";
      const save: readonly Operation[] = saves ? [{ kind: "enter-path", level: this.#saved }] : [];
      made.push({ operations: edge.operations, at: "back", added: [...save, ...leaves, ...add(amount)] });
    }
    if (!straight) {
      const entry = contexts.at(contexts.entry(context));
      made.push({ operations: entry.operations, at: "front", added: [{ kind: "enter-path", level: contexts.level(context) }] });
    }
    for (const exit of exits) this.#arrivals.set(exit.id, arrivals.get(exit.id) ?? 0n);
    for (const change of made) this.#change(change.operations, change.added, change.at);
    return true;
  }

  /** What starts a path at the target of a loop: filled in when its unit is numbered. */
  #roundStart(round: BlockId): Operation[] {
    const known = this.#roundStarts.get(round);
    if (known !== undefined) return known;
    const made: Operation[] = [];
    this.#roundStarts.set(round, made);
    return made;
  }

  /** What leaving a shared context does to the number, where the caller has `factor` ways on (or in). */
  #leave(callee: Context, exit: DraftBlock, factor: bigint, intoStraight: boolean): readonly Operation[] {
    if (!this.#straight.has(callee)) return [{ kind: "leave-path", level: this.#contexts.level(callee), factor }];
    // Nothing was saved where all went well; a straight caller goes on with what was saved inside.
    if (exit.kind !== "failure" || intoStraight) return [];
    return [{ kind: "leave-path", level: this.#saved, factor }];
  }

  /** A unit, from its ends. */
  #fromEnd(context: Context): void {
    const contexts = this.#contexts;
    const unit = this.#unitOf.get(context) ?? 0;
    const ends: Operation = { kind: "end-path", unit };
    const following = new Map<BlockId, bigint>();
    const leadsToRound = new Set<BlockId>();
    const starts: { readonly name: string; readonly at: BlockId; readonly operations: Operation[]; readonly put: "front" | "back" | "round" }[] = [];
    const to = (id: BlockId): bigint => following.get(id) ?? 0n;
    for (const block of contexts.blocks(context)) {
      if (block.exit?.kind !== "yield") continue;
      const at = block.exit.next.to;
      starts.push({ name: `round of ${contexts.at(at).node}`, at, operations: this.#roundStart(block.id), put: "round" });
    }
    /** On an edge, which `amount` tells from those before it. @returns how many paths follow. */
    const along = (edge: DraftEdge, amount: bigint, leave: readonly Operation[]): bigint => {
      if (!contexts.isRound(edge.to)) {
        if (amount > 0n || leave.length > 0) this.#change(edge.operations, [...leave, ...add(amount)]);
        return to(edge.to);
      }
      // A tail call: the path ends, the next one starts at the target.
      this.#change(edge.operations, [...leave, ...add(amount), ends]);
      this.#changes.push({ operations: edge.operations, at: "back", added: this.#roundStart(edge.to) });
      return 1n;
    };
    for (const block of contexts.order(context).toReversed()) {
      const { exit } = block;
      const site = contexts.siteAt(block);
      if (exit?.kind === "end" || exit?.kind === "return") {
        following.set(block.id, 1n);
        this.#change(block.operations, [ends]);
      } else if (site !== undefined && this.#cut.has(site.callee)) {
        following.set(block.id, 1n);
        const enter = draftEdges(block)[0] as DraftEdge;
        this.#change(enter.operations, [ends, ...add(this.#firstOf.get(site.callee) ?? 0n)]);
        for (const { edge } of contexts.returns(site)) {
          if (contexts.isRound(edge.to)) this.#changes.push({ operations: edge.operations, at: "back", added: this.#roundStart(edge.to) });
          else starts.push({ name: `after ${contexts.nameOf(site.callee)}`, at: edge.to, operations: edge.operations, put: "back" });
        }
      } else {
        let sum = 0n;
        if (site === undefined) {
          const ways = contexts.following(block);
          const again = ways.filter((edge) => contexts.isRound(edge.to) || leadsToRound.has(edge.to));
          if (again.length > 0 && block.kind !== "failure") leadsToRound.add(block.id);
          // Another round is likelier than the end of a loop; a number is added where fewer flows go.
          const inOrder = exit?.kind === "dispatch" && again.length > 0 ? [...again, ...ways.filter((edge) => !again.includes(edge))] : ways;
          for (const edge of inOrder) sum += along(edge, sum, []);
        } else {
          if (contexts.returns(site).some(({ edge }) => leadsToRound.has(edge.to) || contexts.isRound(edge.to))) leadsToRound.add(block.id);
          for (const { exit: left, edge } of contexts.returns(site)) {
            const factor = contexts.isRound(edge.to) ? 1n : to(edge.to);
            along(edge, sum, this.#leave(site.callee, left, factor, false));
            sum += factor * (this.#arrivals.get(left.id) ?? 0n);
          }
        }
        if (sum >= limit) this.fits = false;
        // Past the limit the exact number is of no use, and it would grow as long as the program.
        following.set(block.id, sum < limit ? sum : limit);
      }
      if (to(block.id) > this.#bounds.following && contexts.isNodeEntry(block)) {
        starts.push({ name: block.node, at: block.id, operations: block.operations, put: "front" });
        this.#splits.set(block.id, to(block.id));
        following.set(block.id, 1n);
      }
    }
    // Rounds come before what happens once; inner ones were met first.
    const all = [...starts.map((start) => ({ ...start, entry: false })), ...this.#entryOf(context)];
    let total = 0n;
    const numbered: PathStart[] = [];
    for (const { name, at, operations, put, entry } of all) {
      const operationsAtStart = put === "front" ? [ends, ...add(total)] : add(total);
      if (put === "round") operations?.push(...operationsAtStart);
      else if (operations !== undefined) this.#change(operations, operationsAtStart, put);
      if (entry && operations === undefined) this.#firstOf.set(context, total);
      numbered.push({ name, at, first: total });
      total += put === "front" ? (this.#splits.get(at) ?? 0n) : to(at);
    }
    if (total >= limit) this.fits = false;
    const made: PathUnit = { name: contexts.nameOf(context), count: total, starts: numbered };
    this.#unitNumbers.set(made, unit);
    this.units.push(made);
  }

  #entryOf(context: Context): readonly { readonly name: string; readonly at: BlockId; readonly operations: Operation[] | undefined; readonly put: "back"; readonly entry: true }[] {
    const at = this.#contexts.entry(context);
    const start = this.#contexts.startBlock(context);
    const operations = start === undefined ? undefined : (draftEdges(start)[0] as DraftEdge).operations;
    invariant(start === undefined || exitOf(start).kind === "goto", "a source's start goes straight on");
    return [{ name: this.#contexts.nameOf(context), at, operations, put: "back", entry: true }];
  }
}

function add(amount: bigint): readonly Operation[] {
  return amount === 0n ? [] : [{ kind: "add-path", amount }];
}
