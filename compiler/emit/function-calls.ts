/**
 * The calls of the program's functions, each a C++ function of the record on its own, so that a helper thread can run it
 * without `step`. What a node returned or threw is in `record.error` afterwards.
 */
import { isBuiltIn, slotOf, typeName, variable, type Naming } from "./naming.ts";
import { handlerKey } from "./function-uses.ts";
import { invariant } from "../diagnostics/checked.ts";
import type { BlockId, CallExit, DispatchExit, HandlerExit, SlotId } from "../flow/flow-graph.ts";
import type { Span } from "../../grammar/span.ts";
import { atSource, placeComment, quoted, uniqueName } from "../nodes/cpp/cpp-text.ts";
import { assertFits, functionStruct, predicateStruct, type FunctionUse, type NamedFunction } from "../nodes/cpp/function-struct.ts";
import { predicateShape } from "../nodes/cpp/function-shapes.ts";
import { predicatePrototype, subjectOf, takesError, type FunctionShape } from "../nodes/cpp/prototypes.ts";
import { writtenTypes } from "../nodes/cpp/type-text.ts";
import { indent, type Lines } from "../text/lines.ts";

/** The text of all of them, and what each block's is called. */
export interface FunctionCalls {
  readonly lines: readonly string[];
  readonly callOf: ReadonlyMap<BlockId, string>;
}

interface Argument {
  /** `flux::copied(record.tuple.socket)` */
  readonly text: string;
  /** `flux::input<int, flux::taking::copy>` */
  readonly type: string;
  /** Whether a function that fits may still not have it: the type may not be copyable, the variable not be changed. */
  readonly doubtful: boolean;
}

/** Every function the text names, once. */
export function functionNames(naming: Naming): readonly NamedFunction[] {
  const { nodes, handlers, predicates, sessions } = naming.functions;
  const uses = [...nodes.values(), ...handlers.values(), ...sessions.values()];
  const named = [
    ...uses.map(({ struct, shape, exact, span }) => ({ struct, name: shape.name, exact, span })),
    ...predicates.map(({ struct, predicate }) => ({ struct, name: predicate.predicate, span: predicate.span })),
  ];
  return [...new Map(named.map((one) => [one.struct, one])).values()];
}

export function* functionStructs(naming: Naming): Lines {
  const { source } = naming.graph.program;
  const { nodes, handlers, predicates, sessions } = naming.functions;
  const typeOf = (type: string): string => typeName(naming, type);
  const printed = new Set<string>();
  for (const use of [...nodes.values(), ...handlers.values(), ...sessions.values()]) {
    if (printed.has(use.struct)) continue;
    printed.add(use.struct);
    yield* functionStruct(source, use, typeOf);
    yield "";
  }
  for (const { predicate, struct, types } of predicates) {
    yield placeComment(source, predicate.span);
    yield* predicateStruct(struct);
    for (const type of types) {
      const applied = `flux::predicate_on<${struct}, ${typeOf(type)}>`;
      const { predicate: name, span } = predicate;
      const shape = predicateShape(name, type, span);
      yield* atSource(source, span, [
        assertFits(applied, shape, predicatePrototype(name, type)),
        assertCall(applied, "FLX0609", shape, [constantInput(typeOf(type))]),
      ]);
    }
    yield "";
  }
}

/** That every `wait` names something with a descriptor. */
export function* waitAssertions(naming: Naming): Lines {
  const { source, nodes } = naming.graph.program;
  const written = writtenTypes(naming.graph.program);
  for (const name of naming.functions.nodes.keys()) {
    const node = nodes.get(name);
    if (node?.kind !== "concrete") continue;
    for (const { on, span } of node.wait) {
      const input = on.kind === "input" ? node.inputs[on.index] : undefined;
      if (input?.type === "int") continue;
      const type = input === undefined ? `std::remove_cvref_t<decltype(::${on.kind === "global" ? on.text : ""})>` : written(input.type);
      const text = quoted(`FLX0611 ${on.kind === "input" ? (input?.name ?? "") : on.text}`);
      yield* atSource(source, span, [`static_assert(flux::can_wait<${type}>, ${text});`]);
    }
  }
}

export function functionCalls(naming: Naming): FunctionCalls {
  const lines: string[] = [];
  const callOf = new Map<BlockId, string>();
  const known = new Map<string, string>();
  const taken = new Set<string>();
  const add = (block: BlockId, wanted: string, key: string, body: (name: string) => Lines): void => {
    let name = known.get(key);
    if (name === undefined) {
      name = uniqueName(wanted, taken);
      known.set(key, name);
      lines.push(...body(name), "");
    }
    callOf.set(block, name);
  };
  for (const [id, { exit, span }] of naming.graph.blocks.entries()) {
    if (exit.kind === "call") {
      const [use, given] = nodeCall(naming, exit);
      add(id, `call_${exit.node}`, callKey(use, given), (name) => callFunction(naming, name, span, use, given));
    } else if (exit.kind === "call-handler") {
      const [use, given] = handlerCall(naming, exit);
      add(id, `call_${exit.handler}`, callKey(use, given), (name) => callFunction(naming, name, span, use, given));
    } else if (exit.kind === "dispatch" && needsChoice(exit)) {
      add(id, `choose_${exit.node}`, `dispatch ${id}`, (name) => choiceFunction(naming, name, exit));
    }
  }
  return { lines, callOf };
}

