/**
 * The certificate: what will be printed cannot deadlock on constraints, and no node runs without those it asks for. Reads
 * the blocks of the plan and what the program asks for; knows nothing of how either was planned. It runs on every
 * compilation. That the keys that are held are those a node asks for is in `verify-keys.ts`.
 *
 * First every block is walked once: what each piece of code opens and closes must be the same on all ways to a place. A
 * shared node is a procedure with an unknown below its own extents (`held-locks.ts`), put in afterwards, callers first.
 * Then each acquisition must rank above all that is held on ways that need it, and each call hold what is asked around it.
 * Where a lock may be left out, nothing may park on any way on which it is held.
 * Linear in places × constraints.
 */
import { edgesOf } from "../flow/draft.ts";
import type { AcquireExit, Block, BlockId, Edge, Operation } from "../flow/flow-graph.ts";
import type { Constraint } from "../check/program.ts";
import { isSameUser } from "../locks/elision.ts";
import { keysOf, type Lock } from "../locks/lock-plan.ts";
import { askedBy, type Asked } from "./asked-around.ts";
import { bottom, enterShared, isSame, openedSince, opening, possible, waysOf, type Held, type Opened } from "./held-locks.ts";
import type { TargetPlan } from "./target-plan.ts";
import { verifyKeys } from "./verify-keys.ts";

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
export function verifyLocks({ graph, locks, offloaded }: Omit<TargetPlan, "runtime">): void {
  const { blocks, entries, heldBits, program } = graph;
  if (program.constraints.size === 0) return;
  const known = new Map(locks.map((lock) => [lock.name, lock]));
  for (const lock of locks) claim(isDeclared(lock, program.constraints.get(lock.constraint)), blocks[0] as Block, "is in a program without", lock.name);
  /** Bits of extents that only read. */
  const reading = new Set(blocks.flatMap(({ exit }) => (exit.kind === "acquire" && exit.mode === "read" ? (exit.bit ?? []) : [])));
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
        for (const { lock, mode, most, bit } of operation.releases) {
          const { opened, below } = left.top ?? {};
          const fits = opened?.lock === lock && opened.mode === mode && opened.most === most && opened.bit === bit;
          claim(fits && below !== undefined, at, "gives back what was not acquired last:", lock);
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
    if (parks(exit)) afterwards.push(() => holdsNothingLeftOut(held, block));
    else if (exit.kind === "acquire") afterwards.push(() => isLeftOutWith(held, exit.lock, block));
    if (exit.kind === "return") {
      const way = { targets: exit.targets, balanced: held === procedure.base, isFailing, at: block };
      claim(procedure !== flows && (way.balanced || held === nothing), block, "returns with something held");
      procedure.returns.push(way);
      for (const caller of procedure.callers) goBack(procedure, caller, way);
      return;
    }
    if (exit.kind === "acquire") {
      const opened = openedBy(exit);
      afterwards.push(() => acquires(held, exit, block));
      go({ ...place, held: opening(held, opened) }, exit.granted.operations, exit.granted.to, block);
      // Of several keys some may be held already when one of them is given up on.
      return go(opened.most > 1 ? { ...place, held: opening(held, { ...opened, most: -1 }) } : place, exit.fail.operations, exit.fail.to, block);
    }
    if (exit.kind === "spawn" || exit.kind === "end") afterwards.push(() => claim(isSame(held, nothing), block, "ends with something held"));
    else if (exit.kind === "call") afterwards.push(() => (needs(held, asks.of(exit.node), block), needs(held, asks.around(exit.inside), block)));
    else if (exit.kind === "call-handler") afterwards.push(() => needs(held, asks.of(exit.handler), block));
    else if (exit.kind === "dispatch") afterwards.push(() => needs(held, asks.around(exit.node), block));
    for (const { operations, to } of edgesOf(exit)) go(place, operations, to, block, exit.kind === "yield");
  }

  function openedBy({ lock, mode, keys, bit, unless }: AcquireExit): Opened {
    const { rank = -1, kind, constraint } = known.get(lock) ?? {};
    const covers = kind === "class" && mode === "write" && constraint !== undefined ? keysOf(constraint) : undefined;
    return { lock, rank, mode, most: keys?.length ?? 1, covers, bit, conditional: unless.length > 0 };
  }

  function acquires(held: Held, { node, lock, mode, keys, unless, bit, granted }: AcquireExit, at: Block): void {
    const { free, above, unmarked, bits } = waysOf(held, lock);
    const { rank = -1, kind, constraint = lock } = known.get(lock) ?? {};
    claim(!unmarked && bits.every((each) => each !== bit && unless.includes(each)), at, "may acquire what the flow holds already:", lock);
    claim(unless.length === 0 || bit !== undefined, at, "does not remember whether it acquired:", lock);
    claim(bit === undefined || heldBits[bit] === lock, at, "sets the bit of another constraint than", lock);
    const covered = (each: number): boolean => kind === "keys" && heldBits[each] === constraint && !reading.has(each);
    claim(unless.every((each) => heldBits[each] === lock || covered(each)), at, "asks for the bit of another constraint than", lock);
    claim(rank >= 0 && (!free || rank > above), at, "acquires against the order:", lock);
    claim((keys !== undefined && keys.length > 0) === (kind === "keys"), at, "has keys, or none, for", lock);
    if (kind === "keys" && known.has(constraint)) claim(!waysOf(held, constraint).free, at, "acquires keys without a share of", constraint);
    if (kind !== "class" || mode === "write") return;
    const next = (blocks[granted.to] as Block).exit;
    const isShare = granted.operations.length === 0 && next.kind === "acquire" && next.node === node && next.lock === keysOf(constraint);
    claim(isShare, at, "has a share without keys of", constraint);
  }

  /** A runtime may leave a flow here for another. */
  function parks(exit: Block["exit"]): boolean {
    if (exit.kind === "call") return offloaded.has(exit.node);
    if (exit.kind === "call-handler") return offloaded.has(exit.handler);
    return exit.kind === "wait" || exit.kind === "yield" || (exit.kind === "acquire" && known.get(exit.lock)?.users === undefined);
  }

  function holdsNothingLeftOut(held: Held, at: Block): void {
    for (const lock of new Set(possible(held))) claim(known.get(lock)?.users === undefined, at, "parks while nothing keeps others from", lock);
  }

  /** A server that leaves out what is held leaves out this too: it runs all users of both on one loop. */
  function isLeftOutWith(held: Held, lock: string, at: Block): void {
    const { users = [], rank = -1 } = known.get(lock) ?? {};
    for (const around of new Set(possible(held))) {
      const { users: outer, rank: below = -1 } = known.get(around) ?? {};
      // Where what ranks above is held, this is held already and not acquired: nothing comes against the order.
      if (below >= rank) continue;
      claim(outer === undefined || users.every((user) => outer.some((each) => isSameUser(each, user))), at, "may park while nothing keeps others from", around);
    }
  }

  const satisfied = new Map<Held, Set<Asked>>();
  function needs(held: Held, asked: Asked, at: Block): void {
    const found = satisfied.get(held) ?? new Set();
    if (asked.size === 0 || found.has(asked)) return;
    satisfied.set(held, found.add(asked));
    for (const [lock, mode] of asked) {
      const ways = waysOf(held, lock);
      claim(!ways.free && !(mode === "write" && ways.reading), at, `runs without ${mode === "write" ? "writing" : "reading"}`, lock);
    }
  }

  const starts = entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow]));
  for (const block of starts) go({ procedure: flows, held: nothing, isFailing: false }, [], block, blocks[block] as Block);
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    const place = goneAlong(way);
    const block = blocks[way.block] as Block;
    const first = entered[way.block];
    entered[way.block] = first ?? place;
    if (first === undefined) leave(place, block);
    else {
      const [one, other] = [first.held, place.held];
      if (one !== other && !givesAllBack(block)) afterwards.push(() => claim(isSame(one, other), block, "is entered with different extents open"));
      // A tail call leaves the shared nodes that it is inside of; nothing else does but by returning.
      claim(first.procedure === place.procedure || way.isRound || block.exit.kind === "yield", block, "belongs to two shared nodes");
    }
  }
  for (const { base, callers } of callersFirst([...procedures.values()], flows)) enterShared(base, callers.map(({ held }) => held));
  claim(new Set(locks.map(({ rank }) => rank)).size === known.size && known.size === locks.length, blocks[0] as Block, "is in a program with two constraints of one rank");
  for (const look of afterwards) look();
  verifyKeys(graph);
}

/** It is what the program says of its constraint, and named after it. */
function isDeclared({ name, constraint, kind }: Lock, declared: Constraint | undefined): boolean {
  if (declared === undefined) return false;
  const is = declared.kind;
  if (is.kind === "keyed") return name === (kind === "keys" ? keysOf(constraint) : constraint) && (kind === "keys" || kind === "class");
  return name === constraint && kind === (is.kind === "lock" ? is.scope : is.kind);
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
