/**
 * The names that generated code gives to what it declares, decided once so that every part of the text agrees. All of it
 * stands in one namespace of ours, so that no name of the program is taken but `flux` and `flux_program`.
 */
import type { Span } from "../../grammar/span.ts";
import { invariant } from "../diagnostics/checked.ts";
import { groupsAliveTogether } from "../flow/alive-together.ts";
import { edgesOf } from "../flow/draft.ts";
import type { Block, BlockId, FlowGraph, Operation, SlotId } from "../flow/flow-graph.ts";
import type { NodeName } from "../check/program.ts";
import type { Lock } from "../locks/lock-plan.ts";
import type { PlannedLock, TargetPlan } from "../target/target-plan.ts";
import { baseName, uniqueName } from "../nodes/cpp/cpp-text.ts";
import { functionUses, type FunctionUses } from "./function-uses.ts";
import { runningDeadlines } from "./running-deadlines.ts";

/** Everything the printing functions share: the plan, and how things are called. */
export interface Naming {
  readonly plan: TargetPlan;
  readonly graph: FlowGraph;
  /** `web` of `some/where/web.flux`. */
  readonly name: string;
  /** How generated code spells a canonical type. */
  readonly types: ReadonlyMap<string, TypeName>;
  /** The functions it calls. */
  readonly functions: FunctionUses;
  /** Index into the description's nodes. */
  readonly nodeIndex: ReadonlyMap<NodeName, number>;
  /** Enumerators of `at`: where a flow can start or be parked. */
  readonly states: readonly State[];
  /** The state of a flow that is parked in a block. */
  readonly parkedIn: ReadonlyMap<BlockId, State>;
  /** The state of an activation whose source has returned, by the block of the call. */
  readonly returnedIn: ReadonlyMap<BlockId, State>;
  /** Labels inside blocks, by block: where a failure goes on, and a constraint that is held. */
  readonly innerLabels: ReadonlyMap<BlockId, Readonly<Record<InnerLabel, string>>>;
  /** The state an activation or a flow of each source starts in. */
  readonly startOf: readonly { readonly activation?: State; readonly flow: State }[];
  readonly parts: RecordParts;
  /** Variables of different groups are never alive together: they share their storage. */
  readonly groups: readonly (readonly SlotId[])[];
  /** Index into `groups`, by slot. */
  readonly groupOf: readonly number[];
  /** Limits that can be running when a block is entered, by block. */
  readonly deadlines: readonly (readonly number[])[];
}

/** What the record has beside its variables; a program that never needs a part has not got it. */
export interface RecordParts {
  /** The error that the flow failed with, kept while a handler runs. */
  readonly failure: boolean;
  /** Whether it is asked if a handler runs. */
  readonly handling: boolean;
  /** Locks of sessions or keys. */
  readonly borrows: boolean;
  /** The locks that some block acquires, by `Lock.name`. */
  readonly acquired: ReadonlySet<string>;
  /** Some node asks for several keys at once. */
  readonly severalKeys: boolean;
  /** How the number of a path is kept while a shared node counts its own; absent where that never happens. */
  readonly savedPath?: SavedPath;
}

export type SavedPath = "std::uint32_t" | "std::uint64_t";

export interface TypeName {
  readonly name: string;
  /** Where the type is first written. */
  readonly span: Span;
}

export type InnerLabel = "failed" | "held" | "ready" | "more";

export interface State {
  /** Enumerator of `at`. */
  readonly name: string;
  readonly block: BlockId;
  /** The label that step goes on at. */
  readonly label: string;
}

/** Words of C++ that spell a type which the program declares nowhere. */
const builtIn = /^(?:const|volatile|signed|unsigned|short|long|int|char|bool|float|double|wchar_t|char8_t|char16_t|char32_t|void|\*)$/;

