/** A flow graph as text for people and golden files: one line a step. Nothing is read back from it. */
import type { Block, Edge, Exit, FlowGraph, Operation, SlotId } from "./flow-graph.ts";

export function dump(graph: FlowGraph): string {
  return [...lines(graph)].map((line) => `${line}\n`).join("");
}

/** What a block does at its end, and where it then goes. */
export function exitText(graph: FlowGraph, block: Block): readonly string[] {
  return [...new Text(graph).exit(block.exit)];
}

function* lines(graph: FlowGraph): Iterable<string> {
  const text = new Text(graph);
  yield "record";
  for (const { name, type } of graph.slots) yield `  ${type} ${name}`;
  if (graph.returnLevels.length > 0) yield `  return levels: ${graph.returnLevels.join(", ")}`;
  if (graph.deadlines > 0) yield `  deadlines: ${graph.deadlines}`;
  if (graph.heldDepth > 0) yield `  held: at most ${graph.heldDepth}`;
  if (graph.heldMarks > 0) yield `  marks: ${graph.heldMarks}`;
  for (const [bit, constraint] of graph.heldBits.entries()) yield `  bit ${bit}: ${constraint}`;
  for (const { source, activation, flow, tuple } of graph.entries) {
    const starts = activation === undefined ? "" : ` activated at ${text.label(activation)},`;
    yield `source ${source.name}:${starts} flows start at ${text.label(flow)} with (${text.slots(tuple)})`;
  }
  for (const { name, count, starts } of graph.paths.units) {
    yield `paths ${name}: ${count}`;
    for (const start of starts) yield `  from ${start.first}: ${start.name} at ${text.label(start.at)}`;
  }
  for (const block of graph.blocks) {
    yield "";
    yield* text.block(block);
  }
}

class Text {
  readonly #graph: FlowGraph;

  constructor(graph: FlowGraph) {
    this.#graph = graph;
  }

  label(block: number): string {
    return this.#graph.blocks[block]?.label ?? `?${block}`;
  }

  slot(slot: SlotId): string {
    return this.#graph.slots[slot]?.name ?? `?${slot}`;
  }

  slots(slots: readonly SlotId[]): string {
    return slots.map((slot) => this.slot(slot)).join(", ");
  }

  *block({ label, operations, exit, alive }: Block): Iterable<string> {
    yield `${label}: (${this.slots(alive)})`;
    for (const operation of operations) yield `  ${this.operation(operation)}`;
    for (const line of this.exit(exit)) yield `  ${line}`;
  }

  edge({ operations, to }: Edge): string {
    const on = operations.map((operation) => `${this.operation(operation)}; `).join("");
    return `${on}=> ${this.label(to)}`;
  }

  *exit(exit: Exit): Iterable<string> {
    switch (exit.kind) {
      case "goto":
        yield this.edge(exit.next);
        return;
      case "call": {
        const inputs = exit.inputs.map((argument) => {
          if (argument.kind === "error") return "error";
          return `${argument.lastUse ? "move " : ""}${argument.constant ? "const " : ""}${this.slot(argument.slot)}`;
        });
        const marks = `${exit.blocking ? " blocking" : ""}${exit.checkDeadlines ? " within a limit" : ""}${exit.ofSource ? " of a source" : ""}`;
        yield `call ${exit.node} (${inputs.join(", ")}) => (${this.slots(exit.outputs)})${marks}`;
        yield `ok    ${this.edge(exit.ok)}`;
        if (exit.again !== undefined) yield `again ${this.edge(exit.again)}`;
        yield `fail  ${this.edge(exit.fail)}`;
        return;
      }
      case "call-handler":
        yield `call handler ${exit.handler} for ${exit.failed} (${this.slots(exit.inputs)})`;
        yield this.edge(exit.next);
        return;
      case "wait": {
        const interests = exit.interests.map(({ readiness, on }) => `${readiness} ${on.kind === "slot" ? this.slot(on.slot) : on.text}`);
        yield `wait ${interests.join(", ")}`;
        yield `ready ${this.edge(exit.ready)}`;
        yield `fail  ${this.edge(exit.fail)}`;
        return;
      }
      case "acquire": {
        const keys = exit.keys === undefined ? "" : ` ${exit.keys.map(({ slot, mode }) => `${this.slot(slot)} to ${mode}`).join(", ")}`;
        const unless = exit.unless.length === 0 ? "" : ` unless bit ${exit.unless.join(", ")}`;
        const bit = exit.bit === undefined ? "" : ` sets bit ${exit.bit}`;
        const moved = exit.movedFor === undefined ? "" : ` early for ${exit.movedFor}`;
        yield `acquire ${exit.lock}${keys === "" ? ` to ${exit.mode}` : keys} for ${exit.node}${moved}${unless}${bit}`;
        yield `granted ${this.edge(exit.granted)}`;
        yield `fail    ${this.edge(exit.fail)}`;
        return;
      }
      case "dispatch":
        yield `dispatch ${exit.node}`;
        for (const { tests, to } of exit.cases) {
          const all = tests.map(({ type, slot }) => `${type} ${this.slot(slot)}`);
          yield `if ${all.length === 0 ? "any" : all.join(" and ")} ${this.edge(to)}`;
        }
        yield `fail ${this.edge(exit.fail)}`;
        return;
      case "return":
        yield `return ${exit.level}`;
        for (const [value, target] of exit.targets.entries()) yield `${value} ${this.edge(target)}`;
        return;
      case "yield":
        yield `yield ${this.edge(exit.next)}`;
        return;
      case "if-handling":
        yield `if handling ${this.edge(exit.yes)}`;
        yield `else ${this.edge(exit.no)}`;
        return;
      case "spawn":
        yield `spawn ${this.#graph.entries[exit.source]?.source.target ?? "?"} (${this.slots(exit.values)})`;
        yield `done ${this.edge(exit.done)}`;
        yield `fail ${this.edge(exit.fail)}`;
        return;
      case "end":
        yield `end ${exit.result}`;
        return;
    }
  }

  operation(operation: Operation): string {
    switch (operation.kind) {
      case "construct":
      case "destroy":
        return `${operation.kind} ${this.slots(operation.slots)}`;
      case "move":
        return `move ${operation.moves.map(({ from, to }) => `${this.slot(from)} to ${this.slot(to)}`).join(", ")}`;
      case "release":
        return `release ${operation.releases.map(({ lock, most, bit }) => `${lock}${most === 1 ? "" : ` up to ${most}`}${bit === undefined ? "" : ` if bit ${bit}`}`).join(", ")}`;
      case "release-all":
        return "release all";
      case "mark-held":
        return `mark held ${operation.mark}`;
      case "release-to-mark":
        return `release to mark ${operation.mark}${operation.bits.length === 0 ? "" : ` clearing bits ${operation.bits.join(", ")}`}`;
      case "set-return":
        return `return ${operation.level} = ${operation.value}`;
      case "set-deadline":
        return `deadline ${operation.deadline} = ${operation.milliseconds} ms for ${operation.node}`;
      case "clear-deadlines":
        return `clear deadline ${operation.deadlines.join(", ")}`;
      case "add-path":
        return `path += ${operation.amount}`;
      case "enter-path":
        return `save path ${operation.level}`;
      case "leave-path":
        return `path = saved ${operation.level} + path * ${operation.factor}`;
      case "end-path":
        return `count path of ${this.#graph.paths.units[operation.unit]?.name ?? "?"}`;
      case "begin-handling":
        return "begin handling";
      case "keep-error":
        return `${this.slot(operation.slot)} = error`;
      case "count-failure":
        return `count failure of ${operation.node}`;
    }
  }
}
