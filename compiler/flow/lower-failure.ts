/**
 * Failures: from the place that failed, out of the shared nodes around it, to the handler or the end. Which handler is
 * `failures.ts`'s decision; here it becomes blocks.
 *
 * A failure leaves every shared node by a `return` exit on the level its caller wrote, for two reasons: where the caller
 * decides which handler applies, and because path numbers are put together on the way. Blocks are shared by all failures
 * of a node that go to the same handler, and, where the caller still has to decide, by all that keep the same for it.
 */
import type { Handler, NodeName } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import type { Span } from "../../grammar/span.ts";
import type { AbstractUse, Mention } from "./calls.ts";
import type { Context, DraftBlock, DraftEdge } from "./draft.ts";
import type { Decision } from "./failures.ts";
import type { BlockId, Operation, SlotId } from "./flow-graph.ts";
import type { Lowering } from "./lowering.ts";
import { fits, handlerRoot, isNormal, takenBy, type Tuple } from "./tuples.ts";

export interface FailureLowering {
  /** Entered with the inputs of the node alive and nothing else, record.error set. */
  readonly ofMention: (mention: Mention) => DraftBlock;
  readonly ofNode: (use: AbstractUse) => DraftBlock;
  /** The same without a block, for the only edge there is; `alive` beside the inputs. Absent where a block is needed. */
  readonly edgeOfMention: (mention: Mention, alive: readonly SlotId[]) => DraftEdge | undefined;
  /** What a handler can take of the node. */
  readonly wantedFrom: (mention: Mention) => readonly SlotId[];
}

/** A place that can fail. */
interface Site {
  readonly node: NodeName;
  readonly span: Span;
  readonly tuple: Tuple;
  readonly decision: Decision;
  /** Blocks of this place, by what they do. Made when there is one: most places need none. */
  blocks?: Map<string, DraftBlock>;
}

interface Roots {
  readonly entry: (root: Mention) => BlockId;
  readonly failed: (root: Mention) => BlockId;
}

