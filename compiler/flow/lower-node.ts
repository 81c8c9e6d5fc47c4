/**
 * Nodes: sequences, dispatches, calls with their waits and acquisitions, tail calls. Every abstract node once, every
 * mention of a concrete one once. What happens when they fail is `lower-failure.ts`'s business.
 */
import type { ConcreteNode, NodeName } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { acquisitions, surroundings, type AbstractUse, type Mention } from "./calls.ts";
import { goto, type DraftBlock } from "./draft.ts";
import type { Argument, BlockId, Operation, SlotId } from "./flow-graph.ts";
import type { FailureLowering } from "./lower-failure.ts";
import type { Lowering, Place } from "./lowering.ts";
import { isUnconditional, type Element, type Tuple } from "./tuples.ts";

export interface NodeLowering {
  /** Where a mention starts. */
  readonly entry: (mention: Mention) => BlockId;
  readonly lowerAll: (failures: FailureLowering, afterRoot: (root: Mention) => Place) => void;
}

export function nodeLowering(lowering: Lowering): NodeLowering {
  return new Nodes(lowering);
}

class Nodes implements NodeLowering {
  readonly #lowering: Lowering;
  /** By mention: a concrete node's first block, or what enters a shared abstract one. */
  readonly #entries = new Map<Mention, DraftBlock>();
  readonly #nodes = new Map<NodeName, { readonly entry: DraftBlock; readonly end: DraftBlock }>();
  /** By target: where a flow is between two rounds. */
  readonly #rounds = new Map<NodeName, DraftBlock>();
  readonly #returnValues = new Map<AbstractUse, ReadonlyMap<Mention, number>>();

