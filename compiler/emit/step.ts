/**
 * `step`: the flow graph as one C++ function, block for block, with a state for every place where a flow can be parked.
 * Everything it needs to name is decided in `naming.ts`; it decides nothing but the order of lines.
 */
import { invariant } from "../diagnostics/checked.ts";
import type { AcquireExit, Block, BlockId, CallExit, DispatchExit, Edge, Exit, HandlerExit, Operation, SlotId, WaitExit } from "../flow/flow-graph.ts";
import { edgesOf } from "../flow/draft.ts";
import { placeComment } from "../nodes/cpp/cpp-text.ts";
import { indent, type Lines } from "../text/lines.ts";
import { needsChoice, type FunctionCalls } from "./function-calls.ts";
import { blockOf, indexOfNode, innerLabel, isBuiltIn, isTable, lockOf, lockVariable, slotOf, typeName, variable, type Naming, type State } from "./naming.ts";
import type { PlannedLock } from "../target/target-plan.ts";
import { bitsAreSet, operationLines, setBit } from "./operations.ts";

interface Printing {
  readonly naming: Naming;
  readonly calls: FunctionCalls;
  /** Labels that something jumps to; a label nobody uses is a warning. */
  readonly used: Set<string>;
  /** The record keeps what the flow failed with. */
  readonly keepsFailure: boolean;
}

/** `enum class at`: where a flow can start or be parked. */
export function* stateEnum({ states }: Naming): Lines {
  yield "// Where a flow can start or be parked.";
  yield "enum class at : std::uint16_t {";
  for (const { name } of states) yield `  ${name},`;
  yield "};";
}

export function* stepFunction(naming: Naming, calls: FunctionCalls): Lines {
  const printing: Printing = { naming, calls, used: new Set(), keepsFailure: naming.parts.failure };
  // The bodies first: they say which labels are used.
  const order = reachable(naming);
  for (const { label } of naming.states) printing.used.add(label);
  const bodies = order.map((id, index) => [...blockBody(printing, id, order[index + 1])]);

  yield "// Runs a flow from record.state until it ends or is parked: then the record belongs to somebody else, and nothing here";
  yield "// touches it any more.";
  yield "static void step(worker& runtime, flux::flow& flow) noexcept {";
  yield "  flow_record& record = static_cast<flow_record&>(flow);";
  yield "  switch (static_cast<at>(record.state)) {";
  for (const { name, label } of naming.states) {
    yield `    case at::${name}:`;
    yield `      goto ${label};`;
  }
  yield "  }";
  yield "  std::abort();  // no flow is in any other state";
  let place = "";
  for (const [index, id] of order.entries()) {
    const { label, span } = blockOf(naming.graph, id);
    const here = placeComment(naming.graph.program.source, span);
    yield "";
    if (here !== place) yield `  ${here}`;
    place = here;
    yield* withLabels([`${label}:`, ...(bodies[index] ?? [])], printing.used);
  }
  yield "}";
}

/** Labels stand in the first column, everything else in a function; a label that nothing jumps to is left out. */
function* withLabels(lines: readonly string[], used: ReadonlySet<string>): Lines {
  for (const line of lines) {
    const label = /^(\w+):$/.exec(line)?.[1];
    if (label === undefined) yield* indent([line]);
    else if (used.has(label)) yield line;
  }
}

/** Blocks that some flow reaches, in the order of the graph. */
function reachable({ graph }: Naming): readonly BlockId[] {
  const reached = new Set<BlockId>();
  const open: BlockId[] = graph.entries.flatMap(({ activation, flow }) => (activation === undefined ? [flow] : [activation, flow]));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const { to } of edgesOf(blockOf(graph, id).exit)) open.push(to);
  }
  return [...graph.blocks.keys()].filter((id) => reached.has(id));
}

/** @param next  the block printed after this one: a jump to it is left out */
function* blockBody(printing: Printing, id: BlockId, next: BlockId | undefined): Lines {
  const block = blockOf(printing.naming.graph, id);
  if (block.exit.kind === "call") yield* pollFirst(printing, id, block.exit);
  yield* operationLines(printing.naming, block.operations);
  yield* exitLines(printing, id, block, next);
}

