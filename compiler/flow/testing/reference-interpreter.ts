/**
 * What a program means, written from the language reference and from nothing else: recursive, naive, one function a
 * sentence. Tells the same events as `interpret.ts` does of the flow graph, if the graph is right.
 */
import type { ConcreteNode, Handler, Node, NodeName, Program, Step } from "../../check/program.ts";
import { invariant } from "../../diagnostics/checked.ts";
import { codes, Enough, type Script } from "./script.ts";

/** Where a node runs: the steps that ran before it in its sequence, and what encloses that. */
interface Place {
  readonly before: readonly NodeName[];
  /** Absent at a root. */
  readonly around?: { readonly name: NodeName; readonly place: Place };
}

class TailCall extends Error {
  readonly target: NodeName;
  readonly values: readonly string[];

  constructor(target: NodeName, values: readonly string[]) {
    super();
    this.target = target;
    this.values = values;
  }
}

/** The flow is over; everything was told. */
class Over extends Error {}

/** @param order  canonical order of the constraints: the one thing the language leaves to the planner */
export function interpretReference(program: Program, order: readonly string[], source: number, script: Script): void {
  const from = program.sources[source];
  invariant(from !== undefined, "the source exists");
  const target = nodeNamed(program, from.target);
  try {
    let values: readonly string[] | undefined = target.inputs.map(() => script.value());
    if (from.node !== undefined) values = new Reference(program, order, script).activate(from.node);
    if (values !== undefined) new Reference(program, order, script).flow(from.name, target, values);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

class Reference {
  readonly #program: Program;
  readonly #order: readonly string[];
  readonly #script: Script;
  readonly #held: string[] = [];
  /** Nodes whose time limit runs, from the outside in. */
  readonly #limits: { readonly node: NodeName; readonly abstract: boolean }[] = [];
  #handling = false;

  constructor(program: Program, order: readonly string[], script: Script) {
    this.#program = program;
    this.#order = order;
    this.#script = script;
  }

  activate(name: NodeName): readonly string[] | undefined {
    const node = nodeNamed(this.#program, name);
    const place: Place = { before: [] };
    return this.#untilOver(() => {
      const values = this.#run(node, [], place);
      const result = this.#script.spawn();
      this.#script.tell(`spawn (${values.join(", ")}) ${result}`);
      if (result !== "0") this.#fail(node, [], result, place);
      this.#script.tell("end done");
      return values;
    });
  }

  flow(source: string, target: Node, values: readonly string[]): void {
    this.#untilOver(() => {
      this.#run(target, values, { before: [source] });
      this.#script.tell("end done");
    });
  }

  #untilOver<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (error instanceof Over) return undefined;
      throw error;
    }
  }

  /** Every round of it, if it is a loop. */
  #run(node: Node, inputs: readonly string[], place: Place): readonly string[] {
    for (let values = inputs; ; ) {
      try {
        return this.#extent(node, values, place, () => this.#body(node, values, place));
      } catch (error) {
        if (!(error instanceof TailCall) || error.target !== node.name) throw error;
        this.#script.tell("yield");
        values = error.values;
      }
    }
  }

  /** Holds what the node asks for and runs its time limit while `inside` runs. */
  #extent(node: Node, inputs: readonly string[], place: Place, inside: () => readonly string[]): readonly string[] {
    const limits = this.#limits.length;
    if (node.timeout !== undefined) this.#limits.push({ node: node.name, abstract: node.kind !== "concrete" });
    const held = this.#held.length;
    for (const constraint of this.#order) {
      const wanted = node.acquires.find((each) => each.constraint === constraint);
      if (wanted === undefined || this.#held.includes(constraint)) continue;
      const result = this.#script.acquire(this.#limits.length > 0);
      this.#script.tell(`acquire ${constraint} ${wanted.mode} for ${node.name} ${this.#running()} ${result}`);
      if (result !== "0") this.#fail(node, inputs, result, place);
      this.#held.push(constraint);
    }
    const leave = (): void => {
      this.#releaseTo(held);
      this.#limits.length = limits;
    };
    try {
      const outputs = inside();
      leave();
      return outputs;
    } catch (error) {
      if (error instanceof TailCall) leave();
      throw error;
    }
  }

  #body(node: Node, inputs: readonly string[], place: Place): readonly string[] {
    if (node.kind === "concrete") return this.#call(node, inputs, place);
    if (node.kind === "sequence") return this.#steps(node, node.steps, inputs, place);
    for (const { patterns, steps } of node.cases) {
      const matches = patterns.every((type, position) => {
        if (type === undefined) return true;
        const answer = this.#script.test();
        this.#script.tell(`test ${type} ${inputs[position] ?? ""} ${answer}`);
        if (answer === "throws") this.#fail(node, inputs, "exception", place);
        return answer === "yes";
      });
      if (matches) return this.#steps(node, steps, inputs, place);
    }
    return this.#fail(node, inputs, codes.noMatch, place);
  }

  #steps(owner: Node, steps: readonly Step[], inputs: readonly string[], place: Place): readonly string[] {
    let values = inputs;
    for (const [index, step] of steps.entries()) {
      if (step.tailCall) throw new TailCall(step.node, values);
      const before = steps.slice(0, index).map((each) => each.node);
      values = this.#run(nodeNamed(this.#program, step.node), values, { before, around: { name: owner.name, place } });
    }
    return values;
  }

  #call(node: ConcreteNode, inputs: readonly string[], place: Place): readonly string[] {
    const isNew = node.outputs.map((output) => !this.#isPassThrough(node, output));
    let fresh = isNew.filter((each) => each).map(() => "empty");
    for (;;) {
      if (this.#limits.some(({ abstract }) => abstract) && this.#script.expired()) this.#fail(node, inputs, codes.timedOut, place);
      const result = this.#script.call(node.wait.length > 0);
      this.#script.tell(`call ${node.name} (${inputs.join(", ")}) into (${fresh.join(", ")}) ${this.#running()} ${result}`);
      fresh = fresh.map(() => this.#script.value());
      if (result === "0") break;
      if (result !== codes.again) this.#fail(node, inputs, result, place);
      if (node.wait.length === 0) this.#fail(node, inputs, codes.wouldBlock, place);
      const on = node.wait.map(({ readiness, on: what }) => `${readiness} ${what.kind === "input" ? (inputs[what.index] ?? "") : what.text}`);
      const waited = this.#script.wait();
      this.#script.tell(`wait ${node.name} ${on.join(", ")} ${this.#running()} ${waited}`);
      if (waited !== "0") this.#fail(node, inputs, waited, place);
    }
    const outputs: string[] = [];
    for (const [position, output] of node.outputs.entries()) {
      const same = node.inputs.findIndex(({ name, type }) => name === output.name && type === output.type);
      outputs.push((isNew[position] === true ? fresh.shift() : inputs[same]) as string);
    }
    return outputs;
  }

  #isPassThrough(node: ConcreteNode, output: { readonly name: string; readonly type: string }): boolean {
    if (this.#program.form === "published") return false;
    return node.inputs.some(({ name, type }) => name === output.name && type === output.type);
  }

  /** Releases everything, newest first; then the handler, which starts with nothing held and no limit running. */
  #fail(node: Node, inputs: readonly string[], error: string, place: Place): never {
    this.#releaseTo(0);
    this.#limits.length = 0;
    this.#script.tell(`failed ${node.name} ${error}`);
    const handler = this.#handling ? undefined : mostSpecific(this.#program.handlers, node.name, place);
    if (handler !== undefined) this.#handle(handler, node, inputs, error);
    this.#script.tell("end failed");
    throw new Over();
  }

  #handle(handler: Handler, node: Node, inputs: readonly string[], error: string): void {
    if (handler.takes === "deduced") {
      this.#script.tell(`handler ${handler.handler} for ${node.name} (${inputs.join(", ")}) ${error}`);
      return;
    }
    this.#handling = true;
    const values = [...inputs.slice(0, handler.takes), ...(handler.takesError ? [`error ${error}`] : [])];
    this.#run(nodeNamed(this.#program, handler.handler), values, { before: [] });
  }

  #releaseTo(count: number): void {
    while (this.#held.length > count) this.#script.tell(`release ${this.#held.pop() ?? ""}`);
  }

  #running(): string {
    return `[${this.#limits.map(({ node }) => node).sort().join(" ")}]`;
  }
}

