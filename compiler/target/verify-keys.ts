/**
 * The certificate's part on keys: a node that asks for `c[key]` runs with the key that its own input is, wherever `c` is held
 * by keys. "The same variable" is read from the text of the program: positions of tuples followed through sequences,
 * choices and loops, by what their nodes pass on. Knows nothing of how the plan was made; that something of `c` is held at all
 * is `verify-locks.ts`'s business. Also that nobody on the way can change a key that is held.
 *
 * From the nodes inside to those around them, what each passes through; then back, which inputs are keys that are held: on
 * all ways on which `c` is held by keys, and on some. A loop's next round is entered with what its tail calls give it.
 * Linear in steps × constraints.
 */
import type { ConcreteNode, Node, NodeName, Program, Step } from "../check/program.ts";
import type { AcquireExit, Block, FlowGraph } from "../flow/flow-graph.ts";
import { findKeyInputs } from "./key-inputs.ts";

type Mode = "read" | "write";

/** By position: the input that it is, if it is one. */
type Origins = readonly (number | undefined)[];

/** By position, how it is held as a key, if it is. */
type Keys = readonly (Mode | undefined)[];

interface Acquired {
  readonly keys: Keys;
  readonly conditional: boolean;
}

/** @throws Error says what is wrong and where: a mistake of the compiler */
export function verifyKeys(graph: FlowGraph): void {
  const { program, blocks } = graph;
  if (![...program.constraints.values()].some(({ kind }) => kind.kind === "keyed")) return;
  const sometimes = followKeys(program, acquiredKeys(graph));
  for (const { label, exit } of blocks) {
    const node = exit.kind === "call" ? program.nodes.get(exit.node) : undefined;
    if (exit.kind !== "call" || node?.kind !== "concrete") continue;
    const passedOn = passing(program, node);
    for (const position of sometimes.get(exit.node) ?? []) {
      const argument = exit.inputs[position];
      const isKept = !passedOn.includes(position) || (argument?.kind === "slot" && argument.constant);
      claim(isKept, label, `can change a key that is held: ${node.inputs[position]?.name ?? position}`);
    }
  }
}

/**
 * From callers to what they call: what is held around each node as a key, on all ways on which keys of a constraint are held,
 * is what it asks for.
 * @returns by node, the inputs that are a key that is held, on some way
 */
function followKeys(program: Program, acquired: ReadonlyMap<NodeName, ReadonlyMap<string, Acquired>>): ReadonlyMap<NodeName, ReadonlySet<number>> {
  const order = insideOut(program);
  const { through, rounds } = findThrough(program, order);
  const around = new Map<NodeName, Map<string, Keys>>();
  const sometimes = new Map<NodeName, Set<number>>();
  const enter = (name: NodeName, origins: Origins, inside: ReadonlyMap<string, Keys>, keysOfSome: ReadonlySet<number>): void => {
    const from = (program.nodes.get(name)?.inputs ?? []).map((_, position) => origins[position]);
    const outer = around.get(name) ?? new Map<string, Keys>();
    around.set(name, outer);
    for (const [constraint, keys] of inside) {
      const given = composed(from, keys);
      outer.set(constraint, weaker(outer.get(constraint) ?? given, given));
    }
    const some = sometimes.get(name) ?? new Set();
    for (const [position, origin] of from.entries()) if (origin !== undefined && keysOfSome.has(origin)) some.add(position);
    sometimes.set(name, some);
  };
  for (const node of order.toReversed()) {
    const inside = new Map(around.get(node.name));
    const keysOfSome = new Set(sometimes.get(node.name));
    const round = rounds.get(node.name);
    if (round !== undefined) for (const [constraint, keys] of inside) inside.set(constraint, inEveryRound(keys, round));
    for (const [constraint, own] of acquired.get(node.name) ?? []) {
      const outer = inside.get(constraint);
      inside.set(constraint, own.conditional && outer !== undefined ? weaker(outer, own.keys) : own.keys);
      for (const [input, mode] of own.keys.entries()) if (mode !== undefined) keysOfSome.add(input);
    }
    sometimes.set(node.name, keysOfSome);
    for (const { constraint, key, mode } of node.acquires) {
      const held = inside.get(constraint);
      if (key === undefined || held === undefined) continue;
      const isHeld = held[key] === "write" || held[key] === mode;
      claim(isHeld, node.name, `runs without ${mode === "write" ? "writing" : "reading"} ${constraint}[${node.inputs[key]?.name ?? key}]`);
    }
    if (inside.size === 0 && keysOfSome.size === 0) continue;
    for (const { step, origins } of [...followedWays(node, through)].flatMap(({ entered }) => entered)) {
      if (!step.tailCall) enter(step.node, origins, inside, keysOfSome);
    }
  }
  return sometimes;
}

