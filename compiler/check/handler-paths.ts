/**
 * What the path of a `handle` can match. A path is read from its end; an element before another is the abstract node
 * directly around it, or the step directly before it in the same sequence, or the source before its target.
 *
 * A *place* is a step in a body, a source, or what a source starts; a tail call is none, since the path starts anew
 * there. Paths are walked as a tree from their last elements on, so that handlers with a common end share the walk: no
 * way through the program is followed twice.
 */
import type { HandleDecl, PathElement } from "../../grammar/ast.ts";
import { Adjacency } from "./adjacency.ts";
import { isAbstract, type Body, type Declarations, type NodeEntry, type StepEntry } from "./declarations.ts";
import type { Loops } from "./loops.ts";
import type { Reach } from "./reach.ts";

export interface Match {
  readonly handle: HandleDecl;
  /** The nodes whose failure the path can match, each once; empty where there is none. */
  readonly failed: readonly NodeEntry[];
  /** The element nothing can match, and the names that could stand there instead. */
  readonly impossible?: { readonly element: PathElement; readonly possible: Possible };
}

/** Names, as the keys of something that is there anyway. */
export type Possible = ReadonlySet<string> | ReadonlyMap<string, unknown>;

/** Where a node runs. */
type Place = StepEntry | Root;

/** A source, what a source starts, or, in a program without sources, what one could start. */
interface Root {
  readonly body: undefined;
  readonly name: string;
  /** `undefined` for a timer source. */
  readonly node: NodeEntry | undefined;
  /** Of what a source starts. */
  readonly source: Root | undefined;
}

function nameOf(place: Place): string {
  return place.body === undefined ? place.name : place.node.name;
}

/** A suffix of some paths: where the element it begins with can be, and what can stand before it. */
interface Branch {
  readonly places: ReadonlySet<Place>;
  /** By name; made when a longer path asks. */
  before?: ReadonlyMap<string, ReadonlySet<Place>>;
  /** Branches one element longer; the name, or `*`. */
  readonly longer: Map<string, Branch>;
}

/** One match a handler, in the order written. Linear in the program for each `*` and each distinct suffix of the paths. */
export function matchPaths(declarations: Declarations, loops: Loops, reach: Reach): readonly Match[] {
  if (declarations.handlers.length === 0) return [];
  const places = new Places(declarations, loops, reach);
  const shortest = new Map<string, Branch>();
  return declarations.handlers.map((handle) => {
    const [last, ...further] = handle.path.toReversed();
    if (last === undefined) return { handle, failed: [] };
    let branch = cached(shortest, last, () => (last.kind === "any" ? places.failing() : places.named(last.name.text)));
    if (branch.places.size === 0) return { handle, failed: [], impossible: { element: last, possible: new Set() } };
    const suffixes = [branch];
    for (const element of further) {
      const shorter = branch;
      shorter.before ??= places.before(shorter.places);
      const before = shorter.before;
      branch = cached(shorter.longer, element, () =>
        element.kind === "any" ? new Set([...before.values()].flatMap((found) => [...found])) : (before.get(element.name.text) ?? new Set()),
      );
      if (branch.places.size === 0) return { handle, failed: [], impossible: { element, possible: before } };
      suffixes.push(branch);
    }
    if (last.kind === "any") return { handle, failed: nodesOf(places.lastOf(suffixes)) };
    const node = declarations.nodes.get(last.name.text);
    return { handle, failed: node === undefined ? [] : [node] };
  });
}

function cached(branches: Map<string, Branch>, element: PathElement, find: () => ReadonlySet<Place>): Branch {
  const key = element.kind === "any" ? "*" : element.name.text;
  const found = branches.get(key);
  if (found !== undefined) return found;
  const branch: Branch = { places: find(), longer: new Map() };
  branches.set(key, branch);
  return branch;
}

function nodesOf(places: Iterable<Place>): readonly NodeEntry[] {
  const nodes = new Set<NodeEntry>();
  for (const { node } of places) if (node !== undefined) nodes.add(node);
  return [...nodes];
}

