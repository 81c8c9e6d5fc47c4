/**
 * Programs at random, correct by construction: every kind of node, loops in loops, shared sub-flows, waits, limits,
 * locks, handlers of every form. Built straight as a `Program`, so that nothing of the parser or the checks is trusted.
 */
import type {
  Acquisition, ConcreteNode, DispatchNode, FlowSource, Handler, Node, NodeName, Program, SequenceNode, Step, Variable, WaitInterest,
} from "../../check/program.ts";
import { random } from "./script.ts";

export interface Size {
  /** Abstract nodes, about. */
  readonly nodes: number;
  /** How likely each extra is: 0 to 1. */
  readonly loops: number;
  readonly waits: number;
  readonly limits: number;
  readonly locks: number;
  readonly handlers: number;
}

export const everything: Size = { nodes: 6, loops: 0.4, waits: 0.3, limits: 0.2, locks: 0.25, handlers: 0.8 };

const nowhere = { start: 0, end: 0 };
const shapes: readonly (readonly string[])[] = [[], ["int"], ["int", "A"], ["A", "int"], ["int", "int", "A"]];
const variableNames = ["socket", "request", "close", "reply", "count"];

/** The same seed gives the same program. */
export function randomProgram(seed: number, size: Size): Program {
  return new Generator(random(seed), size).program();
}

type Shape = readonly string[];

class Generator {
  readonly #next: () => number;
  readonly #size: Size;
  readonly #nodes = new Map<NodeName, Node>();
  /** Nodes a sequence may use, by name. */
  readonly #pool: NodeName[] = [];
  readonly #form: "published" | "natural";
  #spans = 0;

  constructor(next: () => number, size: Size) {
    this.#next = next;
    this.#size = size;
    this.#form = this.#chance(0.25) ? "published" : "natural";
  }