/** By node and constraint, for those that acquire keys. */
function acquiredKeys(graph: FlowGraph): ReadonlyMap<NodeName, ReadonlyMap<string, Acquired>> {
  const { program, blocks, locks } = graph;
  const found = new Map<NodeName, Map<string, Acquired>>();
  const { keys, wrongCalls } = findKeyInputs(graph);
  for (const id of wrongCalls) claim(false, (blocks[id] as Block).label, "is given another variable than the one it asks for");
  for (const [id, inputs] of keys) {
    const { label, exit } = blocks[id] as Block & { readonly exit: AcquireExit };
    const node = program.nodes.get(exit.node);
    const lock = locks.find(({ name }) => name === exit.lock);
    claim(node !== undefined && lock !== undefined, label, "acquires keys for nobody");
    const made: (Mode | undefined)[] = node.inputs.map(() => undefined);
    for (const [at, { mode }] of (exit.keys ?? []).entries()) {
      const input = inputs[at] ?? -1;
      claim(input in made && made[input] === undefined, label, "acquires the lock of something that is no input of its own, or twice");
      made[input] = mode;
    }
    claim(exit.mode === (made.includes("write") ? "write" : "read"), label, "acquires keys in another mode than it says");
    const byConstraint = found.get(exit.node) ?? new Map<string, Acquired>();
    found.set(exit.node, byConstraint);
    const own = { keys: made, conditional: exit.unless.length > 0 };
    const known = byConstraint.get(lock.constraint) ?? own;
    const isSame = known.conditional === own.conditional && known.keys.every((mode, input) => mode === made[input]);
    claim(isSame, label, `acquires other keys than elsewhere: ${lock.constraint}`);
    byConstraint.set(lock.constraint, known);
  }
  return found;
}

interface Through {
  /** By output, the input that it is; "never" where no way comes out. */
  readonly out: Origins | "never";
  /** By the loop that a tail call inside enters again: what it gives each input of it. */
  readonly again: ReadonlyMap<NodeName, Origins>;
}

/** What nodes pass through, and what each loop's next round begins with. */
function findThrough(program: Program, order: readonly Node[]): { readonly through: ReadonlyMap<NodeName, Through>; readonly rounds: ReadonlyMap<NodeName, Origins> } {
  const through = new Map<NodeName, Through>();
  const rounds = new Map<NodeName, Origins>();
  for (const node of order) {
    if (node.kind === "concrete") {
      through.set(node.name, { out: passing(program, node), again: new Map() });
      continue;
    }
    let out: Origins | "never" = "never";
    const again = new Map<NodeName, Origins>();
    const enterAgain = (loop: NodeName, given: Origins): void => void again.set(loop, agreed(again.get(loop) ?? given, given));
    for (const way of followedWays(node, through)) {
      if (way.out !== "never") out = out === "never" ? way.out : agreed(out, way.out);
      for (const { step, origins } of way.entered) {
        if (step.tailCall) enterAgain(step.node, origins);
        else for (const [loop, given] of through.get(step.node)?.again ?? []) enterAgain(loop, composed(given, origins));
      }
    }
    const round = again.get(node.name);
    again.delete(node.name);
    if (round === undefined) {
      through.set(node.name, { out, again });
      continue;
    }
    rounds.set(node.name, round);
    // Out of any round comes what came into the first only where no round changes it.
    const kept = (origins: Origins): Origins => origins.map((origin) => (origin !== undefined && round[origin] === origin ? origin : undefined));
    through.set(node.name, { out: out === "never" ? out : kept(out), again: new Map([...again].map(([loop, given]) => [loop, kept(given)])) });
  }
  return { through, rounds };
}

