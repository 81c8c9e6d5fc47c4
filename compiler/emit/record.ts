/** The flow record: the types of its variables, and what else a flow takes along. Says nothing of what is done with it. */
import type { SlotId } from "../flow/flow-graph.ts";
import { indent, type Lines } from "../text/lines.ts";
import { atSource, placeComment, quoted } from "../nodes/cpp/cpp-text.ts";
import { writtenTypes } from "../nodes/cpp/type-text.ts";
import type { PlannedLock } from "../target/target-plan.ts";
import { acquiredLocks, allOperations, elidable, elided, isBuiltIn, lockText, lockVariable, slotOf, tupleName, typeName, type Naming } from "./naming.ts";

/** `using type_1 = image_tag *;`, each at the line where the type is first written, and what the program asks of it. */
export function* typeAliases(naming: Naming): Lines {
  const { source } = naming.graph.program;
  const { constructed, moved, keys } = demands(naming);
  const written = writtenTypes(naming.graph.program);
  for (const [type, { name, span }] of naming.types) {
    if (isBuiltIn(type)) continue;
    yield* atSource(source, span, [`using ${name} = ${written(type)};`]);
    const assert = (concept: string, code: string): string => `static_assert(flux::${concept}<${name}>, ${quoted(`${code} ${type}`)});`;
    // Each of the two asks for a complete type too.
    const asserted = [
      ...(constructed.has(type) ? [assert("output_type", "FLX0607")] : []),
      ...(moved.has(type) ? [assert("moved_type", "FLX0608")] : []),
      ...(keys.has(type) ? [assert("key_type", "FLX0619"), `static_assert(!std::is_pointer_v<${name}>, ${quoted(`FLX0505 ${type}`)});`] : []),
    ];
    yield* atSource(source, span, asserted.length > 0 ? asserted : [assert("complete_type", "FLX0606")]);
  }
}

/** Types whose variables are value-initialised, those whose variables are moved, and those of keys that a flow acquires one by one. */
function demands({ graph }: Naming): Readonly<Record<"constructed" | "moved" | "keys", ReadonlySet<string>>> {
  const constructed = new Set<string>();
  const moved = new Set<string>();
  for (const operation of allOperations(graph)) {
    if (operation.kind === "construct") for (const slot of operation.slots) constructed.add(slotOf(graph, slot).type);
    if (operation.kind === "move") for (const { from } of operation.moves) moved.add(slotOf(graph, from).type);
  }
  for (const { exit } of graph.blocks) {
    if (exit.kind === "spawn") for (const slot of exit.values) moved.add(slotOf(graph, slot).type);
  }
  const tables = new Set(graph.locks.filter(({ kind }) => kind === "keys").map(({ constraint }) => constraint));
  const keys = [...graph.program.constraints.values()].flatMap(({ name, kind }) => (kind.kind === "keyed" && tables.has(name) ? [kind.keyType] : []));
  return { constructed, moved, keys: new Set(keys) };
}

export function* recordStruct(naming: Naming): Lines {
  yield "// One flow, or one activation of a source. Which of the variables are alive depends on where it is.";
  yield "struct flow_record : worker::flow {";
  // A parked flow is little else than this, so no room is left between members: four bytes fill the last word of the runtime's own part,
  // bytes lie in the last word of `held`, and what is left behind the variables.
  const small = [...smallMembers(naming)];
  const bytes = small.filter((one) => one.bytes < 4).sort((one, other) => one.bytes - other.bytes);
  const [first, second, ...others] = small.filter((one) => one.bytes === 4);
  const isOneTuple = naming.groups.length <= 1;
  const lines = (members: readonly (SmallMember | undefined)[]): readonly string[] => members.flatMap((one) => one?.line ?? []);
  yield* indent(lines([first]));
  yield* indent(wideMembers(naming));
  yield* indent(lines([...bytes, second, ...(isOneTuple ? [] : others)]));
  yield "";
  yield* tuples(naming);
  yield* indent(lines(isOneTuple ? others : []));
  yield "};";
}

interface SmallMember {
  readonly bytes: number;
  readonly line: string;
}

function* smallMembers(naming: Naming): Iterable<SmallMember> {
  const { graph, parts } = naming;
  if (parts.handling) yield { bytes: 1, line: "bool handling = false;" };
  for (let mark = 0; mark < graph.heldMarks; mark++) {
    yield { bytes: 1, line: `std::uint8_t mark_${mark} = 0;  // how much was held when the loop was entered` };
  }
  for (const [level, values] of graph.returnLevels.entries()) {
    if (values === 0) continue;
    const type = unsignedFor(values);
    yield { bytes: bytesOf(type), line: `${type} return_${level} = 0;  // where the shared node at this level goes on` };
  }
  if (parts.severalKeys) {
    yield { bytes: 1, line: "std::uint8_t next_key = 0;  // how many of the keys that one node asks for are acquired" };
    yield { bytes: 1, line: "flux::mode wanted_mode = flux::mode::read;" };
  }
  if (parts.savedPath === "std::uint32_t") for (const line of outerPaths(naming)) yield { bytes: 4, line };
  if (parts.failure) yield { bytes: 4, line: "std::int32_t failure = 0;  // what the flow failed with, whatever its handler does" };
}