function* exitLines(printing: Printing, id: BlockId, block: Block, next: BlockId | undefined): Lines {
  const { exit } = block;
  switch (exit.kind) {
    case "goto":
      return yield* edgeLines(printing, exit.next, next);
    case "call":
      return yield* callLines(printing, id, exit, next);
    case "call-handler":
      return yield* handlerLines(printing, id, exit, next);
    case "wait":
      return yield* waitLines(printing, id, exit, next);
    case "acquire":
      return yield* acquireLines(printing, id, exit, next);
    case "dispatch":
      return yield* dispatchLines(printing, id, exit, next);
    case "return":
      return yield* returnLines(printing, exit, next);
    case "yield":
      yield* parkLines(printing, id, "runtime.yield(record)");
      return yield* edgeLines(printing, exit.next, next);
    case "if-handling":
      yield* branch(printing, "record.handling", exit.yes);
      return yield* edgeLines(printing, exit.no, next);
    case "spawn":
      return yield* spawnLines(printing, id, exit, next);
    case "end":
      if (exit.result === "failed" && printing.keepsFailure) yield "if (record.failure != 0) record.error = record.failure;";
      yield `runtime.end(record, flux::ending::${exit.result});`;
      yield "return;";
      return;
  }
}

/** What is done on the way, then the jump, unless the target comes next anyway. */
function* edgeLines(printing: Printing, edge: Edge, next?: BlockId): Lines {
  const { naming } = printing;
  // Constructing may throw: it comes last, so that what fails then has nothing to undo.
  const constructs = edge.operations.flatMap((operation) => (operation.kind === "construct" ? operation.slots : []));
  yield* operationLines(naming, edge.operations.filter(({ kind }) => kind !== "construct"));
  yield* constructLines(printing, edge, constructs);
  if (edge.to !== next) yield jump(printing, blockOf(naming.graph, edge.to).label);
}

function jump(printing: Printing, label: string): string {
  printing.used.add(label);
  return `goto ${label};`;
}

/** `if (condition) { … goto …; }` */
function* branch(printing: Printing, condition: string, edge: Edge): Lines {
  yield* conditional(condition, [...edgeLines(printing, edge)]);
}