  constructor(lowering: Lowering) {
    this.#lowering = lowering;
    const { calls, tuples } = lowering.facts;
    for (const use of calls.abstract.values()) {
      const context = lowering.contextInside(use.name);
      const { name, node: { nameSpan } } = use;
      this.#nodes.set(name, {
        entry: lowering.entryBlock(`enter_${name}`, name, nameSpan, context, lowering.slots(tuples.nodeEntry(name))),
        end: lowering.block(`${use.shared ? "return" : "end"}_${name}`, name, nameSpan, context, lowering.slots(tuples.nodeEnd(name))),
      });
    }
    for (const mention of calls.mentions) {
      const { node, span } = mention;
      if (mention.tailCall) {
        if (this.#rounds.has(node)) continue;
        const alive = lowering.slots(tuples.nodeEntry(node));
        this.#rounds.set(node, lowering.block(`round_${node}`, node, span, lowering.contextInside(node), alive));
      } else if (calls.abstract.get(node)?.shared !== false) {
        const alive = lowering.slots(tuples.entry(mention));
        const context = lowering.contextOf(mention);
        if (calls.abstract.has(node)) this.#entries.set(mention, lowering.entryBlock(`use_${node}`, node, span, context, alive));
        else if (this.#isPlain(mention)) {
          const block = lowering.block(`call_${node}`, node, span, context, [...alive, ...this.#fresh(mention)]);
          this.#entries.set(mention, block);
        } else this.#entries.set(mention, lowering.block(`reach_${node}`, node, span, context, alive));
      }
    }
  }

  readonly entry = (mention: Mention): BlockId => (this.#entries.get(mention) ?? this.#node(mention.node).entry).id;

  readonly lowerAll = (failures: FailureLowering, afterRoot: (root: Mention) => Place): void => {
    const { calls } = this.#lowering.facts;
    for (const mention of calls.mentions) {
      if (mention.tailCall) continue;
      const node = this.#lowering.node(mention.node);
      if (node.kind === "concrete") this.#call(mention, node, failures, afterRoot);
      else if (calls.abstract.get(mention.node)?.shared === true) this.#enterShared(mention);
    }
    for (const use of calls.abstract.values()) {
      this.#abstract(use, failures);
      if (use.ends) this.#end(use, afterRoot);
    }
    for (const [name, round] of this.#rounds) {
      round.exit = { kind: "yield", next: { operations: [], to: this.#node(name).entry.id } };
    }
  };

  #node(name: NodeName): { readonly entry: DraftBlock; readonly end: DraftBlock } {
    const blocks = this.#nodes.get(name);
    invariant(blocks !== undefined, `${name} has blocks`);
    return blocks;
  }

  /** Nothing but a call: whoever goes there makes its outputs, no block is needed before it. */
  #isPlain(mention: Mention): boolean {
    const { plan } = this.#lowering.facts.calls;
    if (mention.owner === undefined || acquisitions(plan, mention.node).length > 0) return false;
    return this.#lowering.node(mention.node).timeout === undefined;
  }

  /** Outputs that are no inputs. */
  #fresh(mention: Mention): readonly SlotId[] {
    const { tuples } = this.#lowering.facts;
    const inputs = this.#lowering.slots(tuples.entry(mention));
    return this.#lowering.slots(tuples.end(mention)).filter((slot) => !inputs.includes(slot));
  }

  /** Where a flow goes to reach a step. */
  #step(step: Mention): Place {
    const { tuples, extents, calls } = this.#lowering.facts;
    if (!step.tailCall) {
      const fresh = !calls.abstract.has(step.node) && this.#isPlain(step) ? this.#fresh(step) : [];
      return { tuple: tuples.entry(step), block: this.entry(step), leave: [], arrive: construction(fresh) };
    }
    const round = this.#rounds.get(step.node);
    invariant(round !== undefined, `${step.node} is the target of a loop`);
    return { tuple: tuples.nodeEntry(step.node), block: round.id, leave: extents.leaveForTailCall(step), arrive: [] };
  }

  #nodeEnd(name: NodeName): Place {
    return { tuple: this.#lowering.facts.tuples.nodeEnd(name), block: this.#node(name).end.id, leave: [], arrive: [] };
  }

  /** Where a flow goes after a mention. */
  #next(mention: Mention, afterRoot: (root: Mention) => Place): Place {
    if (mention.owner === undefined) return afterRoot(mention);
    const following = mention.sequence[mention.index + 1];
    return following === undefined ? this.#nodeEnd(mention.owner) : this.#step(following);
  }

  /** What each caller writes into the return level. */
  #values(use: AbstractUse): ReadonlyMap<Mention, number> {
    const known = this.#returnValues.get(use);
    if (known !== undefined) return known;
    const made = new Map(use.callers.map((caller, value) => [caller, value]));
    this.#returnValues.set(use, made);
    return made;
  }

  #enterShared(mention: Mention): void {
    const use = this.#lowering.use(mention.node);
    const block = this.#entries.get(mention);
    invariant(block !== undefined, `a use of ${mention.node} has a block`);
    const value = this.#values(use).get(mention);
    invariant(value !== undefined, `a use of ${mention.node} is one of its callers`);
    block.operations.push({ kind: "set-return", level: use.level, value, caller: mention.owner ?? mention.node });
    block.exit = goto([], this.#node(use.name).entry.id);
  }

  /** Starts the limit and acquires; `to` is entered with `operations` when all is granted. */
  #open(from: DraftBlock, name: NodeName, deadline: number, tuple: Tuple, fail: () => DraftBlock, operations: readonly Operation[], to: BlockId): void {
    const { extents, storage, calls } = this.#lowering.facts;
    const { timeout } = this.#lowering.node(name);
    if (timeout !== undefined) {
      from.operations.push({ kind: "set-deadline", deadline, milliseconds: timeout.milliseconds, node: name });
    }
    let block = from;
    let enter: Operation[] = [];
    for (const acquisition of acquisitions(calls.plan, name)) {
      const { lock, mode, keys, movedFor } = acquisition;
      const acquire = this.#lowering.block(`acquire_${lock.replace("[]", "_keys")}_for_${name}`, name, from.span, from.context, from.alive);
      this.#continueWith(block, enter, [], acquire.id);
      const bit = extents.bit(name, lock);
      enter = [];
      acquire.exit = {
        ...{ kind: "acquire", node: name, lock, mode },
        ...(keys === undefined ? {} : { keys: keys.map((key) => ({ slot: storage.slotOf(tuple[key.input] as Element), mode: key.mode })) }),
        ...(movedFor === undefined ? {} : { movedFor }),
        unless: extents.unless(name, acquisition),
        ...(bit === undefined ? {} : { bit }),
        granted: { operations: enter, to: acquire.id },
        fail: { operations: [], to: fail().id },
      };
      block = acquire;
    }
    this.#continueWith(block, enter, operations, to);
  }

  /** An acquisition, or the entry itself where there is none before it, goes on to `to`. */
  #continueWith(block: DraftBlock, enter: Operation[], operations: readonly Operation[], to: BlockId): void {
    enter.push(...operations);
    if (block.exit === undefined) block.exit = goto(enter, to);
    else if (block.exit.kind === "acquire") block.exit = { ...block.exit, granted: { operations: enter, to } };
  }

  #call(mention: Mention, node: ConcreteNode, failures: FailureLowering, afterRoot: (root: Mention) => Place): void {
    const lowering = this.#lowering;
    const { tuples, storage, extents, calls } = lowering.facts;
    const reach = this.#entries.get(mention);
    invariant(reach !== undefined, `a mention of ${mention.node} has a block`);
    const [entry, end] = [tuples.entry(mention), tuples.end(mention)];
    const inputs = lowering.slots(entry);
    const fresh = this.#fresh(mention);
    const alive = [...inputs, ...fresh];
    const plain = this.#isPlain(mention);
    const block = plain ? reach : lowering.block(`call_${node.name}`, node.name, mention.span, reach.context, alive);
    const { deadline, activating } = surroundings(calls.abstract, calls.plan, mention);
    if (!plain) this.#open(reach, node.name, deadline, entry, () => failures.ofMention(mention), construction(fresh), block.id);

    const ok = lowering.go(this.#next(mention, afterRoot), alive, end, extents.leave(mention));
    const dead = ok.operations.flatMap((operation) => (operation.kind === "destroy" ? operation.slots : []));
    const wanted = node.wait.length > 0 ? inputs : failures.wantedFrom(mention);
    const fixed = calls.plan.fixed.get(node.name) ?? [];
    const error = tuples.errorArgument(mention);
    const argument = (position: number, slot: SlotId): Argument => {
      const lastUse = dead.includes(slot) && !wanted.includes(slot);
      return { kind: "slot", slot, lastUse, constant: fixed.includes(position) };
    };
    const once = plain && node.wait.length === 0 ? failures.edgeOfMention(mention, fresh) : undefined;
    const fail = once ?? { operations: [...lowering.destroy(fresh)], to: failures.ofMention(mention).id };
    const wait = node.wait.length === 0 ? undefined : this.#wait(mention, node, block, fail);
    block.exit = {
      kind: "call",
      node: node.name,
      ...(mention.owner === undefined ? {} : { inside: mention.owner }),
      inputs: entry.map((element, position) =>
        position === error ? { kind: "error" } : argument(position, storage.slotOf(element)),
      ),
      outputs: end.map(storage.slotOf),
      blocking: node.blocking,
      checkDeadlines: deadline > 0,
      ofSource: activating,
      ok,
      ...(wait === undefined ? {} : { again: { operations: [], to: wait } }),
      fail,
    };
  }

  /** Parks until the node can be called again; its outputs keep what they hold. */
  #wait(mention: Mention, node: ConcreteNode, call: DraftBlock, fail: { readonly operations: readonly Operation[]; readonly to: BlockId }): BlockId {
    const lowering = this.#lowering;
    const { tuples, storage } = lowering.facts;
    const entry = tuples.entry(mention);
    const block = lowering.block(`wait_${node.name}`, node.name, mention.span, call.context, call.alive);
    block.exit = {
      kind: "wait",
      node: node.name,
      interests: node.wait.map(({ readiness, on }) => {
        if (on.kind === "global") return { readiness, on: { kind: "global", text: on.text } };
        const element = entry[on.index];
        invariant(element !== undefined, `a wait of ${node.name} names an input`);
        return { readiness, on: { kind: "slot", slot: storage.slotOf(element) } };
      }),
      ready: { operations: [], to: call.id },
      fail: { operations: [...fail.operations], to: fail.to },
    };
    return block.id;
  }

  #abstract(use: AbstractUse, failures: FailureLowering): void {
    const lowering = this.#lowering;
    const { tuples, storage, extents } = lowering.facts;
    const { entry } = this.#node(use.name);
    const tuple = tuples.nodeEntry(use.name);
    const mark = extents.mark(use.name);
    if (mark !== undefined) entry.operations.push({ kind: "mark-held", mark });
    const fail = (): DraftBlock => failures.ofNode(use);
    const targets = use.cases.map(({ steps }) => {
      const place = steps[0] === undefined ? this.#nodeEnd(use.name) : this.#step(steps[0]);
      return lowering.go(place, entry.alive, tuple);
    });
    const [first] = targets;
    if (first !== undefined && (use.node.kind === "sequence" || isUnconditional(use.cases))) {
      this.#open(entry, use.name, use.deadline, tuple, fail, first.operations, first.to);
      return;
    }
    const block = lowering.block(`dispatch_${use.name}`, use.name, use.node.nameSpan, entry.context, entry.alive);
    this.#open(entry, use.name, use.deadline, tuple, fail, [], block.id);
    block.exit = {
      kind: "dispatch",
      node: use.name,
      cases: use.cases.map(({ patterns, span }, index) => ({
        tests: patterns.flatMap((type, position) => {
          const element = tuple[position];
          return type === undefined || element === undefined ? [] : [{ type, slot: storage.slotOf(element) }];
        }),
        span,
        to: targets[index] ?? { operations: [], to: block.id },
      })),
      fail: { operations: [], to: fail().id },
    };
  }

  #end(use: AbstractUse, afterRoot: (root: Mention) => Place): void {
    const lowering = this.#lowering;
    const { end } = this.#node(use.name);
    const tuple = lowering.facts.tuples.nodeEnd(use.name);
    end.operations.push(...lowering.facts.extents.leave(use));
    const targets = use.callers.map((caller) => lowering.go(this.#next(caller, afterRoot), end.alive, tuple));
    const [only] = targets;
    invariant(only !== undefined, `${use.name} has a caller`);
    end.exit = use.shared ? { kind: "return", level: use.level, targets } : { kind: "goto", next: only };
  }
}

function construction(slots: readonly SlotId[]): readonly Operation[] {
  return slots.length === 0 ? [] : [{ kind: "construct", slots }];
}