class Places {
  readonly #nodes: Declarations["nodes"];
  readonly #loops: Loops;
  /** In the order found. */
  readonly #all: Place[] = [];
  /** From a node's id to its places in `#all`. */
  readonly #ofNode: Adjacency;
  /** What a source starts, by the place of the source. */
  readonly #started = new Map<Place, Place>();

  constructor({ nodes, sources }: Declarations, loops: Loops, reach: Reach) {
    this.#nodes = nodes;
    this.#loops = loops;
    this.#ofNode = new Adjacency(nodes.size);
    for (const declaration of sources.values()) {
      const node = declaration.every === undefined ? nodes.get(declaration.name.text) : undefined;
      const source: Root = { body: undefined, name: declaration.name.text, node, source: undefined };
      this.#add(source);
      const target = nodes.get(declaration.target.text);
      if (target === undefined) continue;
      const started: Root = { body: undefined, name: target.name, node: target, source };
      this.#add(started);
      this.#started.set(source, started);
    }
    for (const owner of nodes.values()) {
      if (!reach.flows.has(owner.id) && !reach.sources.has(owner.id)) continue;
      if (sources.size === 0) this.#add({ body: undefined, name: owner.name, node: owner, source: undefined });
      for (const body of owner.bodies) for (const step of this.#in(body)) this.#add(step);
    }
  }

  /** Where the node of that name runs; a timer has no node that could fail. */
  named(name: string): ReadonlySet<Place> {
    const node = this.#nodes.get(name);
    return new Set(node === undefined ? [] : this.#of(node));
  }

  /** Where concrete nodes and dispatches run: nothing else fails by itself. */
  failing(): ReadonlySet<Place> {
    return new Set(this.#all.filter(({ node }) => node !== undefined && (!isAbstract(node) || node.cases.length > 0)));
  }

  /** What can stand directly before any of these, by name. */
  before(places: Iterable<Place>): ReadonlyMap<string, ReadonlySet<Place>> {
    const found = new Map<string, Set<Place>>();
    const owners = new Set<NodeEntry>();
    const add = (place: Place): void => {
      const named = found.get(nameOf(place));
      if (named === undefined) found.set(nameOf(place), new Set([place]));
      else named.add(place);
    };
    for (const place of places) {
      if (place.body === undefined) {
        if (place.source !== undefined) add(place.source);
        continue;
      }
      owners.add(place.body.owner);
      const previous = place.body.steps[place.index - 1];
      if (previous !== undefined) add(previous);
    }
    for (const owner of owners) for (const place of this.#of(owner)) add(place);
    return found;
  }

  /** The last elements of those ways that match every one of `suffixes`, shortest first. */
  lastOf(suffixes: readonly Branch[]): ReadonlySet<Place> {
    let at = suffixes.at(-1)?.places ?? new Set<Place>();
    for (const { places } of suffixes.slice(0, -1).toReversed()) {
      const after = new Set<Place>();
      for (const place of at) for (const next of this.#after(place)) if (places.has(next)) after.add(next);
      at = after;
    }
    return at;
  }

  *#after(place: Place): Iterable<Place> {
    const started = this.#started.get(place);
    if (started !== undefined) yield started;
    for (const body of place.node?.bodies ?? []) yield* this.#in(body);
    if (place.body === undefined || this.#loops.ends[place.node.id] !== true) return;
    const next = place.body.steps[place.index + 1];
    if (next !== undefined && !this.#loops.tailCalls.has(next)) yield next;
  }

  /** The steps that are places: no tail calls, and nothing behind what never ends. */
  #in({ steps }: Body): readonly StepEntry[] {
    const { tailCalls, ends } = this.#loops;
    let count = 0;
    while (count < steps.length && ends[steps[count]?.node.id ?? 0] === true) count++;
    const reached = count < steps.length ? steps.slice(0, count + 1) : steps;
    const last = reached.at(-1);
    return last !== undefined && tailCalls.has(last) ? reached.slice(0, -1) : reached;
  }

  #of(node: NodeEntry): readonly Place[] {
    const found: Place[] = [];
    this.#ofNode.forEach(node.id, (at) => found.push(this.#all[at] as Place));
    return found.reverse();
  }

  #add(place: Place): void {
    if (place.node !== undefined) this.#ofNode.add(place.node.id, this.#all.length);
    this.#all.push(place);
  }
}
