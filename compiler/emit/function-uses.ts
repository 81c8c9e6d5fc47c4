/** Which functions of the program a flow graph calls, in which role, and the structs that describe them. */
import type { ConcreteNode, Node, NodeName, Predicate, Program } from "../check/program.ts";
import { invariant } from "../diagnostics/checked.ts";
import type { FlowGraph, HandlerExit } from "../flow/flow-graph.ts";
import type { FunctionUse } from "../nodes/cpp/function-struct.ts";
import { handlerBeginnings, handlerShape, nodeShape, sessionShape } from "../nodes/cpp/function-shapes.ts";
import { structOfFailed } from "../nodes/cpp/published-functions.ts";

export interface FunctionUses {
  /** Concrete nodes with a signature, by name, in the order of the program. */
  readonly nodes: ReadonlyMap<NodeName, FunctionUse>;
  /** Handlers without one, by handler and failed node (`handlerKey`), in the order of the graph. */
  readonly handlers: ReadonlyMap<string, FunctionUse>;
  /** Predicates that some dispatch applies, in the order of the program, with the types it applies them to. */
  readonly predicates: readonly { readonly predicate: Predicate; readonly struct: string; readonly types: readonly string[] }[];
  /** Session functions, by the index of their source. */
  readonly sessions: ReadonlyMap<number, FunctionUse>;
}

export function handlerKey({ handler, failed }: Pick<HandlerExit, "handler" | "failed">): string {
  return `${handler} of ${failed}`;
}

export function functionUses(graph: FlowGraph): FunctionUses {
  const { program } = graph;
  const called = new Set<NodeName>();
  const handlers = new Map<string, FunctionUse>();
  const tested = new Map<string, Set<string>>();
  for (const { exit } of graph.blocks) {
    if (exit.kind === "call") called.add(exit.node);
    if (exit.kind === "call-handler" && !handlers.has(handlerKey(exit))) handlers.set(handlerKey(exit), handlerUse(program, exit));
    if (exit.kind !== "dispatch") continue;
    for (const { type, slot } of exit.cases.flatMap(({ tests }) => tests)) {
      const types = tested.get(type) ?? new Set();
      const typeOfSlot = graph.slots[slot]?.type;
      invariant(typeOfSlot !== undefined, `slot ${slot} is in the graph`);
      tested.set(type, types.add(typeOfSlot));
    }
  }
  const beginners = handlerBeginnings(program);
  const nodes = [...program.nodes.values()].filter((node): node is ConcreteNode => called.has(node.name) && isConcrete(node));
  return {
    nodes: new Map(nodes.map((node) => [node.name, nodeUse(program, node, beginners)])),
    handlers,
    predicates: [...program.predicates.values()].flatMap((predicate) => {
      const types = tested.get(predicate.type);
      return types === undefined ? [] : [{ predicate, struct: `predicate_${predicate.type}`, types: [...types] }];
    }),
    sessions: new Map(
      program.sources.flatMap((source, index) =>
        source.session === undefined ? [] : [[index, sessionUse(program, source.session, source.target, source.span)] as const],
      ),
    ),
  };
}

function nodeUse(program: Program, node: ConcreteNode, beginners: ReadonlySet<NodeName>): FunctionUse {
  const shape = nodeShape(program, node, beginners);
  return { struct: `node_${node.name}`, shape, waits: node.wait.length > 0, span: node.nameSpan };
}

function handlerUse(program: Program, exit: HandlerExit): FunctionUse {
  const { handler, failed } = exit;
  const node = program.nodes.get(handler);
  invariant(node !== undefined, `handler ${handler} is in the program`);
  const shape = handlerShape(program, handler, failed);
  const declared = program.handlers.find((one) => one.handler === handler);
  const use = { struct: `handler_${handler}_of_${failed}`, shape, waits: false, span: declared?.span ?? node.nameSpan };
  return program.form === "published" ? { ...use, exact: publishedHandlerType(program, handler, failed) } : use;
}

/** In the published form the handler is declared for the nodes that its paths name, and for all others as `void H(int)`. */
function publishedHandlerType(program: Program, handler: NodeName, failed: NodeName): string {
  const named = program.handlers.some((declared) => declared.handler === handler && declared.path.at(-1) === failed);
  const struct = named ? structOfFailed(program, failed) : undefined;
  return struct === undefined ? "void (*)(int)" : `void (*)(::${struct}_in *, int)`;
}

function sessionUse(program: Program, name: string, target: NodeName, span: FunctionUse["span"]): FunctionUse {
  return { struct: `session_${name}_of_${target}`, shape: sessionShape(program, name, target), waits: false, span };
}

function isConcrete(node: Node): node is ConcreteNode {
  return node.kind === "concrete";
}
