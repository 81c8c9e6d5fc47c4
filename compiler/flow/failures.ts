/**
 * Which handler a failure goes to (language.md, "Handlers and errors"): for every place that can fail, a decision that
 * depends on nothing but who called the shared nodes around it. Makes no blocks.
 *
 * A handler's path is read from its end while walking out of the failed node: to the node that ran before, or to the
 * abstract node around. What a walk has matched so far is a small set of items, the same for many places, so that
 * answers are shared: linear in places and callers times the items that can be under way.
 */
import type { Handler, NodeName } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import type { Calls, Mention } from "./calls.ts";

export type Decision =
  /** Absent: no handler applies, the flow ends. */
  | (DecisionBase & { readonly kind: "decided"; readonly handler?: Handler })
  /** `node` is shared and who called it decides: by `Mention.key`. */
  | (DecisionBase & { readonly kind: "by-caller"; readonly node: NodeName; readonly callers: ReadonlyMap<string, Decision> });

interface DecisionBase {
  readonly id: number;
  /** Every handler this can lead to. */
  readonly handlers: readonly Handler[];
}

export interface Failures {
  /** For a failure of the node mentioned: while it is called, waits or acquires, for an abstract one while it dispatches. */
  readonly of: (mention: Mention) => Decision;
  /** For a failure of a shared abstract node, whoever called it. */
  readonly ofNode: (name: NodeName) => Decision;
}

/** A path that has matched so far. */
interface Item {
  readonly handler: number;
  /** Elements matched, from the end. */
  readonly matched: number;
  /** Order of the last element: 0 for the failed node, higher for the abstract nodes around it; -1 for `*`. */
  readonly distance: number;
  /** How each further element was reached from the one before it: b(efore) or c (around). Sorts as it ranks. */
  readonly relations: string;
}

interface State {
  readonly items: readonly Item[];
  readonly best: Item | undefined;
}

export function resolveFailures(calls: Calls): Failures {
  const resolver = new Resolver(calls);
  return { of: (mention) => resolver.of(mention), ofNode: (name) => resolver.ofNode(name) };
}

/** One walk in progress: every one of `keys` gets its answer. */
interface Frame {
  readonly keys: string[];
  node: NodeName;
  state: State;
  callers?: Decision[];
}

class Resolver {
  readonly #calls: Calls;
  readonly #handlers: readonly Handler[];
  /** Handlers whose path ends in this name; "*" for any. */
  readonly #byLast = new Map<string, number[]>();
  /** Abstract nodes around which a handler for "any failure inside" can stand. */
  readonly #coveredAbove = new Map<NodeName, boolean>();
  readonly #answers = new Map<string, Decision>();
  readonly #decisions = new Map<string, Decision>();

