/** Runs a flow graph as a runtime would, with a script for the world, and checks every step: what it reads is there, what it releases is held. */
import { invariant } from "../../diagnostics/checked.ts";
import type { Block, CallExit, Edge, FlowGraph, Operation, SlotId } from "../flow-graph.ts";
import { codes, Enough, type Script } from "./script.ts";

interface Held {
  readonly lock: string;
  readonly mode: string;
}

/** An activation of the source and the flow it starts; a flow of a timer source. */
export function interpretSource(graph: FlowGraph, source: number, script: Script): void {
  const entry = graph.entries[source];
  invariant(entry !== undefined, "the source exists");
  try {
    let values: readonly string[] | undefined = entry.tuple.map(() => script.value());
    if (entry.activation !== undefined) values = new Run(graph, script).run(entry.activation, [], []);
    if (values !== undefined) new Run(graph, script).run(entry.flow, entry.tuple, values);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

class Run {
  readonly #graph: FlowGraph;
  readonly #script: Script;
  readonly #slots = new Map<SlotId, string>();
  /** May have been moved from: nothing but `destroy` may touch it. */
  readonly #movedFrom = new Set<SlotId>();
  readonly #held: Held[] = [];
  readonly #bits = new Set<number>();
  readonly #marks: number[] = [];
  readonly #returns: number[] = [];
  readonly #deadlines = new Map<number, string>();
  #handling = false;
  #error = "0";
  #spawned: readonly string[] | undefined;

  constructor(graph: FlowGraph, script: Script) {
    this.#graph = graph;
    this.#script = script;
  }

  /** @returns what an activation produced */
  run(from: number, tuple: readonly SlotId[], values: readonly string[]): readonly string[] | undefined {
    for (const [position, slot] of tuple.entries()) this.#slots.set(slot, values[position] as string);
    let at = from;
    for (;;) {
      const block = this.#graph.blocks[at];
      invariant(block !== undefined, "an edge leads to a block");
      invariant(sameSet(this.#slots.keys(), block.alive), `${block.label} is entered with what it says`);
      block.operations.forEach((operation) => this.#perform(operation));
      const edge = this.#leave(block);
      if (edge === undefined) break;
      edge.operations.forEach((operation) => this.#perform(operation));
      at = edge.to;
    }
    invariant(this.#slots.size === 0 && this.#held.length === 0 && this.#bits.size === 0, "nothing is left at the end");
    return this.#spawned;
  }

  #leave({ exit, label }: Block): Edge | undefined {
    const script = this.#script;
    switch (exit.kind) {
      case "goto":
        return exit.next;
      case "call":
        return this.#call(exit);
      case "call-handler":
        script.tell(`handler ${exit.handler} for ${exit.failed} (${this.#read(exit.inputs)}) ${this.#error}`);
        return exit.next;
      case "wait": {
        const on = exit.interests.map((each) => `${each.readiness} ${each.on.kind === "slot" ? this.#read([each.on.slot]) : each.on.text}`);
        this.#error = script.wait();
        script.tell(`wait ${exit.node} ${on.join(", ")} ${this.#limits()} ${this.#error}`);
        return this.#error === "0" ? exit.ready : exit.fail;
      }
      case "acquire": {
        if (exit.unless.some((bit) => this.#bits.has(bit))) return exit.granted;
        this.#error = script.acquire(this.#deadlines.size > 0);
        script.tell(`acquire ${exit.lock} ${exit.mode} for ${exit.node} ${this.#limits()} ${this.#error}`);
        if (this.#error !== "0") return exit.fail;
        invariant(!this.#held.some(({ lock }) => lock === exit.lock), `${exit.lock} is not held yet`);
        const rankOf = (lock: string): number => this.#graph.locks.findIndex(({ name }) => name === lock);
        const risen = this.#held.every(({ lock }) => rankOf(lock) < rankOf(exit.lock));
        invariant(risen, `${exit.lock} is acquired in the canonical order`);
        this.#held.push({ lock: exit.lock, mode: exit.mode });
        invariant(this.#held.length <= this.#graph.heldDepth, "there is room for what is held");
        if (exit.bit !== undefined) {
          invariant(!this.#bits.has(exit.bit), "an extent is open once");
          this.#bits.add(exit.bit);
        }
        return exit.granted;
      }
      case "dispatch": {
        this.#error = "0";
        for (const { tests, to } of exit.cases) {
          const all = tests.every(({ type, slot }) => this.#test(type, slot));
          if (this.#error === "exception") return exit.fail;
          if (all) return to;
        }
        this.#error = codes.noMatch;
        return exit.fail;
      }
      case "return": {
        const target = exit.targets[this.#returns[exit.level] ?? -1];
        invariant(target !== undefined, `${label} knows where to return to`);
        return target;
      }
      case "yield":
        script.tell(`yield`);
        return exit.next;
      case "if-handling":
        return this.#handling ? exit.yes : exit.no;
      case "spawn": {
        this.#error = script.spawn();
        script.tell(`spawn (${this.#read(exit.values)}) ${this.#error}`);
        if (this.#error !== "0") return exit.fail;
        this.#spawned = exit.values.map((slot) => this.#slots.get(slot) as string);
        return exit.done;
      }
      case "end":
        script.tell(`end ${exit.result}`);
        return undefined;
    }
  }

  #call(exit: CallExit): Edge {
    const script = this.#script;
    const around = [...this.#deadlines.values()].some((node) => node !== exit.node);
    if (exit.checkDeadlines && around && script.expired()) {
      this.#error = codes.timedOut;
      return exit.fail;
    }
    const inputs = exit.inputs.map((argument) => (argument.kind === "error" ? `error ${this.#error}` : this.#read([argument.slot])));
    const passed = new Set(exit.inputs.flatMap((argument) => (argument.kind === "slot" ? [argument.slot] : [])));
    const fresh = exit.outputs.filter((slot) => !passed.has(slot));
    this.#error = script.call(exit.again !== undefined);
    script.tell(`call ${exit.node} (${inputs.join(", ")}) into (${this.#read(fresh)}) ${this.#limits()} ${this.#error}`);
    for (const slot of fresh) this.#slots.set(slot, script.value());
    for (const argument of exit.inputs) if (argument.kind === "slot" && argument.lastUse) this.#movedFrom.add(argument.slot);
    if (this.#error === "0") return exit.ok;
    if (this.#error !== codes.again) return exit.fail;
    if (exit.again !== undefined) return exit.again;
    this.#error = codes.wouldBlock;
    return exit.fail;
  }

  #test(type: string, slot: SlotId): boolean {
    const answer = this.#script.test();
    this.#script.tell(`test ${type} ${this.#read([slot])} ${answer}`);
    this.#error = answer === "throws" ? "exception" : "0";
    return answer === "yes";
  }

  #read(slots: readonly SlotId[]): string {
    return slots
      .map((slot) => {
        const value = this.#slots.get(slot);
        invariant(value !== undefined && !this.#movedFrom.has(slot), `slot ${slot} can be read`);
        return value;
      })
      .join(", ");
  }

  #limits(): string {
    return `[${[...this.#deadlines.values()].sort().join(" ")}]`;
  }

  #release(): void {
    const newest = this.#held.pop();
    invariant(newest !== undefined, "what is released is held");
    this.#script.tell(`release ${newest.lock}`);
  }

  #perform(operation: Operation): void {
    switch (operation.kind) {
      case "construct":
        for (const slot of operation.slots) this.#begin(slot, "empty");
        return;
      case "destroy":
        operation.slots.forEach((slot) => this.#end(slot));
        return;
      case "move": {
        const values = operation.moves.map(({ from }) => this.#read([from]));
        operation.moves.forEach(({ from }) => this.#end(from));
        for (const [index, { to }] of operation.moves.entries()) this.#begin(to, values[index] as string);
        return;
      }
      case "keep-error":
        this.#begin(operation.slot, `error ${this.#error}`);
        return;
      case "release":
        for (const { lock, bit } of operation.releases) {
          if (bit !== undefined && !this.#bits.delete(bit)) continue;
          invariant(this.#held.at(-1)?.lock === lock, `${lock} is the newest lock`);
          this.#release();
        }
        return;
      case "release-all":
        while (this.#held.length > 0) this.#release();
        this.#bits.clear();
        return;
      case "mark-held":
        this.#marks[operation.mark] = this.#held.length;
        return;
      case "release-to-mark": {
        const mark = this.#marks[operation.mark];
        invariant(mark !== undefined, "a mark was set");
        while (this.#held.length > mark) this.#release();
        operation.bits.forEach((bit) => this.#bits.delete(bit));
        return;
      }
      case "set-return":
        invariant(operation.value < (this.#graph.returnLevels[operation.level] ?? 0), "a return value fits its level");
        this.#returns[operation.level] = operation.value;
        return;
      case "set-deadline":
        invariant(operation.deadline < this.#graph.deadlines && !this.#deadlines.has(operation.deadline), "a deadline is set once");
        this.#deadlines.set(operation.deadline, operation.node);
        return;
      case "clear-deadlines":
        operation.deadlines.forEach((deadline) => this.#deadlines.delete(deadline));
        return;
      case "begin-handling":
        this.#handling = true;
        return;
      case "count-failure":
        this.#script.tell(`failed ${operation.node} ${this.#error}`);
        return;
      case "add-path":
      case "enter-path":
      case "leave-path":
      case "end-path":
        return;
    }
  }

  #begin(slot: SlotId, value: string): void {
    invariant(!this.#slots.has(slot), `slot ${slot} is free`);
    this.#slots.set(slot, value);
  }

  #end(slot: SlotId): void {
    invariant(this.#slots.delete(slot), `slot ${slot} is alive`);
    this.#movedFrom.delete(slot);
  }
}

function sameSet(one: Iterable<SlotId>, other: readonly SlotId[]): boolean {
  const set = new Set(one);
  return set.size === other.length && other.every((slot) => set.has(slot));
}
