/**
 * The certificate: what will be printed cannot deadlock on constraints, and no node runs without those it asks for. Reads
 * the blocks of the plan and what the program asks for; knows nothing of how either was planned. It runs on every
 * compilation.
 *
 * First every block is walked once: what each piece of code opens and closes must be the same on all ways to a place. A
 * shared node is a procedure with an unknown below its own extents (`held-locks.ts`), put in afterwards, callers first.
 * Then each acquisition must rank above all that is held on ways that need it, and each call hold what is asked around it.
 * Linear in places × constraints.
 */
import { edgesOf } from "../flow/draft.ts";
import type { AcquireExit, Block, BlockId, Edge, Operation } from "../flow/flow-graph.ts";
import { askedBy, type Asked } from "./asked-around.ts";
import { bottom, enterShared, isSame, openedSince, opening, waysOf, type Held } from "./held-locks.ts";
import type { TargetPlan } from "./target-plan.ts";

/** The flows themselves, or a shared node: entered by `set-return`, left by `return`. */
interface Procedure {
  readonly base: Held;
  readonly callers: { readonly value: number; readonly from: Procedure; readonly held: Held }[];
  readonly returns: { readonly targets: readonly Edge[]; readonly balanced: boolean; readonly isFailing: boolean; readonly at: Block }[];
}

interface Place {
  readonly procedure: Procedure;
  readonly held: Held;
  /** Between a failure and its handler: who is entered next is inside of nothing. */
  readonly isFailing: boolean;
}

