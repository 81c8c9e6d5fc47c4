/** The rest of a program's C++: what a runtime asks of a record, the description, and `main`. */
import type { ConcreteNode, FlowSource, NodeName, Program } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import { lineOf, quoted } from "../nodes/cpp/cpp-text.ts";
import type { NamedFunction } from "../nodes/cpp/function-struct.ts";
import { block, indent, type Lines } from "../text/lines.ts";
import { acquiredLocks, blockOf, elidable, elided, indexOfNode, isTable, lockText, lockVariable, variable, type Naming, type State } from "./naming.ts";
import { nanoseconds } from "./operations.ts";

export function* releaseFunctions(naming: Naming): Lines {
  const { graph, parts } = naming;
  if (graph.heldDepth === 0) return;
  const one = parts.borrows ? "release_one(runtime, record)" : "runtime.release(record, record.held.pop())";
  if (parts.borrows) {
    yield "// To the table that the lock of a session or key comes from.";
    yield* block("static void give_back(worker::lock& lock) noexcept", [
      "switch (lock.rank()) {",
      ...acquiredLocks(naming).filter(isTable).flatMap((lock) => [`  case ${lock.rank}:`, `    return ${lockVariable(lock)}.give_back(lock);`]),
      "  default:",
      "    return;",
      "}",
    ]);
    yield "";
    yield "// What was acquired last.";
    yield* block("static void release_one(worker& runtime, flow_record& record) noexcept", [
      "const auto held = record.held.pop();",
      "runtime.release(record, held);",
      "give_back(*held.lock);",
    ]);
    yield "";
    yield "// What was borrowed for an acquisition that came to nothing.";
    yield* block("static void forget_wanted(flow_record& record) noexcept", [
      "if (record.wanted == nullptr) return;",
      "give_back(*record.wanted);",
      "record.wanted = nullptr;",
    ]);
    yield "";
  }
  if (parts.severalKeys) {
    yield "// The keys of one node: they were acquired one after the other, and equal ones once.";
    yield* block("static void release_all_of(worker& runtime, flow_record& record, std::uint16_t rank) noexcept", [
      "while (record.held.count() != 0 && record.held.last().lock->rank() == rank) release_one(runtime, record);",
    ]);
    yield "";
  }
  yield "// Gives back, newest first, all but the oldest `count`.";
  yield* block("static void release_to(worker& runtime, flow_record& record, std::uint8_t count) noexcept", [
    `while (record.held.count() > count) ${one};`,
  ]);
  yield "";
}

/** The functions of a record that the description names. */
export function* recordFunctions(naming: Naming): Lines {
  yield* block("static flux::flow& construct(void* storage) noexcept", ["return *::new (storage) flow_record;"]);
  yield "";
  yield* block("static void dispose(flux::flow& flow) noexcept", ["static_cast<flow_record&>(flow).~flow_record();"]);
  yield "";
  yield* abandon(naming);
  yield "";
  yield* block("static flux::held_view<worker::lock> held(const flux::flow& flow) noexcept", [
    "return static_cast<const flow_record&>(flow).held.all();",
  ]);
  yield "";
  if (naming.functions.sessions.size > 0) {
    yield* block("static std::int64_t session(const flux::flow& flow) noexcept", ["return static_cast<const flow_record&>(flow).session;"]);
    yield "";
  }
  yield* nodeOfState(naming);
  yield "";
}

/** States with the same body share it. */
function* switchOnState(states: readonly State[], bodyOf: (state: State) => readonly string[]): Lines {
  const groups = new Map<string, { readonly states: State[]; readonly body: readonly string[] }>();
  for (const state of states) {
    const body = bodyOf(state);
    const key = body.join("\n");
    const group = groups.get(key) ?? { states: [], body };
    group.states.push(state);
    groups.set(key, group);
  }
  for (const { states: group, body } of groups.values()) {
    for (const { name } of group) yield `case at::${name}:`;
    yield* indent(body);
  }
}

function* abandon(naming: Naming): Lines {
  const { graph } = naming;
  const bodyOf = ({ block: id }: State): readonly string[] => [
    ...blockOf(graph, id).alive.map((slot) => `${variable(naming, slot)}.destroy();`),
    "break;",
  ];
  const somethingIsAlive = naming.states.some(({ block: id }) => blockOf(graph, id).alive.length > 0);
  const releases = graph.heldDepth > 0;
  yield "// For a flow that is parked: gives back what it holds and destroys its variables.";
  yield `static void abandon(worker&${releases ? " runtime" : ""}, flux::flow&${releases || somethingIsAlive ? " flow" : ""}) noexcept {`;
  if (releases || somethingIsAlive) yield "  flow_record& record = static_cast<flow_record&>(flow);";
  if (releases) yield "  release_to(runtime, record, 0);";
  if (naming.parts.borrows) yield "  forget_wanted(record);";
  if (somethingIsAlive) {
    yield "  switch (static_cast<at>(record.state)) {";
    yield* indent(indent(switchOnState(naming.states, bodyOf)));
    yield "  }";
  }
  yield "}";
}

function* nodeOfState(naming: Naming): Lines {
  yield "// The node that a flow in this state runs or waits for.";
  yield "static int node_of_state(std::uint16_t state) noexcept {";
  yield "  switch (static_cast<at>(state)) {";
  yield* indent(
    indent(switchOnState(naming.states, ({ block: id }) => {
      const { node } = blockOf(naming.graph, id);
      return [`return ${indexOfNode(naming, node)};  // ${node}`];
    })),
  );
  yield "  }";
  yield "  return -1;";
  yield "}";
}