  program(): Program {
    for (let index = 0; index < 3; index++) this.#concrete(this.#shape(), this.#shape());
    for (let index = 0; index < this.#size.nodes; index++) {
      if (this.#chance(this.#size.loops)) this.#loop(`L${index}`);
      else if (this.#chance(0.45)) this.#dispatch(`D${index}`, this.#shape(), this.#shape());
      else this.#sequence(`S${index}`, this.#shape());
    }
    const sources = this.#sources();
    const handlers = this.#handlers(sources);
    const predicate = (type: string): readonly [string, Program["predicates"] extends ReadonlyMap<string, infer P> ? P : never] => [
      type,
      { type, predicate: `is_${type}`, argumentTypes: ["int", "A"], span: nowhere },
    ];
    return {
      source: { path: "random.flux", text: "" },
      ...{ form: this.#form, includes: [], links: [] },
      nodes: this.#nodes,
      ...{ sources, handlers },
      predicates: new Map(["p", "q"].map(predicate)),
      constraints: new Map(
        ["a", "b", "c"].map((name) => [name, { name, kind: { kind: "lock", scope: "program" } as const, span: nowhere }]),
      ),
    };
  }

  #chance(likelihood: number): boolean {
    return this.#next() < likelihood;
  }

  #below(count: number): number {
    return Math.floor(this.#next() * count);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }

  #shape(): Shape {
    return this.#pick(shapes);
  }

  #variables(shape: Shape): readonly Variable[] {
    const free = [...variableNames];
    return shape.map((type): Variable => {
      const [name] = free.splice(this.#below(free.length), 1);
      this.#spans += 1;
      const span = { start: this.#spans, end: this.#spans + 1 };
      return { name: name ?? "value", type, written: { tokens: [type], span }, span };
    });
  }

  #extras(): Pick<Node, "acquires"> & Partial<Pick<Node, "timeout">> {
    const acquires = ["a", "b", "c"]
      .filter(() => this.#chance(this.#size.locks / 2))
      .map((constraint): Acquisition => ({ constraint, mode: this.#chance(0.3) ? "read" : "write", span: nowhere }));
    return { acquires, ...(this.#chance(this.#size.limits) ? { timeout: { milliseconds: 1000, span: nowhere } } : {}) };
  }

  #concrete(from: Shape, to: Shape, role: ConcreteNode["role"] = "step"): NodeName {
    const inputs = this.#variables(from);
    // Often the same variables go through.
    const outputs = from.join() === to.join() && this.#chance(0.6) ? inputs : this.#variables(to);
    const name = `C${this.#nodes.size}`;
    const wait = this.#chance(this.#size.waits) ? this.#interests(inputs, role) : [];
    const extras = role === "source" ? { acquires: this.#extras().acquires } : this.#extras();
    this.#nodes.set(name, {
      ...{ kind: "concrete", name, inputs, outputs, span: nowhere, nameSpan: nowhere, loop: false, role, wait, ...extras },
      ...{ signature: true, blocking: this.#chance(0.1) },
    });
    if (role === "step") this.#pool.push(name);
    return name;
  }

  #interests(inputs: readonly Variable[], role: ConcreteNode["role"]): readonly WaitInterest[] {
    if (role === "source") return [{ readiness: "readable", on: { kind: "global", text: "listener" }, span: nowhere }];
    const index = inputs.findIndex(({ type }) => type === "int");
    if (index < 0) return [];
    return [{ readiness: this.#pick(["readable", "writable"]), on: { kind: "input", index }, span: nowhere }];
  }

  #step(node: NodeName, tailCall = false): Step {
    this.#spans += 1;
    return { node, tailCall, span: { start: this.#spans, end: this.#spans + 1 } };
  }

  #named(name: NodeName): Node {
    return this.#nodes.get(name) as Node;
  }

  /** Steps from one tuple to another; without `to`, wherever it leads. */
  #steps(from: Shape, length: number, to?: Shape): { readonly steps: readonly Step[]; readonly to: Shape } {
    const steps: Step[] = [];
    let at = from;
    for (let index = 0; index < length; index++) {
      const fitting = this.#pool.filter((name) => typesOf(this.#named(name).inputs) === at.join());
      const name = fitting.length > 0 && this.#chance(0.8) ? this.#pick(fitting) : this.#concrete(at, this.#shape());
      steps.push(this.#step(name));
      at = this.#named(name).outputs.map(({ type }) => type);
    }
    if (to !== undefined && at.join() !== to.join()) {
      steps.push(this.#step(this.#concrete(at, to)));
      at = to;
    }
    return { steps, to: at };
  }

  #sequence(name: NodeName, from: Shape): NodeName {
    const { steps, to } = this.#steps(from, this.#below(4));
    return this.#abstractSequence(name, from, to, steps, false);
  }

  #abstractSequence(name: NodeName, from: Shape, to: Shape, steps: readonly Step[], loop: boolean, inPool = true): NodeName {
    const node: SequenceNode = {
      ...{ kind: "sequence", name, inputs: this.#variables(from), outputs: this.#variables(to) },
      ...{ span: nowhere, nameSpan: nowhere, loop, steps, ...this.#extras() },
    };
    this.#nodes.set(name, node);
    if (inPool) this.#pool.push(name);
    return name;
  }

  #dispatch(name: NodeName, from: Shape, to: Shape, more: DispatchNode["cases"] = [], inPool = true): NodeName {
    const patterns = (any: boolean): DispatchNode["cases"][number]["patterns"] =>
      from.map(() => (any || this.#chance(0.5) ? undefined : this.#pick(["p", "q"])));
    const count = 1 + this.#below(2);
    const cases = Array.from({ length: count }, (_, index) => ({
      patterns: patterns(index === count - 1 && this.#chance(0.6)),
      steps: this.#steps(from, this.#below(3), to).steps,
      span: nowhere,
    }));
    const node: DispatchNode = {
      ...{ kind: "dispatch", name, inputs: this.#variables(from), outputs: this.#variables(to) },
      ...{ span: nowhere, nameSpan: nowhere, loop: false, cases: [...more, ...cases], ...this.#extras() },
    };
    this.#nodes.set(name, node);
    if (inPool) this.#pool.push(name);
    return name;
  }

  /** A round: some steps, then a choice between another round, perhaps of a loop around this one, and going on. */
  #loop(name: NodeName, outer: { readonly name: NodeName; readonly from: Shape; readonly to: Shape } | undefined = undefined): NodeName {
    const from = this.#shape();
    const to = outer?.to ?? this.#shape();
    const self = { name, from, to };
    const again = (target: { readonly name: NodeName; readonly from: Shape }, at: Shape): DispatchNode["cases"][number] => ({
      patterns: at.map(() => (this.#chance(0.6) ? "p" : undefined)),
      // A round that runs no concrete node is refused by the checker.
      steps: [...this.#steps(at, this.#below(2), target.from).steps, this.#step(target.name, true)],
      span: nowhere,
    });
    const head = this.#steps(from, 1 + this.#below(2));
    const first = this.#concrete(head.to, this.#shape());
    const at = this.#named(first).outputs.map(({ type }) => type);
    const cases = [again(self, at)];
    if (outer !== undefined && this.#chance(0.7)) cases.push(again(outer, at));
    if (this.#chance(0.4)) {
      // A sequence that ends in the tail call, used by two cases.
      const shared = `${name}_again`;
      const steps = [...this.#steps(at, 1, from).steps, this.#step(name, true)];
      this.#abstractSequence(shared, at, to, steps, false, false);
      for (const type of ["p", "q"]) cases.push({ patterns: at.map(() => type), steps: [this.#step(shared)], span: nowhere });
    } else if (outer === undefined && this.#chance(0.4)) {
      const inner = this.#loop(`${name}_inner`, self);
      const into = this.#steps(at, 0, this.#named(inner).inputs.map(({ type }) => type)).steps;
      cases.push({ patterns: at.map(() => "q"), steps: [...into, this.#step(inner)], span: nowhere });
    }
    const choice = this.#dispatch(`${name}_next`, at, to, cases, false);
    const steps = [...head.steps, this.#step(first), this.#step(choice)];
    return this.#abstractSequence(name, from, to, steps, true, outer === undefined);
  }

  #sources(): readonly FlowSource[] {
    const abstract = [...this.#nodes.values()].filter((node) => node.kind !== "concrete" && this.#pool.includes(node.name));
    return Array.from({ length: 1 + this.#below(2) }, (_, index): FlowSource => {
      // Late nodes use early ones.
      const target = abstract[Math.max(0, abstract.length - 1 - this.#below(2))]?.name ?? this.#pick(this.#pool);
      const shape = this.#named(target).inputs.map(({ type }) => type);
      if (shape.length === 0 && this.#chance(0.5)) {
        return { name: `Tick${index}`, target, everyMilliseconds: 50, limit: 1, span: nowhere };
      }
      let node = this.#concrete([], shape, "source");
      if (this.#chance(0.3)) {
        const first = this.#concrete([], this.#shape(), "source");
        const { steps } = this.#steps(this.#named(first).outputs.map(({ type }) => type), this.#below(3), shape);
        node = `A${index}`;
        this.#nodes.set(node, {
          ...{ kind: "sequence", name: node, inputs: [], outputs: this.#variables(shape), span: nowhere, nameSpan: nowhere },
          ...{ acquires: this.#extras().acquires, loop: false, steps: [this.#step(first), ...steps] },
        });
      }
      return { node, name: node, target, span: nowhere };
    });
  }

  #handlers(sources: readonly FlowSource[]): readonly Handler[] {
    const ways = new Ways(this.#nodes, sources, this.#next);
    const made = new Map<string, Handler>();
    for (let index = 0; index < 5; index++) {
      if (!this.#chance(this.#size.handlers)) continue;
      for (const [side, path] of (this.#chance(0.3) ? ways.rivals() : [ways.path()]).entries()) {
        const key = path.map((element) => element ?? "*").join(" -> ");
        if (path.length > 0 && !made.has(key)) made.set(key, this.#handler(`H${index}${"ab"[side] ?? ""}`, path));
      }
    }
    return [...made.values()];
  }

  /** After a handler's first node: often a sub-flow that flows use too. */
  #handling(from: Shape): { readonly steps: readonly Step[]; readonly to: Shape } {
    const abstract = this.#pool.filter((name) => this.#named(name).kind !== "concrete");
    if (abstract.length === 0 || this.#chance(0.4)) return this.#steps(from, this.#below(3));
    const name = this.#pick(abstract);
    const types = (variables: readonly Variable[]): Shape => variables.map(({ type }) => type);
    const { steps } = this.#steps(from, 0, types(this.#named(name).inputs));
    return { steps: [...steps, this.#step(name)], to: types(this.#named(name).outputs) };
  }

  #handler(name: NodeName, path: Handler["path"]): Handler {
    const last = path.at(-1);
    const failed = last === undefined ? undefined : this.#named(last);
    const common = { path, handler: name, shared: 0, span: nowhere };
    const base = { span: nowhere, nameSpan: nowhere, loop: false };
    if (this.#chance(0.3)) {
      this.#nodes.set(name, {
        ...{ ...base, kind: "concrete", name, inputs: [], outputs: [], role: "handler", wait: [], acquires: [] },
        ...{ signature: false, blocking: false },
      });
      return { ...common, takes: "deduced", takesError: false };
    }
    const takes = failed?.kind === "concrete" ? this.#below(failed.inputs.length + 1) : 0;
    const taken = [...(failed?.inputs.slice(0, takes) ?? []).map(({ type }) => type), "int"];
    const to = this.#chance(0.5) ? taken : this.#shape();
    const concrete = (called: NodeName, extras: Pick<Node, "acquires">): void => {
      const inputs = this.#variables(taken);
      this.#nodes.set(called, {
        ...{ ...base, kind: "concrete", name: called, inputs, outputs: this.#variables(to), role: "handler", ...extras },
        ...{ wait: this.#chance(this.#size.waits) ? this.#interests(inputs, "handler") : [], signature: true, blocking: false },
      });
    };
    if (this.#chance(0.4)) concrete(name, this.#extras());
    else {
      concrete(`${name}_first`, this.#extras());
      this.#abstractSequence(name, taken, to, [this.#step(`${name}_first`)], false, false);
      const { steps, to: end } = this.#handling(to);
      this.#abstractSequence(name, taken, end, [this.#step(`${name}_first`), ...steps], false, false);
    }
    return { ...common, takes, takesError: true };
  }
}

/** Ways through a program, for paths of handlers that can match. */
class Ways {
  readonly #nodes: ReadonlyMap<NodeName, Node>;
  readonly #sources: readonly FlowSource[];
  readonly #next: () => number;

  constructor(nodes: ReadonlyMap<NodeName, Node>, sources: readonly FlowSource[], next: () => number) {
    this.#nodes = nodes;
    this.#sources = sources;
    this.#next = next;
  }

  /** What ran before a node and what is around it: two paths for one failure. */
  rivals(): readonly Handler["path"][] {
    const bodies = [...this.#nodes.values()].flatMap((node) => {
      if (node.kind === "concrete") return [];
      const all = node.kind === "sequence" ? [node.steps] : node.cases.map(({ steps }) => steps);
      return all.filter((steps) => steps.length > 1).map((steps) => ({ owner: node.name, steps }));
    });
    const body = bodies[Math.floor(this.#next() * bodies.length)];
    if (body === undefined) return [];
    const index = 1 + Math.floor(this.#next() * (body.steps.length - 1));
    const failed = body.steps[index];
    const before = body.steps[index - 1];
    if (failed === undefined || before === undefined || failed.tailCall) return [];
    return [[before.node, failed.node], [body.owner, failed.node]];
  }

  path(): Handler["path"] {
    const names = [...this.#nodes.values()].filter((node) => node.kind !== "concrete" || node.role !== "handler").map(({ name }) => name);
    let at = names[Math.floor(this.#next() * names.length)];
    const path: (NodeName | undefined)[] = [];
    while (at !== undefined && (path.length === 0 || this.#next() < 0.55)) {
      path.unshift(this.#next() < 0.2 ? undefined : at);
      const before = this.#before(at);
      at = before[Math.floor(this.#next() * before.length)];
    }
    return path;
  }

  #before(name: NodeName): readonly NodeName[] {
    const found: NodeName[] = this.#sources.filter(({ target }) => target === name).map((source) => source.name);
    for (const node of this.#nodes.values()) {
      if (node.kind === "concrete") continue;
      const bodies = node.kind === "sequence" ? [node.steps] : node.cases.map(({ steps }) => steps);
      for (const steps of bodies) {
        for (const [index, step] of steps.entries()) {
          if (step.node !== name || step.tailCall) continue;
          found.push(node.name, ...(steps[index - 1] === undefined ? [] : [(steps[index - 1] as Step).node]));
        }
      }
    }
    return found;
  }
}

function typesOf(variables: readonly Variable[]): string {
  return variables.map(({ type }) => type).join();
}