export function nameAll(plan: TargetPlan): Naming {
  const { graph } = plan;
  const { program } = graph;
  const states: State[] = [];
  const taken = new Set<string>();
  const labels = new Set(graph.blocks.map(({ label }) => label));
  const startState = (what: string, id: BlockId): State => {
    const state = { name: uniqueName(what, taken), block: id, label: blockOf(graph, id).label };
    states.push(state);
    return state;
  };
  const startOf = graph.entries.map(({ source, activation, flow }) => ({
    ...(activation === undefined ? {} : { activation: startState(`activation_of_${source.name}`, activation) }),
    flow: startState(`flow_of_${source.name}`, flow),
  }));
  const parkedIn = new Map<BlockId, State>();
  const returnedIn = new Map<BlockId, State>();
  const innerLabels = new Map<BlockId, Readonly<Record<InnerLabel, string>>>();
  for (const [id, block] of graph.blocks.entries()) {
    const inner = (what: InnerLabel): string => uniqueName(`${what}_${block.label}`, labels);
    innerLabels.set(id, { failed: inner("failed"), held: inner("held"), ready: inner("ready"), more: inner("more") });
    const state = (what: string, label: string): State => {
      const made = { name: uniqueName(what, taken), block: id, label: uniqueName(label, labels) };
      states.push(made);
      return made;
    };
    if (canPark(plan, block)) parkedIn.set(id, state(block.label, `after_${block.label}`));
    if (block.exit.kind === "call" && block.exit.ofSource) returnedIn.set(id, state(`returned_${block.exit.node}`, `returned_${block.label}`));
  }
  invariant(states.length < 65_536, "a flow can be parked in fewer than 65,536 places");
  const groups = groupsAliveTogether(graph);
  const groupOf = graph.slots.map(() => 0);
  for (const [index, slots] of groups.entries()) for (const slot of slots) groupOf[slot] = index;

  return {
    plan,
    graph,
    name: programName(program.source.path),
    types: typeNames(graph),
    functions: functionUses(graph),
    nodeIndex: new Map([...program.nodes.keys()].map((node, index) => [node, index])),
    states,
    parkedIn,
    returnedIn,
    innerLabels,
    startOf,
    parts: recordParts(graph),
    groups,
    groupOf,
    deadlines: runningDeadlines(graph),
  };
}

function recordParts(graph: FlowGraph): RecordParts {
  let savesPaths = false;
  // What only a node asks for that nothing leads to, no block acquires.
  const acquired = new Set(graph.blocks.flatMap(({ exit }) => (exit.kind === "acquire" ? [exit.lock] : [])));
  for (const { kind } of allOperations(graph)) savesPaths ||= kind === "enter-path";
  return {
    failure: graph.program.handlers.length > 0,
    handling: graph.blocks.some(({ exit }) => exit.kind === "if-handling"),
    acquired,
    borrows: graph.locks.some((lock) => isTable(lock) && acquired.has(lock.name)),
    severalKeys: graph.blocks.some(({ exit }) => exit.kind === "acquire" && exit.keys !== undefined && exit.keys.length > 1),
    ...(savesPaths ? { savedPath: savedPath(graph) } : {}),
  };
}

/** A number on the way is never above what its unit ends with: all that is added is positive. */
function savedPath({ paths }: FlowGraph): SavedPath {
  return paths.units.every(({ count }) => count <= 1n << 32n) ? "std::uint32_t" : "std::uint64_t";
}

export function* allOperations(graph: FlowGraph): Generator<Operation> {
  for (const { operations, exit } of graph.blocks) {
    yield* operations;
    for (const edge of edgesOf(exit)) yield* edge.operations;
  }
}

/** `web` of `some/where/web.flux`; a program from standard input is `program`. */
export function programName(path: string): string {
  const name = baseName(path).replace(/\.flux$/, "").replaceAll(/[^\w.-]/g, "_");
  return name === "" || name === "-" ? "program" : name;
}

/** Whether a flow can be parked at the end of this block on some runtime of this kind. */
export function canPark(plan: TargetPlan, { exit }: Block): boolean {
  switch (exit.kind) {
    case "wait":
    case "acquire":
    case "yield":
      return true;
    case "call":
      return plan.offloaded.has(exit.node);
    case "call-handler":
      return plan.offloaded.has(exit.handler);
    default:
      return false;
  }
}

