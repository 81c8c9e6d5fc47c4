/**
 * Storage for elements. Elements that follow one another become one variable unless two of them would meet at one point
 * (as in aggressive register coalescing: Chaitin, "Register allocation & spilling via graph coloring", 1982); then
 * variables of one type that never meet share a slot. A flow is nothing but its tuple, so to meet is to have a point in common.
 */
import { invariant } from "../diagnostics/checked.ts";
import type { Mention } from "./calls.ts";
import type { Slot, SlotId } from "./flow-graph.ts";
import type { Element, Tuples } from "./tuples.ts";

export interface Storage {
  readonly slots: readonly Slot[];
  /** Slot of an element that is ever stored. */
  readonly slotOf: (element: Element) => SlotId;
}

/** How many slots of a type are tried for a variable before it gets one of its own. */
const candidates = 8;

export function allocate(tuples: Tuples, live: readonly boolean[]): Storage {
  const stored = (element: Element): boolean => live[element] === true || tuples.pinned[element] === true;
  const classes = new Classes(tuples, stored);
  for (const { input, output } of tuples.passThrough) classes.join(input, output);
  for (const { from, to } of tuples.passages) {
    for (const [position, element] of to.entries()) {
      const source = from[position];
      if (source !== undefined && live[element] === true && stored(source)) classes.joinUnlessTheyMeet(source, element);
    }
  }
  return colour(tuples, stored, classes);
}

/** Union-find; the members of a class are a ring. */
class Classes {
  readonly #tuples: Tuples;
  readonly #stored: (element: Element) => boolean;
  readonly #parent: number[];
  readonly #next: number[];
  readonly #size: number[];

  constructor(tuples: Tuples, stored: (element: Element) => boolean) {
    this.#tuples = tuples;
    this.#stored = stored;
    this.#parent = [...tuples.variables.keys()];
    this.#next = [...tuples.variables.keys()];
    this.#size = tuples.variables.map(() => 1);
  }

  of(element: Element): Element {
    let root = element;
    for (let up = this.#parent[root]; up !== undefined && up !== root; up = this.#parent[root]) root = up;
    for (let at = element; at !== root; ) {
      const up = this.#parent[at] as number;
      this.#parent[at] = root;
      at = up;
    }
    return root;
  }

  *members(root: Element): Iterable<Element> {
    let at = root;
    do {
      yield at;
      at = this.#next[at] as number;
    } while (at !== root);
  }

  join(one: Element, other: Element): void {
    const [a, b] = this.#bySize(this.of(one), this.of(other));
    if (a === b) return;
    this.#parent[a] = b;
    this.#size[b] = (this.#size[b] as number) + (this.#size[a] as number);
    [this.#next[a], this.#next[b]] = [this.#next[b] as number, this.#next[a] as number];
  }

  joinUnlessTheyMeet(one: Element, other: Element): void {
    const { variables, points, atPoint } = this.#tuples;
    const [small, large] = this.#bySize(this.of(one), this.of(other));
    if (small === large || variables[one]?.type !== variables[other]?.type) return;
    for (const member of this.members(small)) {
      for (const neighbour of atPoint[points[member] as number] ?? []) {
        if (this.#stored(neighbour) && this.of(neighbour) === large) return;
      }
    }
    this.join(small, large);
  }

  #bySize(one: Element, other: Element): readonly [Element, Element] {
    return (this.#size[one] as number) <= (this.#size[other] as number) ? [one, other] : [other, one];
  }
}

/** First fit, in the order in which a flow meets its variables. */
function colour(
  tuples: Tuples,
  stored: (element: Element) => boolean,
  classes: Classes,
): Storage {
  const slots: (Slot & { readonly roots: Set<Mention | undefined> })[] = [];
  const byType = new Map<string, SlotId[]>();
  const names = new Map<string, number>();
  const taken = new Set<string>();
  const chosen = new Map<Element, SlotId>();
  const assigned: (SlotId | undefined)[] = tuples.variables.map(() => undefined);

  const meets = (members: readonly Element[], slot: SlotId): boolean =>
    members.some((member) => (tuples.atPoint[tuples.points[member] as number] ?? []).some((other) => assigned[other] === slot));
  /** Variables of one name, or of flows that have nothing in common: a slot should not mean two things in one place. */
  const suits = (slot: SlotId, name: string, roots: ReadonlySet<Mention | undefined>): boolean => {
    const other = slots[slot];
    if (other === undefined) return false;
    if (baseName.get(other.name) === name) return true;
    return !roots.has(undefined) && !other.roots.has(undefined) && ![...roots].some((root) => other.roots.has(root));
  };
  const baseName = new Map<string, string>();

  for (const element of tuples.variables.keys()) {
    if (!stored(element)) continue;
    const root = classes.of(element);
    if (chosen.has(root)) continue;
    const members = [...classes.members(root)].filter(stored);
    const { name, type, span } = members
      .map((member) => tuples.variables[member] as (typeof tuples.variables)[number])
      .reduce((first, variable) => (variable.span.start < first.span.start ? variable : first));
    const roots = new Set(members.map((member) => tuples.rootOf(tuples.points[member] as number)));
    const same = byType.get(type) ?? [];
    byType.set(type, same);
    let slot = same.slice(-candidates).find((each) => suits(each, name, roots) && !meets(members, each));
    if (slot === undefined) {
      slot = slots.length;
      const unique = uniqueName(name, names, taken);
      baseName.set(unique, name);
      slots.push({ name: unique, type, span, roots });
      same.push(slot);
    } else for (const each of roots) slots[slot]?.roots.add(each);
    for (const member of members) assigned[member] = slot;
    chosen.set(root, slot);
  }

  return {
    slots: slots.map(({ name, type, span }) => ({ name, type, span })),
    slotOf: (element) => {
      const slot = assigned[element];
      invariant(slot !== undefined, `element ${element} is stored`);
      return slot;
    },
  };
}

/** `socket`, `socket_2`, … */
export function uniqueName(name: string, counts: Map<string, number>, taken: Set<string>): string {
  let unique = name;
  for (let count = counts.get(name) ?? 1; taken.has(unique); ) {
    count += 1;
    unique = `${name}_${count}`;
    counts.set(name, count);
  }
  taken.add(unique);
  return unique;
}
