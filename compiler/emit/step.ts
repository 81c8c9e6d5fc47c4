/**
 * `step`: the flow graph as one C++ function, block for block, with a state for every place where a flow can be parked.
 * Everything it needs to name is decided in `naming.ts`; it decides nothing but the order of lines.
 */
import { invariant } from "../diagnostics/checked.ts";
import type { Block, BlockId, CallExit, DispatchExit, Exit, HandlerExit, WaitExit } from "../flow/flow-graph.ts";
import { edgesOf } from "../flow/draft.ts";
import { placeComment } from "../nodes/cpp/cpp-text.ts";
import { indent, type Lines } from "../text/lines.ts";
import { acquireLines } from "./acquire.ts";
import { needsChoice, type FunctionCalls } from "./function-calls.ts";
import { blockOf, indexOfNode, innerLabel, variable, type Naming } from "./naming.ts";
import { operationLines } from "./operations.ts";
import { branch, conditional, deadline, edgeLines, jump, parkIn, parkLines, type Printing } from "./ways.ts";

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
