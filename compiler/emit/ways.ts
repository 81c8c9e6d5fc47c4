/** Edges as C++: what is done on the way, and the jump; and calls that may park a flow in a block. What blocks do is `step.ts`'s business. */
import { invariant } from "../diagnostics/checked.ts";
import type { BlockId, Edge, Operation, SlotId } from "../flow/flow-graph.ts";
import { indent, type Lines } from "../text/lines.ts";
import type { FunctionCalls } from "./function-calls.ts";
import { blockOf, isBuiltIn, slotOf, variable, type Naming, type State } from "./naming.ts";
import { operationLines } from "./operations.ts";

export interface Printing {
  readonly naming: Naming;
  readonly calls: FunctionCalls;
  /** Labels that something jumps to; a label nobody uses is a warning. */
  readonly used: Set<string>;
  /** The record keeps what the flow failed with. */
  readonly keepsFailure: boolean;
}

/** What is done on the way, then the jump, unless the target comes next anyway. */
export function* edgeLines(printing: Printing, edge: Edge, next?: BlockId): Lines {
  const { naming } = printing;
  // Constructing may throw: it comes last, so that what fails then has nothing to undo.
  const constructs = edge.operations.flatMap((operation) => (operation.kind === "construct" ? operation.slots : []));
  yield* operationLines(naming, edge.operations.filter(({ kind }) => kind !== "construct"));
  yield* constructLines(printing, edge, constructs);
  if (edge.to !== next) yield jump(printing, blockOf(naming.graph, edge.to).label);
}

export function jump(printing: Printing, label: string): string {
  printing.used.add(label);
  return `goto ${label};`;
}

/** `if (condition) { … goto …; }` */
export function* branch(printing: Printing, condition: string, edge: Edge): Lines {
  yield* conditional(condition, [...edgeLines(printing, edge)]);
}

export function* conditional(condition: string, body: readonly string[]): Lines {
  const [only, ...more] = body;
  if (only !== undefined && more.length === 0) {
    yield `if (${condition}) ${only}`;
  } else {
    yield `if (${condition}) {`;
    yield* indent(body);
    yield "}";
  }
}

/** A type of the program may throw when it is value-initialised: then its node fails, before it was called. */
function* constructLines(printing: Printing, edge: Edge, slots: readonly SlotId[]): Lines {
  const { naming } = printing;
  const { graph } = naming;
  const mayThrow = slots.filter((slot) => !isBuiltIn(slotOf(graph, slot).type));
  if (mayThrow.length > 0) {
    const failure = failureAhead(naming, edge.to);
    const operations = withoutFirstDestroy([...failure.before, ...failure.edge.operations], slots);
    const body = [...edgeLines(printing, { operations, to: failure.edge.to })];
    const arguments_ = ["record.error", ...mayThrow.map((slot) => variable(naming, slot))];
    yield* conditional(`!flux::construct(${arguments_.join(", ")})`, body);
  }
  for (const slot of slots) if (!mayThrow.includes(slot)) yield `${variable(naming, slot)}.construct();`;
}

/** What is done with variables that were never made: all but destroy them. Storage that is used again afterwards is another matter. */
function withoutFirstDestroy(operations: readonly Operation[], slots: readonly SlotId[]): readonly Operation[] {
  const missing = new Set(slots);
  return operations.map((operation) => {
    if (operation.kind !== "destroy") return operation;
    const made = operation.slots.filter((slot) => !missing.has(slot));
    for (const slot of operation.slots) missing.delete(slot);
    return { ...operation, slots: made };
  });
}

/** How the node that is about to be called fails. */
function failureAhead({ graph }: Naming, start: BlockId): { readonly before: readonly Operation[]; readonly edge: Edge } {
  const before: Operation[] = [];
  for (let id = start, steps = 0; steps <= graph.blocks.length; steps++) {
    const { operations, exit } = blockOf(graph, id);
    before.push(...operations);
    if ("fail" in exit) return { before, edge: exit.fail };
    invariant(exit.kind === "goto", "outputs are constructed on the way to the call of their node");
    before.push(...exit.next.operations);
    id = exit.next.to;
  }
  invariant(false, "the call of a node comes after its outputs are constructed");
}

/** The earliest limit that can be running in this block. */
export function deadline({ naming }: Printing, id: BlockId): string {
  const running = (naming.deadlines[id] ?? []).map((index) => `record.deadlines[${index}]`);
  if (running.length > 1) return `flux::earliest(${running.join(", ")})`;
  return running[0] ?? "flux::never";
}

/** A call that may park: the flow goes on at the label after it. */
export function* parkLines({ naming }: Printing, id: BlockId, call: string): Lines {
  yield* parkIn(parkedState(naming, id), call);
}

export function* parkIn(state: State, call: string): Lines {
  yield `record.state = static_cast<std::uint16_t>(at::${state.name});`;
  yield `if (${call} == flux::parked::yes) return;`;
  yield `${state.label}:`;
}

function parkedState({ parkedIn }: Naming, id: BlockId): State {
  const state = parkedIn.get(id);
  invariant(state !== undefined, `block ${id} has a state to be parked in`);
  return state;
}
