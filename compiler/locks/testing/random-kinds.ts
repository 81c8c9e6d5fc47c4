/**
 * Small programs at random with constraints of every kind: locks of the program and of sessions, pools and keys, with
 * tuples that are passed on, changed, shortened and turned round, dispatches and loops.
 */
import type { Acquisition, Case, Constraint, Node, NodeName, Program, Step, Variable } from "../../check/program.ts";
import { linear } from "./random-locking.ts";

const nowhere = { start: 0, end: 0 };

/** The same seed gives the same program. */
export function randomKinds(seed: number): Program {
  return new Drawing(linear(seed)).program();
}

class Drawing {
  readonly #next: () => number;
  readonly #nodes = new Map<NodeName, Node>();
  readonly #constraints: readonly Constraint[];
  /** Of a program, how often something that is otherwise rare. */
  readonly #tidiness: number;
  readonly #changes: number;

  constructor(next: () => number) {
    this.#next = next;
    this.#tidiness = next() * 0.3;
    this.#changes = next() * 0.5;
    const kinds = ["program", "session", "pool", "keyed", "keyed"] as const;
    const names = [..."abcd"].slice(0, 2 + this.#below(3));
    this.#constraints = names.map((name): Constraint => {
      const kind = kinds[this.#below(kinds.length)] ?? "keyed";
      const made = kind === "keyed" ? { kind, keyType: "int" } as const : kind === "pool" ? { kind, size: 2 } as const : { kind: "lock", scope: kind } as const;
      return { name, kind: made, span: nowhere };
    });
  }