interface Way {
  readonly entered: readonly { readonly step: Step; readonly origins: Origins }[];
  readonly out: Origins | "never";
}

/** The steps of a node as far as flows come, each with what it begins with, position by position; and what comes out. */
function* followedWays(node: Node, through: ReadonlyMap<NodeName, Through>): Generator<Way> {
  if (node.kind === "concrete") return;
  for (const steps of waysThrough(node)) {
    const entered: { readonly step: Step; readonly origins: Origins }[] = [];
    let origins: Origins | "never" = node.inputs.map((_, input) => input);
    for (const step of steps) {
      if (origins === "never") break;
      entered.push({ step, origins });
      const out: Origins | "never" = step.tailCall ? "never" : (through.get(step.node)?.out ?? "never");
      origins = out === "never" ? out : composed(out, origins);
    }
    yield { entered, out: origins === "never" ? origins : origins.slice(0, node.outputs.length) };
  }
}

/** Cases behind one that matches everything are never taken. */
function waysThrough(node: Exclude<Node, ConcreteNode>): readonly (readonly Step[])[] {
  if (node.kind === "sequence") return [node.steps];
  const last = node.cases.findIndex(({ patterns }) => patterns.every((pattern) => pattern === undefined));
  return (last < 0 ? node.cases : node.cases.slice(0, last + 1)).map(({ steps }) => steps);
}

/** In the natural form what has name and type of an input is that input. */
function passing({ form }: Program, { inputs, outputs }: ConcreteNode): Origins {
  return outputs.map(({ name, type }) => {
    const same = form === "natural" ? inputs.findIndex((input) => input.name === name && input.type === type) : -1;
    return same < 0 ? undefined : same;
  });
}

function composed<T>(later: Origins, earlier: readonly (T | undefined)[]): readonly (T | undefined)[] {
  return later.map((origin) => (origin === undefined ? undefined : earlier[origin]));
}

function agreed(one: Origins, other: Origins): Origins {
  return one.map((origin, position) => (origin === other[position] ? origin : undefined));
}

function weaker(one: Keys, other: Keys): Keys {
  return one.map((mode, position) => {
    const second = other[position];
    return mode === undefined || second === undefined ? undefined : mode === "write" ? second : mode;
  });
}

/** What is a key in the first round and in each after it. */
function inEveryRound(keys: Keys, round: Origins): Keys {
  let [left, before] = [keys, keys];
  do {
    before = left;
    left = weaker(before, before.map((_, position) => before[round[position] ?? -1]));
  } while (left.some((mode, position) => mode !== before[position]));
  return left;
}

/** Every node that something starts, what is inside before what is around it. A stack of its own: programs nest deeper than the machine's goes. */
function insideOut({ nodes, sources, handlers }: Program): readonly Node[] {
  const finished: Node[] = [];
  const seen = new Set<NodeName>();
  const stack: { readonly node: Node; readonly inner: Iterator<Step> }[] = [];
  const enter = (name: NodeName): void => {
    const node = nodes.get(name);
    if (node === undefined || seen.has(name)) return;
    seen.add(name);
    const steps = node.kind === "concrete" ? [] : waysThrough(node).flat();
    stack.push({ node, inner: steps.filter(({ tailCall }) => !tailCall).values() });
  };
  for (const start of [...sources.flatMap(({ node, target }) => [node ?? target, target]), ...handlers.map(({ handler }) => handler)]) {
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.inner.next();
      if (step.done !== true) enter(step.value.node);
      else {
        stack.pop();
        finished.push(top.node);
      }
    }
  }
  return finished;
}

function claim(holds: boolean, who: string, what: string): asserts holds {
  if (!holds) throw new Error(`compiler bug: the locks of this program are wrong: ${who} ${what}`);
}
