/**
 * What is wrong with a plan, found by going every way through the program one by one, with a number for each variable. It
 * shares nothing with the planner but the types: slow, and as plain as the meaning is.
 */
import type { Node, NodeName, Program, Step } from "../../check/program.ts";
import type { LockPlan } from "../lock-plan.ts";

type Mode = "read" | "write";

/** A variable; what a node gives that it did not get has no number until somebody gets it. */
type Values = readonly (number | undefined)[];

interface Held {
  readonly locks: ReadonlyMap<string, Mode>;
  /** By constraint and variable. */
  readonly keys: ReadonlyMap<string, Mode>;
}

interface Left {
  readonly ends: readonly Values[];
  readonly again: readonly { readonly target: NodeName; readonly values: Values }[];
}

/** @returns undefined where there are too many ways to go them all */
export function faultsOnSomeWay(program: Program, plan: LockPlan, mostVisits = 100_000): readonly string[] | undefined {
  const walk = new Walk(program, plan, mostVisits);
  return walk.isComplete() ? walk.faults() : undefined;
}

class Walk {
  readonly #program: Program;
  readonly #plan: LockPlan;
  readonly #rank: ReadonlyMap<string, number>;
  readonly #faults = new Set<string>();
  /** A node and a constraint that it acquires: the answers to "is it held already?". */
  readonly #asked = new Map<string, Set<boolean>>();
  readonly #fixed = new Set<string>();
  #visits = 0;
  #variables = 0;
  readonly #mostVisits: number;

  constructor(program: Program, plan: LockPlan, mostVisits: number) {
    this.#program = program;
    this.#plan = plan;
    this.#mostVisits = mostVisits;
    this.#rank = new Map(plan.locks.map(({ name }, index) => [name, index]));
    const nothing: Held = { locks: new Map(), keys: new Map() };
    for (const { node, target } of program.sources) {
      if (node !== undefined) this.#visit(node, this.#inputs(node, []), nothing);
      this.#visit(target, this.#inputs(target, []), nothing);
    }
    for (const { handler } of program.handlers) this.#visit(handler, this.#inputs(handler, []), nothing);
  }

  isComplete(): boolean {
    return this.#visits < this.#mostVisits;
  }

  faults(): readonly string[] {
    for (const [node, all] of this.#plan.acquires) {
      for (const { lock, ifNotHeld } of all) {
        if (ifNotHeld && this.#asked.get(`${node} ${lock}`)?.size !== 2) this.#faults.add(`${node} need not ask whether ${lock} is held`);
      }
    }
    for (const [node, inputs] of this.#plan.fixed) {
      for (const input of inputs) if (!this.#fixed.delete(`${node} ${input}`)) this.#faults.add(`input ${input} of ${node} is no key of what is held`);
    }
    for (const each of this.#fixed) this.#faults.add(`${each} is not fixed`);
    return [...this.#faults];
  }

  /** One way in, and every way on from there: what is given back is told by what went in. */
  #visit(name: NodeName, entry: readonly number[], outer: Held): Left {
    const node = this.#program.nodes.get(name) as Node;
    const ends: Values[] = [];
    const again: { target: NodeName; values: Values }[] = [];
    const told = (values: Values): Values => values.map((value) => (value !== undefined && entry.includes(value) ? value : undefined));
    const rounds: (readonly number[])[] = [entry];
    const begun = new Set([JSON.stringify(entry)]);
    for (const round of rounds) {
      this.#visits += 1;
      if (!this.isComplete()) break;
      const held = this.#acquire(node, round, outer);
      this.#check(node, round, held);
      if (node.kind === "concrete") {
        ends.push(node.outputs.map(({ name: output, type }) => (this.#program.form === "natural" ? round[node.inputs.findIndex((input) => input.name === output && input.type === type)] : undefined)));
        continue;
      }
      for (const steps of node.kind === "sequence" ? [node.steps] : node.cases.map((each) => each.steps)) {
        const left = this.#goOn(steps, round, held);
        ends.push(...left.ends.map((values) => values.slice(0, node.outputs.length)));
        for (const { target, values } of left.again) {
          if (target !== name) again.push({ target, values });
          else if (!begun.has(JSON.stringify(told(values)))) {
            begun.add(JSON.stringify(told(values)));
            rounds.push(this.#inputs(name, told(values)));
          }
        }
      }
    }
    const leaving = different(again.map(({ target, values }) => ({ target, values: told(values) })));
    return { ends: different(ends.map(told)), again: leaving };
  }

  #goOn(steps: readonly Step[], start: readonly number[], held: Held): Left {
    let tuples: readonly Values[] = [start];
    const again: { target: NodeName; values: Values }[] = [];
    for (const { node, tailCall } of steps) {
      const next: Values[] = [];
      for (const tuple of tuples) {
        if (tailCall) {
          again.push({ target: node, values: tuple });
          continue;
        }
        const left = this.#visit(node, this.#inputs(node, tuple), held);
        next.push(...left.ends);
        again.push(...left.again);
      }
      tuples = different(next);
    }
    return { ends: tuples, again };
  }

  #inputs(name: NodeName, tuple: Values): readonly number[] {
    return (this.#program.nodes.get(name) as Node).inputs.map((_, position) => tuple[position] ?? ++this.#variables);
  }

  #acquire({ name }: Node, values: readonly number[], outer: Held): Held {
    const [locks, keys] = [new Map(outer.locks), new Map(outer.keys)];
    for (const { constraint, lock, mode, keys: asked, ifNotHeld } of this.#plan.acquires.get(name) ?? []) {
      const isHeld = [...outer.locks.keys()].some((each) => each === constraint || each === `${constraint}[]`);
      const answers = this.#asked.get(`${name} ${lock}`) ?? new Set();
      this.#asked.set(`${name} ${lock}`, answers.add(isHeld));
      if (isHeld) {
        if (!ifNotHeld) this.#faults.add(`${name} acquires ${lock} twice`);
        continue;
      }
      for (const other of locks.keys()) {
        if ((this.#rank.get(other) ?? NaN) < (this.#rank.get(lock) ?? NaN)) continue;
        this.#faults.add(`${name} acquires ${lock} while ${other} is held`);
      }
      locks.set(lock, mode);
      if (asked === undefined) continue;
      if (this.#rank.has(constraint) && !locks.has(constraint)) this.#faults.add(`${name} acquires keys of ${constraint} without a share of it`);
      if (new Set(asked.map(({ input }) => input)).size < asked.length) this.#faults.add(`${name} acquires a key of ${constraint} twice`);
      for (const { input, mode: how } of asked) keys.set(`${constraint} ${values[input] ?? "?"}`, how);
    }
    return { locks, keys };
  }

  #check(node: Node, values: readonly number[], { locks, keys }: Held): void {
    for (const { constraint, mode, key } of node.acquires) {
      const keyed = this.#program.constraints.get(constraint)?.kind.kind === "keyed";
      const held = locks.get(constraint);
      const suffices = (how: Mode | undefined): boolean => how === "write" || (how === "read" && mode === "read");
      const whole = keyed ? held === "write" : suffices(held);
      if (!whole && (key === undefined || !suffices(keys.get(`${constraint} ${values[key] ?? "?"}`)))) this.#faults.add(`${node.name} runs without ${constraint}${key === undefined ? "" : `[${key}]`}`);
    }
    if (node.kind !== "concrete" || this.#program.form !== "natural") return;
    for (const [input, value] of values.entries()) {
      if ([...this.#program.constraints.keys()].some((constraint) => keys.has(`${constraint} ${value}`))) this.#fixed.add(`${node.name} ${input}`);
    }
  }
}

function different<T>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
