/**
 * What the path of a `handle` can match. A path is read from its end; an element before another is the abstract node
 * directly around it, or the step directly before it in the same sequence, or the source before its target.
 *
 * A *place* is a step in a body, a source, or what a source starts; a tail call is none, since the path starts anew
 * there. Paths are walked as a tree from their last elements on, so that handlers with a common end share the walk: no
 * way through the program is followed twice.
 */
import type { HandleDecl, PathElement } from "../../grammar/ast.ts";
import { isAbstract, type Body, type Declarations, type NodeEntry } from "./declarations.ts";
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
interface Place {
  readonly name: string;
  /** Absent for a timer source. */
  readonly node?: NodeEntry;
  /** For a step: its body, and where in it. */
  readonly body?: Body;
  readonly index?: number;
  /** For what a source starts: the source. */
  readonly source?: Place;
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
    let branch = cached(shortest, last, () => (last.kind === "any" ? new Set(places.failing) : places.withFunction(last.name.text)));
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
  /** Lists, since no place is added twice and most names have one: a set for each would be large. */
  readonly #byName = new Map<string, Place[]>();
  readonly #ofBody = new Map<Body, Place[]>();
  /** What a source starts, by the place of the source. */
  readonly #started = new Map<Place, Place>();
  /** Where concrete nodes and dispatches run: nothing else fails by itself. */
  readonly failing: Place[] = [];

  constructor({ nodes, sources }: Declarations, { tailCalls, ends }: Loops, reach: Reach) {
    for (const declaration of sources.values()) {
      const node = declaration.every === undefined ? nodes.get(declaration.name.text) : undefined;
      const source = this.#add({ name: declaration.name.text, ...(node === undefined ? {} : { node }) });
      const target = nodes.get(declaration.target.text);
      if (target !== undefined) this.#started.set(source, this.#add({ name: target.name, node: target, source }));
    }
    for (const owner of nodes.values()) {
      if (!reach.flows.has(owner.id) && !reach.sources.has(owner.id)) continue;
      if (sources.size === 0) this.#add({ name: owner.name, node: owner });
      for (const body of owner.bodies) {
        const found: Place[] = [];
        for (const step of body.steps) {
          if (!tailCalls.has(step)) found.push(this.#add({ name: step.node.name, node: step.node, body, index: step.index }));
          if (ends[step.node.id] !== true) break;
        }
        this.#ofBody.set(body, found);
      }
    }
  }

  named(name: string): readonly Place[] {
    return this.#byName.get(name) ?? [];
  }

  /** Those of `named` that can fail: not a timer. */
  withFunction(name: string): ReadonlySet<Place> {
    return new Set(this.named(name).filter((place) => place.node !== undefined));
  }

  /** What can stand directly before any of these, by name. */
  before(places: Iterable<Place>): ReadonlyMap<string, ReadonlySet<Place>> {
    const found = new Map<string, Set<Place>>();
    const owners = new Set<NodeEntry>();
    const add = (place: Place): void => {
      const named = found.get(place.name);
      if (named === undefined) found.set(place.name, new Set([place]));
      else named.add(place);
    };
    for (const { body, index, source } of places) {
      if (source !== undefined) add(source);
      if (body === undefined) continue;
      owners.add(body.owner);
      const previous = this.#ofBody.get(body)?.[(index ?? 0) - 1];
      if (previous !== undefined) add(previous);
    }
    for (const owner of owners) for (const place of this.named(owner.name)) if (place.node === owner) add(place);
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
    for (const body of place.node?.bodies ?? []) yield* this.#ofBody.get(body) ?? [];
    const next = place.body === undefined ? undefined : this.#ofBody.get(place.body)?.[(place.index ?? 0) + 1];
    if (next !== undefined) yield next;
  }

  #add(place: Place): Place {
    const named = this.#byName.get(place.name);
    if (named === undefined) this.#byName.set(place.name, [place]);
    else named.push(place);
    if (place.node !== undefined && (!isAbstract(place.node) || place.node.cases.length > 0)) this.failing.push(place);
    return place;
  }
}