export function failureLowering(lowering: Lowering, roots: Roots): FailureLowering {
  const sites = new Map<Mention | AbstractUse, DraftBlock>();
  const routes = new Map<string, DraftBlock>();
  const asked = new Map<string, DraftBlock>();
  const { calls, failures, tuples, extents, storage } = lowering.facts;
  const { handlers } = calls.program;

  function fail(at: Mention | AbstractUse, site: Site, context: Context, normal: boolean, handling: boolean): DraftBlock {
    const known = sites.get(at);
    if (known !== undefined) return known;
    const alive = lowering.slots(site.tuple);
    const block = lowering.failureBlock(`failed_${site.node}`, site.node, site.span, context, alive);
    sites.set(at, block);
    block.operations.push(...counted(at, site));
    const give = (mode: Mode): DraftEdge => ({
      operations: [...lowering.destroy(alive)],
      to: route(context, undefined, mode),
    });
    if (normal && handling) block.exit = { kind: "if-handling", no: towards(site, site.decision, context, alive), yes: give("handling") };
    else block.exit = { kind: "goto", next: normal ? towards(site, site.decision, context, alive) : give("handling") };
    return block;
  }

  function counted(at: Mention | AbstractUse, site: Site): readonly Operation[] {
    return [...extents.leaveForFailure(at), { kind: "count-failure", node: site.node }];
  }

  function towards(site: Site, decision: Decision, context: Context, alive: readonly SlotId[]): DraftEdge {
    if (decision.kind === "by-caller") {
      const kept = wanted(site, decision);
      const operations = lowering.destroy(alive.filter((slot) => !kept.includes(slot)));
      return { operations: [...operations], to: ask(site, decision, context, kept).id };
    }
    const { handler } = decision;
    if (handler === undefined || !fits(tuples, handler, site.tuple)) return { operations: [...lowering.destroy(alive)], to: route(context, undefined, "normal") };
    const root = handlerRoot(calls, handler);
    if (root === undefined) return { operations: [], to: callHandler(site, handler, context).id };
    const entry = tuples.entry(root);
    const operations: Operation[] = [...lowering.pass(alive, site.tuple.slice(0, takenBy(handler)), entry)];
    const error = handler.takesError ? entry.at(-1) : undefined;
    if (error !== undefined && lowering.isStored(error)) operations.push({ kind: "keep-error", slot: storage.slotOf(error) });
    operations.push({ kind: "begin-handling" });
    return { operations, to: route(context, handler, "normal") };
  }

  /** Who called the innermost shared node around decides, or the one around that. */
  function ask(site: Site, decision: ByCaller, context: Context, kept: readonly SlotId[]): DraftBlock {
    // The same for all that keep the same: a failure deep inside is led out by blocks that others have made.
    const deduced = decision.handlers.some(({ takes }) => takes === "deduced");
    const prefix = deduced ? site.tuple : site.tuple.slice(0, taken(decision));
    const slots = prefix.map((element) => (lowering.isStored(element) ? storage.slotOf(element) : "-"));
    const unfit = decision.handlers.flatMap((handler, index) => (fits(tuples, handler, site.tuple) ? [] : index));
    const key = `${decision.id} in ${context} of ${deduced ? site.node : ""} ${slots.join(" ")} without ${unfit.join(" ")}`;
    const known = asked.get(key);
    if (known !== undefined) return known;
    const inside = lowering.context(context);
    invariant(inside.kind === "shared", `a caller decides about ${site.node}`);
    const block = lowering.failureBlock(`failed_${site.node}_in_${inside.use.name}`, site.node, site.span, context, kept);
    asked.set(key, block);
    later(() => {
      const targets = inside.use.callers.map((caller): DraftEdge => {
        const outer = lowering.contextOf(caller);
        const answer = inside.use.name === decision.node ? decision.callers.get(caller.key) : decision;
        if (answer === undefined || !isNormal(calls, caller)) return impossible(outer, kept);
        return towards(site, answer, outer, kept);
      });
      block.exit = { kind: "return", level: inside.use.level, targets };
    });
    return block;
  }

  function callHandler(site: Site, handler: Handler, context: Context): DraftBlock {
    const key = `${handler.handler} in ${context}`;
    const known = site.blocks?.get(key);
    if (known !== undefined) return known;
    const alive = lowering.slots(site.tuple);
    const block = lowering.failureBlock(`handle_${site.node}_with_${handler.handler}`, handler.handler, handler.span, context, alive);
    (site.blocks ??= new Map()).set(key, block);
    block.exit = {
      kind: "call-handler",
      handler: handler.handler,
      failed: site.node,
      inputs: site.tuple.map(storage.slotOf),
      next: { operations: [...lowering.destroy(alive)], to: route(context, undefined, "normal") },
    };
    return block;
  }

  /** Out of the shared nodes around, to a handler with its tuple alive, or to the end with nothing. */
  function route(context: Context, handler: Handler | undefined, mode: Mode): BlockId {
    const around = lowering.context(context);
    const root = handler === undefined ? undefined : handlerRoot(calls, handler);
    if (around.kind === "root") return root === undefined ? roots.failed(around.root) : roots.entry(root);
    const tagged = around.normal && around.handling ? mode : "any";
    const key = `${context} ${handler?.handler ?? ""} ${tagged}`;
    const known = routes.get(key);
    if (known !== undefined) return known.id;
    const alive = root === undefined ? [] : lowering.slots(tuples.entry(root));
    const { name, node } = around.use;
    const label = `leave_${name}${handler === undefined ? "" : `_for_${handler.handler}`}`;
    const block = lowering.failureBlock(label, name, node.nameSpan, context, alive);
    routes.set(key, block);
    later(() => {
      const targets = around.use.callers.map((caller): DraftEdge => {
        const outer = lowering.contextOf(caller);
        const { normal, handling } = lowering.context(outer);
        const possible = mode === "normal" ? normal : handling;
        return possible ? { operations: [], to: route(outer, handler, mode) } : impossible(outer, alive);
      });
      block.exit = { kind: "return", level: around.use.level, targets };
    });
    return block.id;
  }

  /** Leading a block out of its node leads to the next one: a queue, since nodes nest as deep as the user likes. */
  const pending: (() => void)[] = [];
  let draining = false;
  function later(work: () => void): void {
    pending.push(work);
    if (draining) return;
    draining = true;
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) next();
    draining = false;
  }

  /** How many inputs the handlers with a signature take at most. */
  function taken(decision: Decision): number {
    return decision.handlers.reduce((most, handler) => Math.max(most, handler.takes === "deduced" ? 0 : takenBy(handler)), 0);
  }

  /** A caller that cannot be the one: its index needs an edge all the same. */
  function impossible(outer: Context, alive: readonly SlotId[]): DraftEdge {
    const mode = lowering.context(outer).handling ? "handling" : "normal";
    return { operations: [...lowering.destroy(alive)], to: route(outer, undefined, mode), impossible: true };
  }

  function wanted(site: Site, decision: Decision): readonly SlotId[] {
    const all = decision.handlers.filter((handler) => fits(tuples, handler, site.tuple));
    if (all.some(({ takes }) => takes === "deduced")) return lowering.slots(site.tuple);
    const roots = all.map((handler) => handlerRoot(calls, handler)).filter((root) => root !== undefined);
    const needed = [...Array(taken(decision)).keys()].filter((position) =>
      roots.some((root) => {
        const element = tuples.entry(root)[position];
        return element !== undefined && lowering.isStored(element);
      }),
    );
    return lowering.slots(needed.map((position) => site.tuple[position] as number));
  }

  const withoutError = (mention: Mention): Tuple => {
    const [entry, error] = [tuples.entry(mention), tuples.errorArgument(mention)];
    return error === undefined ? entry : entry.filter((_, position) => position !== error);
  };

  const siteOfMention = (mention: Mention): Site => ({
    node: mention.node,
    span: mention.span,
    tuple: withoutError(mention),
    decision: isNormal(calls, mention) ? failures.of(mention) : nobody,
  });

  return {
    ofMention: (mention) => {
      const known = sites.get(mention);
      if (known !== undefined) return known;
      const context = lowering.contextOf(mention);
      const { normal, handling } = mention.owner === undefined ? lowering.context(context) : lowering.use(mention.owner);
      return fail(mention, siteOfMention(mention), context, normal, handling);
    },
    edgeOfMention: (mention, outputs) => {
      const context = lowering.contextOf(mention);
      const { normal, handling } = mention.owner === undefined ? lowering.context(context) : lowering.use(mention.owner);
      if (normal && handling) return undefined;
      const site = siteOfMention(mention);
      const alive = lowering.slots(site.tuple);
      const { operations, to } = normal
        ? towards(site, site.decision, context, alive)
        : { operations: lowering.destroy(alive), to: route(context, undefined, "handling") };
      return { operations: [...lowering.destroy(outputs), ...counted(mention, site), ...operations], to };
    },
    ofNode: (use) => {
      const known = sites.get(use);
      if (known !== undefined) return known;
      const tuple = tuples.nodeEntry(use.name);
      const decision = use.normal ? failures.ofNode(use.name) : nobody;
      const site: Site = { node: use.name, span: use.node.nameSpan, tuple, decision };
      return fail(use, site, lowering.contextInside(use.name), use.normal, use.handling);
    },
    wantedFrom: (mention) => (handlers.length > 0 && isNormal(calls, mention) ? wanted(siteOfMention(mention), failures.of(mention)) : []),
  };
}

/** Who a failure belongs to: the flow, or a handler's flow, where none applies. */
type Mode = "normal" | "handling";

const nobody: Decision = { kind: "decided", id: -1, handlers: [] };

type ByCaller = Decision & { readonly kind: "by-caller" };