function* wideMembers(naming: Naming): Lines {
  const { graph } = naming;
  const { parts } = naming;
  if (parts.savedPath === "std::uint64_t") yield* outerPaths(naming);
  if (naming.functions.sessions.size > 0) yield "std::int64_t session = 0;  // id of the session it is of";
  if (graph.deadlines > 0) {
    yield `flux::instant deadlines[${graph.deadlines}] = {${Array.from({ length: graph.deadlines }, () => "flux::never").join(", ")}};`;
  }
  if (graph.heldBits.length > 0) {
    yield `// Which extents hold their constraint: ${graph.heldBits.join(", ")}.`;
    yield `std::uint64_t held_bits[${Math.ceil(graph.heldBits.length / 64)}] = {};`;
  }
  if (parts.borrows) yield "worker::lock* wanted = nullptr;  // borrowed from a table and not acquired yet";
  yield `[[no_unique_address]] flux::held_locks<worker::lock, ${graph.heldDepth}> held;`;
}

/** By level, what a shared node's caller has counted. */
function outerPaths({ graph, parts }: Naming): readonly string[] {
  const levels = new Set([...allOperations(graph)].flatMap((operation) => (operation.kind === "enter-path" ? [operation.level] : [])));
  return [...levels].sort((one, other) => one - other).map((level) => `${parts.savedPath ?? ""} outer_path_${level} = 0;`);
}

/** Groups of variables that are never alive together lie in one place. */
function* tuples(naming: Naming): Lines {
  const { groups } = naming;
  const structOf = (index: number): string => (index === 0 ? "variables" : `variables_${index + 1}`);
  for (const [index, slots] of (groups.length === 0 ? [[]] : groups).entries()) {
    yield `  struct ${structOf(index)} {`;
    yield* indent(indent(variables(naming, slots)));
    yield "  };";
  }
  if (groups.length <= 1) return yield "  [[no_unique_address]] variables tuple;";
  yield "  // Never alive together, so they share their storage.";
  yield "  union {";
  for (const index of groups.keys()) yield `    ${structOf(index)} ${tupleName(index)};`;
  yield "  };";
  yield "";
  yield "  flow_record() noexcept {}";
  yield "  ~flow_record() {}";
}

function* variables(naming: Naming, slots: readonly SlotId[]): Lines {
  const { graph } = naming;
  let shown = "";
  for (const slot of slots) {
    const { name, type, span } = slotOf(graph, slot);
    const place = placeComment(graph.program.source, span);
    if (place !== shown) yield place;
    shown = place;
    const spelled = typeName(naming, type);
    yield `flux::slot<${spelled}> ${name};${spelled === type ? "" : `  // ${type}`}`;
  }
}

export type Unsigned = "std::uint8_t" | "std::uint16_t" | "std::uint32_t";

export function unsignedFor(values: number): Unsigned {
  return values <= 256 ? "std::uint8_t" : values <= 65_536 ? "std::uint16_t" : "std::uint32_t";
}

function bytesOf(type: Unsigned): number {
  return { "std::uint8_t": 1, "std::uint16_t": 2, "std::uint32_t": 4 }[type];
}

/** Outermost first. */
export function* locks(naming: Naming): Lines {
  const planned = acquiredLocks(naming);
  if (planned.length === 0) return;
  yield "// In the order in which a flow acquires them.";
  for (const lock of planned) yield* lockLines(naming, lock);
  yield "";
  const mayGo = elidable(naming);
  if (mayGo.length === 0) return;
  yield "// Nothing parks while one of these is held: where one loop runs all who use it, the runtime sets this before the first flow, and";
  yield "// nothing of it is acquired.";
  for (const lock of mayGo) yield `static bool ${elided(lock)} = false;`;
  yield "";
}

function* lockLines(naming: Naming, lock: PlannedLock): Lines {
  const { constraint, rank } = lock;
  const declared = naming.graph.program.constraints.get(constraint)?.kind;
  const arguments_ = `${quoted(lockText(lock))}, ${rank}`;
  if (lock.kind === "session") yield `static flux::core::lock_table<worker::lock, std::int64_t> ${lockVariable(lock)}{${arguments_}};`;
  else if (declared?.kind === "keyed" && lock.kind === "keys") {
    const type = typeName(naming, declared.keyType);
    const written = type === declared.keyType ? "" : `  // ${declared.keyType}`;
    yield `static flux::core::lock_table<worker::lock, ${type}> ${lockVariable(lock)}{${arguments_}};${written}`;
  } else if (declared?.kind === "pool") yield `static worker::lock ${lockVariable(lock)}{${arguments_}, ${declared.size}};`;
  else yield `static worker::lock ${lockVariable(lock)}{${arguments_}};`;
}