export function blockOf(graph: FlowGraph, id: BlockId): Block {
  const block = graph.blocks[id];
  invariant(block !== undefined, `block ${id} is in the graph`);
  return block;
}

export function slotOf(graph: FlowGraph, id: SlotId): FlowGraph["slots"][number] {
  const slot = graph.slots[id];
  invariant(slot !== undefined, `slot ${id} is in the graph`);
  return slot;
}

export function innerLabel({ innerLabels }: Naming, id: BlockId, what: InnerLabel): string {
  const labels = innerLabels.get(id);
  invariant(labels !== undefined, `block ${id} is in the graph`);
  return labels[what];
}

/** `record.tuple.socket`; `record.tuple_2.lines` of the second group. */
export function variable({ graph, groupOf }: Naming, id: SlotId, record = "record"): string {
  return `${record}.${tupleName(groupOf[id] ?? 0)}.${slotOf(graph, id).name}`;
}

export function tupleName(group: number): string {
  return group === 0 ? "tuple" : `tuple_${group + 1}`;
}

export function typeName({ types }: Naming, type: string): string {
  const name = types.get(type);
  invariant(name !== undefined, `type ${type} has a name`);
  return name.name;
}

export function indexOfNode({ nodeIndex }: Naming, node: NodeName): number {
  const index = nodeIndex.get(node);
  invariant(index !== undefined, `node ${node} is in the program`);
  return index;
}

/** True if the type is made of words of C++ alone: it is complete, and nothing it does throws. */
export function isBuiltIn(type: string): boolean {
  return (type.match(/\w+|\S/g) ?? []).every((token) => builtIn.test(token));
}

/** For reports: `cache`, `counter(session)`, `page[key]`. */
export function lockText({ constraint, kind }: Lock): string {
  return kind === "session" ? `${constraint}(session)` : kind === "keys" ? `${constraint}[key]` : constraint;
}

/** The lock, or the table of them. */
export function lockVariable({ constraint, kind }: Lock): string {
  return `${isTable({ kind }) ? "locks" : "lock"}_${constraint}`;
}

/** Those that some block acquires, outermost first. */
export function acquiredLocks({ plan, parts }: Naming): readonly PlannedLock[] {
  return plan.locks.filter(({ name }) => parts.acquired.has(name));
}

/** By constraint, one lock of each that may be left out. */
export function elidable({ plan }: Naming): readonly PlannedLock[] {
  return plan.locks.filter(({ constraint, users }, index) => users !== undefined && plan.locks[index - 1]?.constraint !== constraint);
}

/** The flag that says that nothing of the constraint is acquired. */
export function elided({ constraint }: Pick<Lock, "constraint">): string {
  return `elided_${constraint}`;
}

/** One lock for each session or key, made when it is borrowed. */
export function isTable({ kind }: Pick<Lock, "kind">): boolean {
  return kind === "session" || kind === "keys";
}

export function lockOf({ plan }: Naming, name: string): PlannedLock {
  const lock = plan.locks.find((each) => each.name === name);
  invariant(lock !== undefined, `${name} is a lock of the plan`);
  return lock;
}

/** Types that name anything of the program get an alias, since inside the record its own names would hide theirs. */
function typeNames(graph: FlowGraph): ReadonlyMap<string, TypeName> {
  const names = new Map<string, TypeName>();
  let count = 0;
  const add = (type: string, span: Span): void => {
    if (!names.has(type)) names.set(type, { name: isBuiltIn(type) ? type : `type_${++count}`, span });
  };
  for (const node of graph.program.nodes.values()) {
    for (const { type, span } of [...node.inputs, ...node.outputs]) add(type, span);
  }
  for (const { type, span } of graph.slots) add(type, span);
  return names;
}

/** The header beside the generated unit that finds and checks the program's functions. */
export function functionsHeaderName(name: string): string {
  return `${name}_functions.hpp`;
}