/** In the published form `init` and `finish` are called if they are linked in. */
export function* lifecycleDeclarations({ form }: Program, isC: boolean): Lines {
  if (form !== "published") return;
  const linkage = isC ? 'extern "C" ' : "";
  yield "";
  yield `${linkage}void init(int argc, char** argv) __attribute__((weak));`;
  yield `${linkage}void finish() __attribute__((weak));`;
}

/** What calls the `init` of a published program. */
export function* lifecycleFunctions({ graph }: Naming): Lines {
  if (graph.program.form !== "published") return;
  yield* block("static int run_init(int argc, char** argv)", ["::init(argc, argv);", "return 0;"]);
  yield "";
}

/** `init` and `finish` of a natural program, as functions that may be absent. */
export function lifecycleNames({ graph }: Naming): readonly NamedFunction[] {
  const { program } = graph;
  if (program.form === "published") return [];
  const span = program.includes.at(-1)?.span ?? { start: 0, end: 0 };
  return ["init", "finish"].map((name) => ({ struct: `lifecycle_${name}`, name, span }));
}

export function* description(naming: Naming): Lines {
  const { graph, plan, name } = naming;
  const { program } = graph;
  const { source } = program;
  const place = (of: string, span: { readonly start: number; readonly end: number }): string => `{${quoted(of)}, ${lineOf(source, span)}},`;
  yield* table("flux::source_description", "sources", graph.entries.map((entry, index) => sourceRow(naming, entry.source, index)));
  yield* table("flux::node_description", "nodes", [...program.nodes.values()].map((node) => place(node.name, node.span)));
  yield* table(
    "flux::constraint_description",
    "constraints",
    plan.locks.map((lock) => {
      const declared = program.constraints.get(lock.constraint);
      invariant(declared !== undefined, `constraint ${lock.constraint} is in the program`);
      return place(lockText(lock), declared.span);
    }),
  );
  const mayGo = elidable(naming);
  for (const lock of mayGo) {
    const rows = (lock.users ?? []).map(({ source: index, activation }) => `{.source = ${index}, .activation = ${activation}},`);
    yield* table("flux::constraint_user", usersOf(lock.constraint), rows);
  }
  yield* table("flux::elidable_constraint", "elidable", mayGo.map((lock) => `{&${elided(lock)}, ${usersOf(lock.constraint)}},`));
  yield* table("flux::path_unit_description", "path_units", graph.paths.units.map((unit) => `{${quoted(unit.name)}, ${unit.count}u},`));
  const list = (array: string, count: number): string => (count === 0 ? "{}" : array);
  yield "static const flux::program<worker> description{";
  const published = program.form === "published";
  const fields: readonly (readonly [string, string])[] = [
    ["name", quoted(name)],
    ["file", quoted(source.path)],
    ["record_size", "sizeof(flow_record)"],
    ["record_alignment", "alignof(flow_record)"],
    ["construct", "construct"],
    ["dispose", "dispose"],
    ["step", "step"],
    ["abandon", "abandon"],
    ["held", "held"],
    ["sources", list("sources", graph.entries.length)],
    ["nodes", list("nodes", program.nodes.size)],
    ["constraints", list("constraints", plan.locks.length)],
    ["path_units", list("path_units", graph.paths.units.length)],
    ["node_of_state", "node_of_state"],
    ["init", published ? "::init == nullptr ? nullptr : run_init" : "flux::init_of<flux_functions::flux_lifecycle_init>()"],
    ["finish", published ? "::finish" : "flux::finish_of<flux_functions::flux_lifecycle_finish>()"],
    ...(naming.functions.sessions.size > 0 ? [["session", "session"] as const] : []),
    ...(mayGo.length > 0 ? [["elidable", "elidable"] as const] : []),
  ];
  for (const [field, value] of fields) yield `    .${field} = ${value},`;
  yield "};";
}

function usersOf(constraint: string): string {
  return `users_of_${constraint}`;
}

function* table(type: string, name: string, rows: readonly string[]): Lines {
  if (rows.length === 0) return;
  yield `static const ${type} ${name}[] = {`;
  for (const row of rows) yield `    ${row}`;
  yield "};";
}

function sourceRow(naming: Naming, source: FlowSource, index: number): string {
  const { graph, startOf } = naming;
  const { program } = graph;
  const start = startOf[index];
  invariant(start !== undefined, `source ${index} has a state to start in`);
  const timer = source.everyMilliseconds !== undefined;
  const first = source.node === undefined ? undefined : firstNode(program, source.node);
  const waitsOn = first?.wait.map(({ on }) => on) ?? [];
  const listener = waitsOn.find((on) => on.kind === "global");
  const fields: readonly (readonly [string, string])[] = [
    ["name", quoted(source.name)],
    ["line", `${lineOf(program.source, source.span)}`],
    ["timer", `${timer}`],
    ["activation", `static_cast<std::uint16_t>(at::${(start.activation ?? start.flow).name})`],
    ["flow", `static_cast<std::uint16_t>(at::${start.flow.name})`],
    ["period", nanoseconds(source.everyMilliseconds ?? 0)],
    ["limit", `${source.limit ?? (timer ? 1 : 0)}`],
    ["waits", `${waitsOn.length > 0}`],
    ["listener", listener === undefined ? "nullptr" : `flux::listener_of(::${listener.text})`],
  ];
  return `{${fields.map(([field, value]) => `.${field} = ${value}`).join(", ")}},`;
}

/** The concrete node that a source begins with: its `wait` says how the source waits. */
function firstNode(program: Program, name: NodeName): ConcreteNode | undefined {
  const node = program.nodes.get(name);
  switch (node?.kind) {
    case "concrete":
      return node;
    case "sequence":
      for (const step of node.steps) {
        const first = firstNode(program, step.node);
        if (first !== undefined) return first;
      }
      return undefined;
    default:
      return undefined;
  }
}