/** One way in which a path fits: how far out its last element is, and how each further one was reached. */
interface Fit {
  readonly handler: Handler;
  readonly distance: number;
  readonly relations: readonly ("before" | "around")[];
}

/** Every way of every path, the best of them. */
function mostSpecific(handlers: readonly Handler[], failed: NodeName, place: Place): Handler | undefined {
  const fits = handlers.flatMap((handler) => {
    const last = handler.path.at(-1);
    const rest = handler.path.slice(0, -1);
    if (last === undefined) return extend(rest, place).map((relations) => ({ handler, distance: 0, relations }));
    const found: Fit[] = last === failed ? extend(rest, place).map((relations) => ({ handler, distance: 0, relations })) : [];
    // An abstract last element means any failure inside it.
    let distance = 1;
    for (let outer = place.around; outer !== undefined; outer = outer.place.around) {
      if (outer.name === last) for (const relations of extend(rest, outer.place)) found.push({ handler, distance, relations });
      distance += 1;
    }
    return found;
  });
  return fits.sort(compare)[0]?.handler;
}

/** All ways to match a path, its last element first, with what stands before and around. */
function extend(path: Handler["path"], place: Place): readonly (readonly ("before" | "around")[])[] {
  if (path.length === 0) return [[]];
  const element = path.at(-1);
  const rest = path.slice(0, -1);
  const ways: (readonly ("before" | "around")[])[] = [];
  const before = place.before.at(-1);
  if (before !== undefined && (element === undefined || element === before)) {
    const earlier: Place = { ...place, before: place.before.slice(0, -1) };
    ways.push(...extend(rest, earlier).map((relations) => ["before" as const, ...relations]));
  }
  if (place.around !== undefined && (element === undefined || element === place.around.name)) {
    ways.push(...extend(rest, place.around.place).map((relations) => ["around" as const, ...relations]));
  }
  return ways;
}

/** Compared from the end: a name beats `*`; then the longer path; then "before" beats "around". */
function compare(one: Fit, other: Fit): number {
  const [a, b] = [one.handler.path.toReversed(), other.handler.path.toReversed()];
  if ((a[0] === undefined) !== (b[0] === undefined)) return a[0] === undefined ? 1 : -1;
  if (one.distance !== other.distance) return one.distance - other.distance;
  for (let index = 1; index < Math.min(a.length, b.length); index++) {
    if ((a[index] === undefined) !== (b[index] === undefined)) return a[index] === undefined ? 1 : -1;
  }
  if (a.length !== b.length) return b.length - a.length;
  for (const [index, relation] of one.relations.entries()) {
    if (relation !== other.relations[index]) return relation === "before" ? -1 : 1;
  }
  return 0;
}

function nodeNamed(program: Program, name: NodeName): Node {
  const node = program.nodes.get(name);
  invariant(node !== undefined, `node ${name} exists`);
  return node;
}
