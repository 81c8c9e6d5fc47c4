/**
 * What every part of lowering shares: the facts found before, the draft, and the few operations that all of them use.
 * Decides nothing of its own: nodes are in `lower-node.ts`, roots in `lower-root.ts`, failures in `lower-failure.ts`.
 */
import type { NodeName } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import type { Span } from "../../grammar/span.ts";
import { nodeOf, type AbstractUse, type Calls, type Mention } from "./calls.ts";
import { Draft, type Context, type DraftBlock, type DraftEdge } from "./draft.ts";
import type { Extents } from "./extents.ts";
import type { Failures } from "./failures.ts";
import type { BlockId, Operation, SlotId } from "./flow-graph.ts";
import type { Storage } from "./slots.ts";
import type { Tuple, Tuples } from "./tuples.ts";

/** Where path numbers start from zero. */
export type ContextOf =
  | { readonly kind: "root"; readonly root: Mention; readonly normal: boolean; readonly handling: boolean }
  | { readonly kind: "shared"; readonly use: AbstractUse; readonly normal: boolean; readonly handling: boolean };

/** A block to go to, and the tuple it expects. */
export interface Place {
  readonly tuple: Tuple;
  readonly block: BlockId;
  /** Done before values are moved there. */
  readonly leave: readonly Operation[];
  /** Done after. */
  readonly arrive: readonly Operation[];
}

export interface Facts {
  readonly calls: Calls;
  readonly failures: Failures;
  readonly tuples: Tuples;
  readonly live: readonly boolean[];
  readonly storage: Storage;
  readonly extents: Extents;
}

export class Lowering {
  readonly facts: Facts;
  readonly draft = new Draft();
  readonly contexts: readonly ContextOf[];
  readonly #contextInside = new Map<NodeName, Context>();
  readonly #contextOfRoot = new Map<Mention, Context>();

  constructor(facts: Facts) {
    this.facts = facts;
    const { calls } = facts;
    const contexts: ContextOf[] = [];
    for (const root of calls.roots) {
      const handling = root.root?.kind === "handler";
      this.#contextOfRoot.set(root, contexts.push({ kind: "root", root, normal: !handling, handling }) - 1);
    }
    for (const use of calls.abstract.values()) {
      const [caller] = use.callers;
      invariant(caller !== undefined, `${use.name} is reached`);
      const { normal, handling } = use;
      const inside = use.shared ? contexts.push({ kind: "shared", use, normal, handling }) - 1 : this.contextOf(caller);
      this.#contextInside.set(use.name, inside);
    }
    this.contexts = contexts;
  }

  context(id: Context): ContextOf {
    const context = this.contexts[id];
    invariant(context !== undefined, `context ${id} exists`);
    return context;
  }

  contextOf(mention: Mention): Context {
    const context =
      mention.owner === undefined ? this.#contextOfRoot.get(mention) : this.#contextInside.get(mention.owner);
    invariant(context !== undefined, `${mention.node} is in a context`);
    return context;
  }

  contextInside(name: NodeName): Context {
    const context = this.#contextInside.get(name);
    invariant(context !== undefined, `${name} has a context`);
    return context;
  }

  use(name: NodeName): AbstractUse {
    const use = this.facts.calls.abstract.get(name);
    invariant(use !== undefined, `${name} is an abstract node that is reached`);
    return use;
  }

  node(name: NodeName): ReturnType<typeof nodeOf> {
    return nodeOf(this.facts.calls.program, name);
  }

  isStored(element: number): boolean {
    return this.facts.live[element] === true || this.facts.tuples.pinned[element] === true;
  }

  /** Slots that are constructed while a flow is at the tuple's point, before any call there. */
  slots(tuple: Tuple): readonly SlotId[] {
    const slots: SlotId[] = [];
    for (const element of tuple) {
      if (!this.isStored(element)) continue;
      const slot = this.facts.storage.slotOf(element);
      if (!slots.includes(slot)) slots.push(slot);
    }
    return slots;
  }

  block(label: string, node: NodeName, span: Span, context: Context, alive: readonly SlotId[]): DraftBlock {
    return this.draft.block({ label, node, span, context, alive, kind: "step" });
  }

  failureBlock(label: string, node: NodeName, span: Span, context: Context, alive: readonly SlotId[]): DraftBlock {
    return this.draft.block({ label, node, span, context, alive, kind: "failure" });
  }

  entryBlock(label: string, node: NodeName, span: Span, context: Context, alive: readonly SlotId[]): DraftBlock {
    return this.draft.block({ label, node, span, context, alive, kind: "entry" });
  }

  /** From `from`, with `constructed` alive, to `to`: destroys what is not wanted there, moves what is kept elsewhere. */
  pass(constructed: readonly SlotId[], from: Tuple, to: Tuple): readonly Operation[] {
    const { slotOf } = this.facts.storage;
    const moves: { readonly from: SlotId; readonly to: SlotId }[] = [];
    const kept: SlotId[] = [];
    for (const [position, element] of to.entries()) {
      const source = from[position];
      if (source === undefined || !this.isStored(element)) continue;
      kept.push(slotOf(source));
      if (slotOf(source) !== slotOf(element)) moves.push({ from: slotOf(source), to: slotOf(element) });
    }
    const dead = constructed.filter((slot) => !kept.includes(slot));
    return [...this.destroy(dead), ...(moves.length === 0 ? [] : [{ kind: "move", moves } as const])];
  }

  /** The way to a place; `first` is done before anything else. */
  go(place: Place, constructed: readonly SlotId[], from: Tuple, first: readonly Operation[] = []): DraftEdge {
    return { operations: [...first, ...place.leave, ...this.pass(constructed, from, place.tuple), ...place.arrive], to: place.block };
  }

  destroy(slots: readonly SlotId[]): readonly Operation[] {
    return slots.length === 0 ? [] : [{ kind: "destroy", slots }];
  }
}