/** @throws Error says what is wrong and where: a mistake of the compiler */
export function verifyLocks({ graph: { blocks, entries, heldBits, program }, locks }: Pick<TargetPlan, "graph" | "locks">): void {
  if (program.constraints.size === 0) return;
  const rank = new Map(locks.map((lock) => [lock.name, lock.rank]));
  const asks = askedBy(program);
  const nothing = bottom();
  const flows: Procedure = { base: nothing, callers: [], returns: [] };
  const procedures = new Map<BlockId | Operation, Procedure>();
  const entered: (Place | undefined)[] = blocks.map(() => undefined);
  const marks: Held[] = [];
  /** What can be looked at only when it is known what shared nodes are entered with. */
  const afterwards: (() => void)[] = [];
  /** Ways not yet gone; each is gone once, whoever finds it. */
  const open: { readonly from: Place; readonly operations: readonly Operation[]; readonly block: BlockId; readonly at: Block; readonly isRound: boolean }[] = [];

  function go(from: Place, operations: readonly Operation[], block: BlockId, at: Block, isRound = false): void {
    open.push({ from, operations, block, at, isRound });
  }

  function goneAlong({ from, operations, block, at }: (typeof open)[number]): Place {
    const last = operations.findLast(({ kind }) => kind === "set-return");
    return operations.reduce((before, operation) => perform(before, operation, operation === last ? block : operation, at), from);
  }

  function perform(from: Place, operation: Operation, entry: BlockId | Operation, at: Block): Place {
    const { procedure, held } = from;
    switch (operation.kind) {
      case "release": {
        let left = held;
        for (const { lock, mode, bit } of operation.releases) {
          const { opened, below } = left.top ?? {};
          const fits = opened?.lock === lock && opened.mode === mode && opened.bit === bit && below !== undefined;
          claim(fits, at, "gives back what was not acquired last:", lock);
          left = below;
        }
        return { ...from, held: left };
      }
      case "release-all":
        return { ...from, held: nothing };
      case "mark-held":
        claim(marks[operation.mark] === undefined || marks[operation.mark] === held, at, "marks two states as one");
        marks[operation.mark] = held;
        return from;
      case "release-to-mark": {
        const { mark, bits } = operation;
        const marked = marks[mark];
        claim(marked !== undefined, at, "goes back to a mark that is not set");
        afterwards.push(() => {
          const opened = openedSince(marked, held);
          claim(opened?.every(({ bit }) => bit === undefined || bits.includes(bit)) === true, at, "goes back to a mark and leaves something");
          const kept = new Set(openedSince(nothing, marked)?.map(({ bit }) => bit));
          claim(!bits.some((bit) => kept.has(bit)), at, "clears the bit of what is still held");
        });
        return { ...from, held: marked };
      }
      case "set-return": {
        const called = procedures.get(entry) ?? { base: bottom(), callers: [], returns: [] };
        procedures.set(entry, called);
        const caller = { value: operation.value, from: procedure, held };
        called.callers.push(caller);
        for (const way of called.returns) goBack(called, caller, way);
        // What a flow begins with, or a handler, is entered by nobody.
        const begins = procedure === flows && (from.isFailing || asks.isShared(operation.caller));
        if (!begins) afterwards.push(() => needs(held, asks.around(operation.caller), at));
        return { procedure: called, held: called.base, isFailing: false };
      }
      case "begin-handling":
        return { ...from, isFailing: true };
      default:
        return from;
    }
  }

  /** The caller goes on with what it held, for the node closed what it opened; or with nothing, if all was given back. */
  function goBack(called: Procedure, { value, from, held }: Procedure["callers"][number], { targets, balanced, isFailing, at }: Procedure["returns"][number]): void {
    const target = targets[value];
    claim(target !== undefined && called !== from, at, "has no way back to a caller");
    go({ procedure: from, held: balanced ? held : nothing, isFailing }, target.operations, target.to, at);
  }

  function leave(from: Place, block: Block): void {
    const { exit } = block;
    if (exit.kind === "goto") return go(from, [...block.operations, ...exit.next.operations], exit.next.to, block);
    const { procedure, held, isFailing } = block.operations.reduce((before, operation) => perform(before, operation, operation, block), from);
    const place = { procedure, held, isFailing: false };
    if (exit.kind === "return") {
      const way = { targets: exit.targets, balanced: held === procedure.base, isFailing, at: block };
      claim(procedure !== flows && (way.balanced || held === nothing), block, "returns with something held");
      procedure.returns.push(way);
      for (const caller of procedure.callers) goBack(procedure, caller, way);
      return;
    }
    if (exit.kind === "acquire") {
      const { lock, mode, bit, unless } = exit;
      const opened = { lock, mode, bit, conditional: unless.length > 0, rank: rank.get(lock) ?? -1 };
      afterwards.push(() => acquires(held, exit, opened.rank, block));
      go({ ...place, held: opening(held, opened) }, exit.granted.operations, exit.granted.to, block);
      return go(place, exit.fail.operations, exit.fail.to, block);
    }
    if (exit.kind === "spawn" || exit.kind === "end") afterwards.push(() => claim(isSame(held, nothing), block, "ends with something held"));
    else if (exit.kind === "call") afterwards.push(() => (needs(held, asks.of(exit.node), block), needs(held, asks.around(exit.inside), block)));
    else if (exit.kind === "call-handler") afterwards.push(() => needs(held, asks.of(exit.handler), block));
    else if (exit.kind === "dispatch") afterwards.push(() => needs(held, asks.around(exit.node), block));
    for (const { operations, to } of edgesOf(exit)) go(place, operations, to, block, exit.kind === "yield");
  }

  function acquires(held: Held, { lock, unless, bit }: AcquireExit, ownRank: number, at: Block): void {
    const { free, above, unmarked, bits } = waysOf(held, lock);
    claim(!unmarked && bits.every((each) => each !== bit && unless.includes(each)), at, "may acquire what the flow holds already:", lock);
    claim(unless.length === 0 || bit !== undefined, at, "does not remember whether it acquired:", lock);
    claim([...unless, bit ?? []].flat().every((each) => heldBits[each] === lock), at, "asks for the bit of another constraint than", lock);
    claim(ownRank >= 0 && (!free || ownRank > above), at, "acquires against the order:", lock);
  }

  const satisfied = new Map<Held, Set<Asked>>();
  function needs(held: Held, asked: Asked, at: Block): void {
    const known = satisfied.get(held) ?? new Set();
    if (asked.size === 0 || known.has(asked)) return;
    satisfied.set(held, known.add(asked));
    for (const [constraint, mode] of asked) {
      const { free, reading } = waysOf(held, constraint);
      claim(!free && !(mode === "write" && reading), at, `runs without ${mode === "write" ? "writing" : "reading"}`, constraint);
    }
  }

  const starts = entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow]));
  for (const block of starts) go({ procedure: flows, held: nothing, isFailing: false }, [], block, blocks[block] as Block);
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    const place = goneAlong(way);
    const block = blocks[way.block] as Block;
    const known = entered[way.block];
    entered[way.block] = known ?? place;
    if (known === undefined) leave(place, block);
    else {
      const [one, other] = [known.held, place.held];
      if (one !== other && !givesAllBack(block)) afterwards.push(() => claim(isSame(one, other), block, "is entered with different extents open"));
      // A tail call leaves the shared nodes that it is inside of; nothing else does but by returning.
      claim(known.procedure === place.procedure || way.isRound || block.exit.kind === "yield", block, "belongs to two shared nodes");
    }
  }
  for (const { base, callers } of callersFirst([...procedures.values()], flows)) enterShared(base, callers.map(({ held }) => held));
  claim(new Set(rank.values()).size === rank.size, blocks[0] as Block, "is in a program with two constraints of one rank");
  for (const look of afterwards) look();
}

/** Shared nodes do not call themselves: a loop is a tail call, which enters nothing. */
function callersFirst(procedures: readonly Procedure[], flows: Procedure): readonly Procedure[] {
  const called = new Map<Procedure, Procedure[]>();
  const left = new Map<Procedure, number>();
  for (const each of procedures) {
    left.set(each, each.callers.filter(({ from }) => from !== flows).length);
    for (const { from } of each.callers) {
      const inner = called.get(from);
      if (inner === undefined) called.set(from, [each]);
      else inner.push(each);
    }
  }
  const order = procedures.filter((each) => left.get(each) === 0);
  for (const each of order) {
    for (const inner of called.get(each) ?? []) {
      left.set(inner, (left.get(inner) ?? 0) - 1);
      if (left.get(inner) === 0) order.push(inner);
    }
  }
  return order;
}

/** Before anything else: then it makes no difference what was held. A failure is led here from wherever it happens in a node. */
function givesAllBack({ operations, exit }: Block): boolean {
  const all = exit.kind === "goto" ? [...operations, ...exit.next.operations] : operations;
  return all.find(({ kind }) => /^(?:release|mark|set-return)/.test(kind))?.kind === "release-all";
}

function claim(holds: boolean, { label }: Block, what: string, constraint?: string): asserts holds {
  if (!holds) throw new Error(`compiler bug: the locks of this program are wrong: ${label} ${what}${constraint === undefined ? "" : ` ${constraint}`}`);
}
