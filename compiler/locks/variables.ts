/**
 * Which variable stands where: what the inputs of the nodes inside a node, and its own outputs, are of the inputs it was
 * entered with. Ways are not told apart one by one: where several meet, a value may be any of what it is on each.
 *
 * A step gets the tuple before it, by position. In the natural form an output of a function with the name and type of an
 * input is that variable; in the published one every output is new. A tail call gives its target's next round new inputs.
 */
import type { ConcreteNode, Node, NodeName, Program, Step } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";

/** Inputs of the node that is looked at, rising; `fresh` first, where it may be none of them. */
export type Origin = readonly number[];

export const fresh = -1;

/** What a node does with variables, as those around it see it. */
export interface Passage {
  /** By position. Empty where it never comes to an end. */
  readonly outputs: readonly Origin[];
  /** By position, of the target of a loop that changes its tuple: what an input may be in any round. */
  readonly rounds?: readonly Origin[];
  /** By target, of tail calls inside that lead out of it: what they give. */
  readonly leaving: ReadonlyMap<NodeName, readonly Origin[]>;
  readonly ends: boolean;
}

/** A node inside, and what each of its inputs may be. */
export type Visit = (inner: NodeName, given: readonly Origin[]) => void;

/** @param passages  of all nodes inside. Linear in the tuples of its steps. */
export function follow({ form }: Program, node: Node, passages: ReadonlyMap<NodeName, Passage>, visit: Visit): Passage {
  if (node.kind === "concrete") return { outputs: form === "natural" ? passedThrough(node) : node.outputs.map(() => isNew), leaving: nothing, ends: true };
  let outputs: readonly Origin[] | undefined;
  const leaving = new Map<NodeName, readonly Origin[]>();
  const leave = (target: NodeName, given: readonly Origin[]): void => {
    leaving.set(target, either(leaving.get(target), given));
  };
  for (const steps of bodies(node)) {
    let tuple = identity(node.inputs.length);
    let ends = true;
    for (const step of steps) {
      if (step.tailCall) {
        leave(step.node, tuple);
        ends = false;
        continue;
      }
      const inner = passages.get(step.node);
      invariant(inner !== undefined, `${step.node} was followed before what is around it`);
      visit(step.node, inner.rounds === undefined ? tuple : through(inner.rounds, tuple));
      for (const [target, given] of inner.leaving) leave(target, through(given, tuple));
      tuple = through(inner.outputs, tuple);
      ends &&= inner.ends;
    }
    if (ends) outputs = either(outputs, tuple.length === node.outputs.length ? tuple : tuple.slice(0, node.outputs.length));
  }
  const again = leaving.get(node.name);
  leaving.delete(node.name);
  const passage = { outputs: outputs ?? [], leaving, ends: outputs !== undefined };
  if (again === undefined || node.inputs.every((_, position) => isOnly(again[position], position))) return passage;
  const rounds = node.inputs.map((_, position) => inAnyRound(position, again));
  return {
    ...{ outputs: through(passage.outputs, rounds), rounds, ends: passage.ends },
    leaving: new Map([...leaving].map(([target, given]) => [target, through(given, rounds)])),
  };
}

/** Whether a value is one input, on every way. */
export function isOnly(origin: Origin | undefined, position: number): boolean {
  return origin !== undefined && origin.length === 1 && origin[0] === position;
}

function bodies(node: Exclude<Node, ConcreteNode>): readonly (readonly Step[])[] {
  return node.kind === "sequence" ? [node.steps] : node.cases.map(({ steps }) => steps);
}

const nothing: ReadonlyMap<NodeName, readonly Origin[]> = new Map();
const isNew: Origin = [fresh];
const alone: Origin[] = [];

/** One list for each position, however many nodes have it. */
function only(position: number): Origin {
  return (alone[position] ??= [position]);
}

const unchanged: (readonly Origin[])[] = [];

/** Every input in its place: most nodes pass on what they get. One list for each length. */
function identity(length: number): readonly Origin[] {
  return (unchanged[length] ??= Array.from({ length }, (_, position) => only(position)));
}

function passedThrough({ inputs, outputs, signature }: ConcreteNode): readonly Origin[] {
  if (!signature) return [];
  if (outputs.every(({ name, type }, position) => inputs[position]?.name === name && inputs[position].type === type)) return identity(outputs.length);
  const known = new Map(inputs.map(({ name, type }, position) => [`${name} ${type}`, position]));
  return outputs.map(({ name, type }) => {
    const position = known.get(`${name} ${type}`);
    return position === undefined ? isNew : only(position);
  });
}

/** As it is seen from where `tuple` is what is known of. */
function through(origins: readonly Origin[], tuple: readonly Origin[]): readonly Origin[] {
  if (origins.length === tuple.length && origins === unchanged[origins.length]) return tuple;
  return origins.map((origin) => {
    const [first] = origin;
    if (origin.length === 1) return first === undefined || first === fresh ? isNew : (tuple[first] ?? isNew);
    return origin.map((position) => (position === fresh ? isNew : (tuple[position] ?? isNew))).reduce(union);
  });
}

function either(known: readonly Origin[] | undefined, other: readonly Origin[]): readonly Origin[] {
  if (known === undefined || known === other) return other;
  return Array.from({ length: Math.max(known.length, other.length) }, (_, position) => union(known[position] ?? isNew, other[position] ?? isNew));
}

function union(one: Origin, other: Origin): Origin {
  if (other.every((position) => one.includes(position))) return one;
  if (one.every((position) => other.includes(position))) return other;
  return [...new Set([...one, ...other])].sort((first, second) => first - second);
}

/** A later round gets at a position what the one before had elsewhere. */
function inAnyRound(position: number, again: readonly Origin[]): Origin {
  const found = new Set([position]);
  for (const each of found) if (each !== fresh) for (const before of again[each] ?? isNew) found.add(before);
  return [...found].sort((first, second) => first - second);
}