  constructor(calls: Calls) {
    this.#calls = calls;
    this.#handlers = calls.program.handlers;
    for (const [index, { path }] of this.#handlers.entries()) {
      const last = path.at(-1) ?? "*";
      const same = this.#byLast.get(last);
      if (same === undefined) this.#byLast.set(last, [index]);
      else same.push(index);
    }
    for (const [name, { callers }] of calls.abstract) {
      const covered = callers.some(
        ({ owner }) => owner !== undefined && (this.#byLast.has(owner) || this.#coveredAbove.get(owner) === true),
      );
      this.#coveredAbove.set(name, covered);
    }
  }

  of(mention: Mention): Decision {
    if (this.#handlers.length === 0) return this.#decided(undefined);
    return this.#outOf(mention, this.#begin(mention.node));
  }

  ofNode(name: NodeName): Decision {
    if (this.#handlers.length === 0) return this.#decided(undefined);
    return this.#walk(name, this.#begin(name));
  }

  /** The failed node as the last element. */
  #begin(name: NodeName): State {
    const start = (last: string, distance: number): Item[] =>
      (this.#byLast.get(last) ?? []).map((handler) => ({ handler, matched: 1, distance, relations: "" }));
    return this.#settle({ items: [], best: undefined }, [...start(name, 0), ...start("*", -1)]);
  }

  /** `name` encloses the failure: paths that end in it match from here on. */
  #enclose(name: NodeName, state: State): State {
    const started = this.#byLast.get(name);
    const decided = state.best !== undefined && state.best.distance >= 0;
    if (started === undefined || decided) return state;
    const distance = 1 + Math.max(0, ...state.items.map((item) => item.distance));
    return this.#settle(state, started.map((handler) => ({ handler, matched: 1, distance, relations: "" })));
  }

  /** Adds items; what is complete competes for the best, what can no longer win is dropped. */
  #settle(state: State, added: readonly Item[]): State {
    let best = state.best;
    const open: Item[] = [...state.items];
    for (const item of added) {
      if (this.#path(item).length > item.matched) open.push(item);
      else if (best === undefined || this.#rank(item, best) < 0) best = item;
    }
    const winner = best;
    return { items: winner === undefined ? open : open.filter((item) => this.#canBeat(item, winner)), best };
  }

  /** The state in which the walk leaves the owner of `mention`, or the answer where there is no owner. */
  #outOf(mention: Mention, begun: State): Decision {
    const { state, answer } = this.#through(mention, begun);
    if (answer !== undefined) return answer;
    invariant(mention.owner !== undefined, "only a root's mention has no owner");
    return this.#walk(mention.owner, state);
  }

  /** Matches what ran before in the same sequence, then the owner. */
  #through(mention: Mention, begun: State): { readonly state: State; readonly answer?: Decision } {
    let state: State = { items: [], best: begun.best };
    let here = begun.items;
    for (let index = mention.index; here.length > 0; index--) {
      if (mention.owner !== undefined) state = this.#settle(state, this.#advance(here, mention.owner, "c"));
      const before = index === 0 ? this.#sourceBefore(mention) : mention.sequence[index - 1]?.node;
      if (before === undefined) break;
      const next = this.#settle({ items: [], best: state.best }, this.#advance(here, before, "b"));
      state = { items: state.items, best: next.best };
      here = next.items;
    }
    if (mention.owner === undefined) return { state, answer: this.#decided(state.best?.handler) };
    state = this.#enclose(mention.owner, this.#settle({ items: [], best: state.best }, state.items));
    const covered = this.#coveredAbove.get(mention.owner) === true && (state.best === undefined || state.best.distance < 0);
    if (state.items.length === 0 && !covered) return { state, answer: this.#decided(state.best?.handler) };
    return { state: canonical(state) };
  }

  #sourceBefore(mention: Mention): string | undefined {
    if (mention.root?.kind !== "flow") return undefined;
    return this.#calls.program.sources[mention.root.source]?.name;
  }

  #advance(items: readonly Item[], name: string, relation: string): readonly Item[] {
    return items.flatMap((item) => {
      const path = this.#path(item);
      const element = path[path.length - 1 - item.matched];
      if (element !== undefined && element !== name) return [];
      return [{ ...item, matched: item.matched + 1, relations: item.relations + relation }];
    });
  }

  /** Walks out of `name` with what was matched up to it. Iterative: nesting is as deep as the user likes. */
  #walk(name: NodeName, state: State): Decision {
    const stack: Frame[] = [{ keys: [], node: name, state: canonical(state) }];
    for (;;) {
      const frame = stack.at(-1) as Frame;
      const answer = this.#step(frame, stack);
      if (answer === undefined) continue;
      for (const key of frame.keys) this.#answers.set(key, answer);
      stack.pop();
      const outer = stack.at(-1);
      if (outer === undefined) return answer;
      outer.callers?.push(answer);
    }
  }

  /** One step of the innermost walk; its answer once there is one. */
  #step(frame: Frame, stack: Frame[]): Decision | undefined {
    const use = this.#calls.abstract.get(frame.node);
    invariant(use !== undefined, `${frame.node} is reached`);
    if (frame.callers === undefined) {
      const key = `${frame.node} ${keyOf(frame.state)}`;
      const known = this.#answers.get(key);
      if (known !== undefined) return known;
      frame.keys.push(key);
    }
    const [only] = use.callers;
    if (!use.shared && only !== undefined) {
      const { state, answer } = this.#through(only, frame.state);
      if (answer !== undefined) return answer;
      frame.node = only.owner as NodeName;
      frame.state = state;
      return undefined;
    }
    frame.callers ??= [];
    while (frame.callers.length < use.callers.length) {
      const caller = use.callers[frame.callers.length] as Mention;
      const { state, answer } = this.#through(caller, frame.state);
      if (answer === undefined) {
        stack.push({ keys: [], node: caller.owner as NodeName, state });
        return undefined;
      }
      frame.callers.push(answer);
    }
    return this.#byCaller(frame.node, use.callers, frame.callers);
  }

  #byCaller(node: NodeName, callers: readonly Mention[], answers: readonly Decision[]): Decision {
    const [first] = answers;
    if (first !== undefined && answers.every((answer) => answer === first)) return first;
    const byKey = new Map(callers.map((caller, index) => [caller.key, answers[index] as Decision]));
    return this.#decision(`${node} ${answers.map(({ id }) => id).join(" ")}`, (id) => {
      const handlers = [...new Set(answers.flatMap((answer) => answer.handlers))];
      return { kind: "by-caller", id, handlers, node, callers: byKey };
    });
  }

  #decided(handler: number | undefined): Decision {
    return this.#decision(`= ${handler ?? "-"}`, (id) => {
      const found = handler === undefined ? undefined : this.#handlers[handler];
      return found === undefined ? { kind: "decided", id, handlers: [] } : { kind: "decided", id, handlers: [found], handler: found };
    });
  }

  #decision(key: string, make: (id: number) => Decision): Decision {
    const known = this.#decisions.get(key);
    if (known !== undefined) return known;
    const made = make(this.#decisions.size);
    this.#decisions.set(key, made);
    return made;
  }

  #path(item: Item): Handler["path"] {
    const handler = this.#handlers[item.handler];
    invariant(handler !== undefined, "an item is of a handler");
    return handler.path;
  }

  /** Negative if `one` is more specific. Both are complete. */
  #rank(one: Item, other: Item): number {
    if (one.distance !== other.distance) return nearness(one.distance) - nearness(other.distance);
    const [shape, otherShape] = [this.#shape(one), this.#shape(other)];
    if (shape !== otherShape) return shape < otherShape ? -1 : 1;
    if (one.relations === other.relations) return 0;
    return one.relations < other.relations ? -1 : 1;
  }

  /** Whether an item under way would win if it were completed in the best way. */
  #canBeat(item: Item, best: Item): boolean {
    if (item.distance !== best.distance) return nearness(item.distance) < nearness(best.distance);
    const [shape, bestShape] = [this.#shape(item), this.#shape(best)];
    return shape < bestShape || (shape === bestShape && item.relations <= best.relations.slice(0, item.relations.length));
  }

  /** From the end: a name ranks before `*`, and going on before stopping. */
  #shape(item: Item): string {
    const path = this.#path(item);
    return `${path.toReversed().slice(1).map((element) => (element === undefined ? "1" : "0")).join("")}2`;
  }
}

/** A name before `*`; the nearest node around a failure first. */
function nearness(distance: number): number {
  return distance < 0 ? Number.MAX_SAFE_INTEGER : distance;
}

/** The same for all places that have matched the same: distances renumbered, items in order, the better of two alike. */
function canonical(state: State): State {
  const all = state.best === undefined ? state.items : [...state.items, state.best];
  const distances = [...new Set(all.map((item) => item.distance))].filter((each) => each > 0).sort((a, b) => a - b);
  const renumber = (item: Item): Item =>
    item.distance <= 0 ? item : { ...item, distance: 1 + distances.indexOf(item.distance) };
  const better = new Map<string, Item>();
  for (const item of state.items.map(renumber)) {
    const key = `${item.handler}/${item.matched}`;
    const other = better.get(key);
    if (other === undefined || item.relations < other.relations) better.set(key, item);
  }
  const items = [...better.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  return { items, best: state.best === undefined ? undefined : renumber(state.best) };
}

function keyOf({ items, best }: State): string {
  const text = ({ handler, matched, distance, relations }: Item): string => `${handler}/${matched}/${distance}/${relations}`;
  return `${items.map(text).join(" ")};${best === undefined ? "" : text(best)}`;
}