function* conditional(condition: string, body: readonly string[]): Lines {
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
function deadline({ naming }: Printing, id: BlockId): string {
  const running = (naming.deadlines[id] ?? []).map((index) => `record.deadlines[${index}]`);
  if (running.length > 1) return `flux::earliest(${running.join(", ")})`;
  return running[0] ?? "flux::never";
}

/** A call that may park: the flow goes on at the label after it. */
function* parkLines({ naming }: Printing, id: BlockId, call: string): Lines {
  yield* parkIn(parkedState(naming, id), call);
}

function* parkIn(state: State, call: string): Lines {
  yield `record.state = static_cast<std::uint16_t>(at::${state.name});`;
  yield `if (${call} == flux::parked::yes) return;`;
  yield `${state.label}:`;
}

function parkedState({ parkedIn }: Naming, id: BlockId): State {
  const state = parkedIn.get(id);
  invariant(state !== undefined, `block ${id} has a state to be parked in`);
  return state;
}

/** The node's function, here or on a helper thread. An activation ends behind it if the server has stopped meanwhile. */
function* functionLines(printing: Printing, id: BlockId, node: string): Lines {
  const { naming, calls } = printing;
  const index = indexOfNode(naming, node);
  const name = calls.callOf.get(id);
  invariant(name !== undefined, `the call in block ${id} has a function`);
  const returned = naming.returnedIn.get(id);
  yield `runtime.${returned === undefined ? "enter" : "enter_source"}(record, ${index});`;
  if (naming.plan.offloaded.has(node)) yield* parkLines(printing, id, `runtime.offload(record, ${name}, ${deadline(printing, id)})`);
  else yield `${name}(record);`;
  if (returned === undefined) yield `runtime.leave(record, ${index});`;
  else yield* parkIn(returned, `runtime.leave_source(record, ${index})`);
}

/** A descriptor that is blocking is polled before the node is called; a wait that saw it ready goes on behind this. */
function* pollFirst(printing: Printing, id: BlockId, { again }: CallExit): Lines {
  const wait = again === undefined ? undefined : blockOf(printing.naming.graph, again.to).exit;
  if (again === undefined || wait?.kind !== "wait") return;
  const descriptors = wait.interests.map((interest) => descriptorOf(printing, interest));
  yield* branch(printing, `flux::any_blocking(${descriptors.join(", ")})`, again);
  yield `${innerLabel(printing.naming, id, "ready")}:`;
}

function descriptorOf({ naming }: Printing, { on }: WaitExit["interests"][number]): string {
  return `flux::descriptor(${on.kind === "slot" ? `${variable(naming, on.slot)}.get()` : `::${on.text}`})`;
}

function* callLines(printing: Printing, id: BlockId, exit: CallExit, next: BlockId | undefined): Lines {
  const { naming } = printing;
  const failed = innerLabel(naming, id, "failed");
  if (exit.checkDeadlines) {
    yield* conditional(`runtime.now() >= ${deadline(printing, id)}`, ["record.error = ETIMEDOUT;", jump(printing, failed)]);
  }
  yield* functionLines(printing, id, exit.node);
  yield* branch(printing, "record.error == 0", exit.ok);
  if (exit.again !== undefined) yield* branch(printing, "record.error == flux::again", exit.again);
  yield `${failed}:`;
  yield* edgeLines(printing, exit.fail, next);
}

function* handlerLines(printing: Printing, id: BlockId, exit: HandlerExit, next: BlockId | undefined): Lines {
  yield* functionLines(printing, id, exit.handler);
  yield `if (record.error != 0) runtime.failed(record, ${indexOfNode(printing.naming, exit.handler)});  // ${exit.handler}`;
  yield* edgeLines(printing, exit.next, next);
}

function* waitLines(printing: Printing, id: BlockId, exit: WaitExit, next: BlockId | undefined): Lines {
  const interests = exit.interests.map((interest) => `{${descriptorOf(printing, interest)}, ${interest.readiness === "writable"}}`);
  const park = [...parkLines(printing, id, `runtime.wait(record, interests, ${deadline(printing, id)})`)];
  yield "{";
  yield `  const flux::interest interests[] = {${interests.join(", ")}};`;
  yield* indent(park.slice(0, -1));
  yield "}";
  yield* park.slice(-1);
  yield* branch(printing, "record.error != 0", exit.fail);
  const called = blockOf(printing.naming.graph, exit.ready.to).exit;
  if (called.kind !== "call" || called.again === undefined) return yield* edgeLines(printing, exit.ready, next);
  yield* edgeLines(printing, exit.ready, exit.ready.to);
  yield jump(printing, innerLabel(printing.naming, exit.ready.to, "ready"));
}

function* acquireLines(printing: Printing, id: BlockId, exit: AcquireExit, next: BlockId | undefined): Lines {
  const { naming } = printing;
  const planned = lockOf(naming, exit.lock);
  if (isTable(planned)) return yield* borrowLines(printing, id, exit, planned, next);
  const lock = lockVariable(planned);
  // Those who have a unit each are like readers: several at once.
  const mode = `flux::mode::${planned.kind === "pool" ? "read" : exit.mode}`;
  const held = innerLabel(naming, id, "held");
  if (exit.unless.length > 0) yield* conditional(bitsAreSet(exit.unless), [jump(printing, held)]);
  yield* parkLines(printing, id, `runtime.acquire(record, ${lock}, ${mode}, ${deadline(printing, id)})`);
  yield* branch(printing, "record.error != 0", exit.fail);
  yield `record.held.push(${lock}, ${mode});`;
  if (exit.bit !== undefined) yield setBit(exit.bit);
  yield `${held}:`;
  yield* edgeLines(printing, exit.granted, next);
}

/** A lock of a session or key, or of several keys: borrowed from its table, acquired, and given back if that comes to nothing. */
function* borrowLines(printing: Printing, id: BlockId, exit: AcquireExit, planned: PlannedLock, next: BlockId | undefined): Lines {
  const { naming } = printing;
  const table = lockVariable(planned);
  const keys = exit.keys ?? [];
  const several = keys.length > 1;
  const [held, failed] = [innerLabel(naming, id, "held"), innerLabel(naming, id, "failed")];
  const granted = [...(exit.bit === undefined ? [] : [setBit(exit.bit)]), ...edgeLines(printing, exit.granted)];
  const mode = several ? "record.wanted_mode" : `flux::mode::${exit.mode}`;
  if (exit.unless.length > 0) yield* conditional(bitsAreSet(exit.unless), [jump(printing, held)]);
  if (several) {
    const declared = naming.graph.program.constraints.get(planned.constraint)?.kind;
    invariant(declared?.kind === "keyed", `${planned.constraint} has keys`);
    yield "record.next_key = 0;";
    yield `${innerLabel(naming, id, "more")}:`;
    yield "{";
    yield `  flux::core::wanted_key<${typeName(naming, declared.keyType)}> keys[] = {`;
    for (const key of keys) yield `      {&${variable(naming, key.slot)}.get(), flux::mode::${key.mode}},`;
    yield "  };";
    yield `  if (!flux::want_next(record, ${table}, keys)) {`;
    yield* indent(indent(conditional("record.error != 0", [jump(printing, failed)])));
    yield* indent(indent(granted));
    yield "  }";
    yield "}";
  } else {
    const [only] = keys;
    const key = only === undefined ? "record.session" : `${variable(naming, only.slot)}.get()`;
    yield* conditional(`!flux::want(record, ${table}, ${key})`, [jump(printing, failed)]);
  }
  yield* parkLines(printing, id, `runtime.acquire(record, *record.wanted, ${mode}, ${deadline(printing, id)})`);
  yield* conditional("record.error != 0", [jump(printing, failed)]);
  yield `flux::hold_wanted(record, ${mode});`;
  if (several) {
    yield "++record.next_key;";
    yield jump(printing, innerLabel(naming, id, "more"));
  } else yield* granted;
  if (exit.unless.length > 0) {
    yield `${held}:`;
    yield* edgeLines(printing, exit.granted);
  }
  yield `${failed}:`;
  yield "forget_wanted(record);";
  yield* edgeLines(printing, exit.fail, next);
}

function* dispatchLines(printing: Printing, id: BlockId, exit: DispatchExit, next: BlockId | undefined): Lines {
  const [first] = exit.cases;
  if (first !== undefined && !needsChoice(exit)) return yield* edgeLines(printing, first.to, next);
  const name = printing.calls.callOf.get(id);
  invariant(name !== undefined, `the dispatch in block ${id} has a function`);
  yield `switch (${name}(record)) {`;
  for (const [index, { to }] of exit.cases.entries()) {
    yield `  case ${index}:`;
    yield* indent(indent(edgeLines(printing, to)));
  }
  yield "  default:";
  yield "    break;";
  yield "}";
  yield* edgeLines(printing, exit.fail, next);
}

function* returnLines(printing: Printing, { level, targets }: Extract<Exit, { readonly kind: "return" }>, next: BlockId | undefined): Lines {
  const last = targets.at(-1);
  invariant(last !== undefined, "a shared node has callers");
  if (targets.length > 1) {
    yield `switch (record.return_${level}) {`;
    for (const [index, edge] of targets.slice(0, -1).entries()) {
      yield `  case ${index}:`;
      yield* indent(indent(edgeLines(printing, edge)));
    }
    yield "  default:";
    yield "    break;";
    yield "}";
  }
  yield* edgeLines(printing, last, next);
}

function* spawnLines(printing: Printing, id: BlockId, exit: Extract<Exit, { readonly kind: "spawn" }>, next: BlockId | undefined): Lines {
  const { naming } = printing;
  const { graph, functions } = naming;
  const entry = graph.entries[exit.source];
  const flow = naming.startOf[exit.source]?.flow;
  const session = functions.sessions.get(exit.source);
  invariant(entry !== undefined && flow !== undefined, `source ${exit.source} has an entry`);
  const failed = innerLabel(naming, id, "failed");
  if (session !== undefined) {
    const values = exit.values.map((slot) => variable(naming, slot));
    yield `flux::find_session<${session.struct}>(${["record", "record.session", ...values].join(", ")});`;
    yield* conditional("record.error != 0", [jump(printing, failed)]);
  }
  yield "{";
  yield "  flux::flow* const fresh = runtime.fresh(record);";
  yield "  if (fresh == nullptr) {";
  yield "    record.error = ENOMEM;";
  yield `    ${jump(printing, failed)}`;
  yield "  }";
  if (exit.values.length > 0 || session !== undefined) yield "  flow_record& started = static_cast<flow_record&>(*fresh);";
  for (const [index, slot] of exit.values.entries()) {
    const target = entry.tuple[index];
    invariant(target !== undefined, `source ${exit.source} gives its target a tuple`);
    yield `  ${variable(naming, target, "started")}.take(${variable(naming, slot)});`;
  }
  if (session !== undefined) yield "  started.session = record.session;";
  yield `  fresh->state = static_cast<std::uint16_t>(at::${flow.name});`;
  yield "  runtime.spawn(record, *fresh);";
  yield "}";
  yield* edgeLines(printing, exit.done);
  yield `${failed}:`;
  yield* edgeLines(printing, exit.fail, next);
}
