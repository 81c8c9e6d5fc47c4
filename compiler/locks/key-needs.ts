/**
 * Which keys are asked for inside a node, told by its own inputs: a key inside that is not one input on every way to where
 * it is asked for can only be had with its whole class. One pass, from the nodes inside to those around them.
 */
import type { Node, NodeName, Program } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { Bits } from "./bits.ts";
import type { PlannedKey } from "./lock-plan.ts";
import type { NestedNode } from "./nesting.ts";
import { follow, fresh, isOnly, type Origin, type Passage } from "./variables.ts";

export interface Wanted {
  /** Rising. */
  readonly keys: readonly PlannedKey[];
  /** Somebody asks for the whole class, or for a key that is no input here. */
  readonly whole: boolean;
}

export interface Inner {
  readonly place: NestedNode;
  /** What each of its inputs may be, of those of the node around it. */
  readonly given: readonly Origin[];
}

/** Who asks, and for which of its inputs; none: for the whole class. */
export interface Asker {
  readonly place: NestedNode;
  readonly key?: number;
}

export interface KeyNeeds {
  isKeyed(id: number): boolean;
  /** Inside a node; what it asks for itself left out. */
  wanted(place: NestedNode, id: number): Wanted;
  /** The nodes inside a node, as often as it mentions them. */
  inside(place: NestedNode): readonly Inner[];
  /** The first inside that asks for what is none of these inputs. */
  beyond(place: NestedNode, id: number, keys: readonly number[]): Asker;
  /** The first inside that asks to write this key. */
  writing(place: NestedNode, id: number, key: number): Asker;
}

/** By position of the inputs: the constraints that ask for it as their key, and those as writers. */
interface Needs {
  readonly wanted: (Bits | undefined)[];
  readonly written: (Bits | undefined)[];
  beyond: Bits | undefined;
}

/** @param nodes  callers before callees */
export function findKeyNeeds(program: Program, names: readonly string[], nodes: readonly NestedNode[]): KeyNeeds | undefined {
  const keyed = new Bits(names.length);
  for (const [id, name] of names.entries()) if (program.constraints.get(name)?.kind.kind === "keyed") keyed.add(id);
  if (keyed.isEmpty()) return undefined;
  const found = new Found(program, names.length, keyed, new Map(nodes.map((place) => [place.node.name, place])));
  for (const place of nodes.toReversed()) found.add(place.node);
  return found;
}

class Found implements KeyNeeds {
  readonly #program: Program;
  readonly #size: number;
  readonly #keyed: Bits;
  readonly #places: ReadonlyMap<NodeName, NestedNode>;
  readonly #passages = new Map<NodeName, Passage>();
  readonly #needs = new Map<NodeName, Needs>();
  /** Of those that were looked into for a reason: few, but again and again. */
  readonly #inside = new Map<NodeName, readonly Inner[]>();

  constructor(program: Program, size: number, keyed: Bits, places: ReadonlyMap<NodeName, NestedNode>) {
    this.#program = program;
    this.#size = size;
    this.#keyed = keyed;
    this.#places = places;
  }

  add(node: Node): void {
    const needs: Needs = { wanted: [], written: [], beyond: undefined };
    const passage = follow(this.#program, node, this.#passages, (inner, given) => {
      for (const { id, keys } of this.#place(inner).own) {
        if (!this.#keyed.has(id)) continue;
        if (keys === undefined) (needs.beyond ??= new Bits(this.#size)).add(id);
        else for (const { input, mode } of keys) this.#need(needs, given[input], mode, (bits) => bits.add(id));
      }
      const below = this.#needs.get(inner);
      if (below === undefined) return;
      if (below.beyond !== undefined) (needs.beyond ??= new Bits(this.#size)).addAll(below.beyond);
      below.wanted.forEach((ids, input) => ids !== undefined && this.#need(needs, given[input], "read", (bits) => bits.addAll(ids)));
      below.written.forEach((ids, input) => ids !== undefined && this.#need(needs, given[input], "write", (bits) => bits.addAll(ids)));
    });
    this.#passages.set(node.name, passage);
    if (needs.beyond !== undefined || needs.wanted.length > 0) this.#needs.set(node.name, needs);
  }

  isKeyed(id: number): boolean {
    return this.#keyed.has(id);
  }

  wanted({ node }: NestedNode, id: number): Wanted {
    const needs = this.#needs.get(node.name);
    if (needs === undefined) return { keys: [], whole: false };
    const keys: PlannedKey[] = [];
    for (const [input, ids] of needs.wanted.entries()) if (ids?.has(id) === true) keys.push({ input, mode: needs.written[input]?.has(id) === true ? "write" : "read" });
    return { keys, whole: needs.beyond?.has(id) === true };
  }

  inside({ node }: NestedNode): readonly Inner[] {
    const known = this.#inside.get(node.name);
    if (known !== undefined) return known;
    const found: Inner[] = [];
    this.#inside.set(node.name, found);
    follow(this.#program, node, this.#passages, (inner, given) => found.push({ place: this.#place(inner), given }));
    return found;
  }

  beyond(around: NestedNode, id: number, keys: readonly number[]): Asker {
    return this.#find(around, keys, ({ place, given }, inputs) => {
      const isHeld = ({ input }: PlannedKey): boolean => inputs.some((key) => isOnly(given[input], key));
      const own = place.own.find((one) => one.id === id);
      if (own !== undefined && own.keys === undefined) return { place };
      const other = own?.keys?.find((key) => !isHeld(key));
      if (other !== undefined) return { place, key: other.input };
      const { keys: wanted, whole } = this.wanted(place, id);
      return whole || !wanted.every(isHeld);
    });
  }

  writing(around: NestedNode, id: number, key: number): Asker {
    return this.#find(around, [key], ({ place, given }, inputs) => {
      const writes = ({ input, mode }: PlannedKey): boolean => mode === "write" && inputs.some((each) => isOnly(given[input], each));
      const own = place.own.find((one) => one.id === id)?.keys?.find(writes);
      return own === undefined ? this.wanted(place, id).keys.some(writes) : { place, key: own.input };
    });
  }

  /** Down into the first node for which `look` says that it is in there, with what these inputs are there. */
  #find(around: NestedNode, keys: readonly number[], look: (inner: Inner, inputs: readonly number[]) => Asker | boolean): Asker {
    let [at, inputs] = [around, keys];
    for (;;) {
      let next: Inner | undefined;
      for (const inner of this.inside(at)) {
        const found = look(inner, inputs);
        if (typeof found === "object") return found;
        if (found) next = inner;
        if (found) break;
      }
      invariant(next !== undefined, "what is needed inside is asked for there");
      const { given, place } = next;
      inputs = place.node.inputs.flatMap((_, input) => (inputs.some((key) => isOnly(given[input], key)) ? [input] : []));
      at = place;
    }
  }

  /** On every way the same input: that one's. Else it cannot be told here. */
  #need(needs: Needs, origin: Origin | undefined, mode: "read" | "write", put: (bits: Bits) => void): void {
    const [input] = origin ?? [];
    if (origin === undefined || origin.length !== 1 || input === undefined || input === fresh) put((needs.beyond ??= new Bits(this.#size)));
    else {
      put((needs.wanted[input] ??= new Bits(this.#size)));
      if (mode === "write") put((needs.written[input] ??= new Bits(this.#size)));
    }
  }

  #place(name: NodeName): NestedNode {
    const place = this.#places.get(name);
    invariant(place !== undefined, `${name} is started by something`);
    return place;
  }
}