/** A dispatch whose first case matches everything chooses nothing. */
export function needsChoice({ cases }: DispatchExit): boolean {
  return cases[0]?.tests.length !== 0;
}

function callKey({ struct }: FunctionUse, given: readonly Argument[]): string {
  return `${struct}(${given.map(({ text }) => text).join(", ")})`;
}

function nodeCall(naming: Naming, exit: CallExit): readonly [FunctionUse, readonly Argument[]] {
  const { graph, functions } = naming;
  const use = functions.nodes.get(exit.node);
  const node = graph.program.nodes.get(exit.node);
  invariant(use !== undefined && node !== undefined, `node ${exit.node} is a function`);
  invariant(node.inputs.length === exit.inputs.length && node.outputs.length === exit.outputs.length, `${exit.node} is called with its signature`);
  const given = exit.inputs.map((argument): Argument => {
    if (argument.kind === "error") return errorArgument();
    return inputArgument(naming, argument.slot, argument.constant ? "constant" : argument.lastUse ? "move" : "copy");
  });
  // A handler of its own is given what it takes, and the error that began the handling.
  if (takesError(use.shape.role)) return [use, [...given.slice(0, use.shape.inputs.length), errorArgument()]];
  const isPassed = (name: string): boolean => use.shape.passed.some((passed) => passed.name === name);
  const outputs = node.outputs.map(({ name }, index) => ({ name, slot: exit.outputs[index] as SlotId }));
  return [
    use,
    [
      ...given,
      ...outputs.filter(({ name }) => !isPassed(name)).map(({ slot }) => outputArgument(naming, "made", slot)),
      ...outputs.filter(({ name }) => isPassed(name)).map(({ slot }) => outputArgument(naming, "passed", slot)),
    ],
  ];
}

function handlerCall(naming: Naming, exit: HandlerExit): readonly [FunctionUse, readonly Argument[]] {
  const use = naming.functions.handlers.get(handlerKey(exit));
  invariant(use !== undefined, `handler ${exit.handler} is a function`);
  // The flow ends behind it: nothing is used again.
  return [use, [...exit.inputs.map((slot) => inputArgument(naming, slot, "move")), errorArgument()]];
}

function inputArgument(naming: Naming, slot: SlotId, how: "copy" | "move" | "constant"): Argument {
  const { type } = slotOf(naming.graph, slot);
  const made = { copy: "copied", move: "moved", constant: "constant" }[how];
  return {
    text: `flux::${made}(${variable(naming, slot)})`,
    type: `flux::input<${typeName(naming, type)}, flux::taking::${how}>`,
    doubtful: how === "constant" || (how === "copy" && !isBuiltIn(type) && !type.endsWith("*")),
  };
}

function outputArgument(naming: Naming, made: "made" | "passed", slot: SlotId): Argument {
  const type = typeName(naming, slotOf(naming.graph, slot).type);
  return { text: `flux::${made}(${variable(naming, slot)})`, type: `flux::output<${type}>`, doubtful: false };
}

/** What began the handling: record.error changes when the handler waits, acquires or runs on a helper. */
function errorArgument(): Argument {
  return { text: "flux::error_of(record.failure)", type: "flux::input<std::int32_t, flux::taking::copy>", doubtful: false };
}

function constantInput(type: string): Argument {
  return { text: "", type: `flux::input<${type}, flux::taking::constant>`, doubtful: true };
}

function* callFunction(naming: Naming, name: string, span: Span, use: FunctionUse, given: readonly Argument[]): Lines {
  const { source } = naming.graph.program;
  yield placeComment(source, span);
  yield `static void ${name}(flux::flow& flow) noexcept {`;
  if (given.length > 0) yield "  flow_record& record = static_cast<flow_record&>(flow);";
  const call = `  flux::call<${use.struct}>(${["flow", ...given.map(({ text }) => text)].join(", ")});`;
  const asserted = given.some(({ doubtful }) => doubtful) ? [`  ${assertCall(use.struct, "FLX0609", use.shape, given)}`] : [];
  yield* atSource(source, span, [...asserted, call]);
  yield "}";
}

function assertCall(struct: string, code: string, shape: FunctionShape, given: readonly Argument[]): string {
  const problem = `flux::problem_of_call<${[struct, ...given.map(({ type }) => type)].join(", ")}>`;
  return `static_assert(flux::node_call<flux::found_of<${struct}>, ${problem}>, ${quoted(`${code} ${subjectOf(shape)}`)});`;
}

/** The case that a dispatch takes; -1 with record.error where none matches, or a predicate threw. */
function* choiceFunction(naming: Naming, name: string, exit: DispatchExit): Lines {
  const { source } = naming.graph.program;
  const first = exit.cases[0];
  if (first !== undefined) yield placeComment(source, first.span);
  yield `static int ${name}(flow_record& record) noexcept {`;
  yield "  try {";
  let catchAll = false;
  for (const [index, { tests, span }] of exit.cases.entries()) {
    catchAll ||= tests.length === 0;
    const tested = tests.map(({ type, slot }) => `flux::holds<predicate_${type}>(${variable(naming, slot)})`);
    const line = tests.length === 0 ? `return ${index};` : `if (${tested.join(" && ")}) return ${index};`;
    yield* indent(indent(atSource(source, span, [line])));
  }
  yield "  } catch (...) {";
  yield "    record.error = flux::failure_of_exception();";
  yield "    return -1;";
  yield "  }";
  if (!catchAll) {
    yield "  record.error = flux::no_match;";
    yield "  return -1;";
  }
  yield "}";
}