  program(): Program {
    const count = 4 + this.#below(8);
    for (let index = 0; index < count; index++) {
      if (index < 3 || this.#chance(0.2)) this.#concrete(`N${index}`, (count - index) / count);
      else if (this.#chance(0.25)) this.#loop(`N${index}`, (count - index) / count);
      else this.#abstract(`N${index}`, (count - index) / count);
    }
    const names = [...this.#nodes.keys()].filter((name) => !name.endsWith("D"));
    const targets = [...new Set([names.at(-1), names.at(-1 - this.#below(3))])].filter((name) => name !== undefined);
    const sources = targets.map((target, index) => {
      const listen = `L${index}`;
      this.#nodes.set(listen, { ...this.#base(listen, 0, this.#nodes.get(target)?.inputs.length ?? 0), acquires: [], kind: "concrete", signature: true, blocking: false, wait: [], role: "source" });
      return { node: listen, name: listen, target, session: "SessionOf", span: nowhere };
    });
    return {
      source: { path: "random.flux", text: "" },
      ...{ form: this.#chance(0.1) ? "published" : "natural", includes: [], links: [], nodes: this.#nodes, handlers: [], sources },
      predicates: new Map([["odd", { type: "odd", predicate: "IsOdd", argumentTypes: ["int"], span: nowhere }]]),
      constraints: new Map(this.#constraints.map((constraint) => [constraint.name, constraint])),
    };
  }

  #chance(share: number): boolean {
    return this.#next() < share;
  }

  #below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  #concrete(name: NodeName, depth: number): void {
    const inputs = this.#chance(0.15) ? 2 : 3;
    const base = this.#base(name, inputs, this.#chance(0.15) ? 5 - inputs : inputs);
    const left = base.inputs.map((input) => input.name);
    const outputs = base.outputs.map((output, position): Variable => {
      // Mostly the input in its place; else another one, or something new.
      const wanted = this.#chance(this.#changes) ? left[this.#below(left.length + 2)] : left.find((each) => each === `i${position}`);
      if (wanted === undefined) return output;
      left.splice(left.indexOf(wanted), 1);
      return { ...output, name: wanted };
    });
    this.#nodes.set(name, { ...base, outputs, acquires: this.#acquires(depth, inputs), kind: "concrete", signature: true, blocking: false, wait: [], role: "step" });
  }

  #abstract(name: NodeName, depth: number): void {
    const [first, second] = [this.#steps(), this.#steps()];
    const base = { ...this.#base(name, 3, this.#lengthAfter(first)), acquires: this.#acquires(depth, 3) };
    const isDispatch = this.#chance(0.4) && this.#lengthAfter(second) === base.outputs.length;
    this.#nodes.set(name, isDispatch ? { ...base, kind: "dispatch", cases: [first, second].map(toCase) } : { ...base, kind: "sequence", steps: first });
  }

  /** A sequence that ends in a dispatch of its own, a case of which is the next round. */
  #loop(name: NodeName, depth: number): void {
    const [first, again, out] = [this.#steps(), this.#steps(), this.#steps()];
    if (this.#lengthAfter(first) < 3 || this.#lengthAfter(again) < 3) return this.#abstract(name, depth);
    const ends = this.#lengthAfter(out);
    const dispatch = `${name}D`;
    const back = { node: name, tailCall: true, span: nowhere };
    this.#nodes.set(dispatch, { ...this.#base(dispatch, 3, ends), acquires: this.#acquires(depth, 3), kind: "dispatch", cases: [[...again, back], out].map(toCase) });
    const steps = [...first, { node: dispatch, tailCall: false, span: nowhere }];
    this.#nodes.set(name, { ...this.#base(name, 3, ends), loop: true, acquires: this.#acquires(depth, 3), kind: "sequence", steps });
  }

  /** Up to three. */
  #steps(): readonly Step[] {
    const known = [...this.#nodes.keys()].filter((name) => !name.endsWith("D"));
    const steps: Step[] = [];
    for (let left = this.#below(4); left > 0; left--) {
      const node = known[Math.max(0, known.length - 1 - this.#below(5))] ?? "N0";
      if (this.#nodes.get(node)?.inputs.length === this.#lengthAfter(steps)) steps.push({ node, tailCall: false, span: nowhere });
    }
    return steps;
  }

  #lengthAfter(steps: readonly Step[]): number {
    const last = steps.at(-1);
    return last === undefined ? 3 : (this.#nodes.get(last.node)?.outputs.length ?? 0);
  }

  #base(name: NodeName, inputs: number, outputs: number): Pick<Node, "name" | "inputs" | "outputs" | "span" | "nameSpan" | "loop"> {
    const variable = (letter: string, position: number): Variable => ({ name: `${letter}${position}`, type: "int", written: { tokens: ["int"], span: nowhere }, span: nowhere });
    const tuple = (letter: string, length: number): readonly Variable[] => Array.from({ length }, (_, position) => variable(letter, position));
    return { name, inputs: tuple("i", inputs), outputs: tuple("o", outputs), span: nowhere, nameSpan: nowhere, loop: false };
  }

  #acquires(depth: number, inputs: number): readonly Acquisition[] {
    // Most in one order from the outside in, so that not all nest both ways.
    const from = Math.floor((this.#chance(this.#tidiness) ? depth : this.#next()) * this.#constraints.length);
    return this.#constraints.slice(from, from + 2).filter(() => this.#chance(0.65)).flatMap(({ name: constraint, kind }) => {
      const mode = (): "read" | "write" => (this.#chance(0.3) ? "read" : "write");
      if (kind.kind === "pool") return [{ constraint, mode: "write", span: nowhere } as const];
      if (kind.kind !== "keyed" || inputs === 0 || this.#chance(0.1)) return [{ constraint, mode: mode(), span: nowhere }];
      const keys = new Set([this.#chance(0.7) ? 0 : this.#below(inputs)]);
      if (this.#chance(0.2)) keys.add(this.#below(inputs));
      return [...keys].map((key): Acquisition => ({ constraint, mode: mode(), key, span: nowhere }));
    });
  }
}

function toCase(steps: readonly Step[], index: number): Case {
  return { patterns: [index === 0 ? "odd" : undefined, undefined, undefined], steps, span: nowhere };
}
