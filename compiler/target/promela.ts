/**
 * The flows of a plan as a model for Spin (Holzmann, "The Spin Model Checker", 2003): `spin -search model.pml` looks
 * through all interleavings for flows that wait for each other ("invalid end state"). Calls may work or fail and a
 * dispatch take any case; of a flow nothing is left but its
 * constraints, and which of its values are the same key. Readers and writers are served as they came.
 */
import { edgesOf } from "../flow/draft.ts";
import type { Block, BlockId, Edge, FlowGraph, Operation } from "../flow/flow-graph.ts";
import { indent, type Lines } from "../text/lines.ts";
import { acquired, chosenAtStart, flowVariables, performed, sharedVariables, valuesAfter } from "./promela-locks.ts";

export function* promela(graph: FlowGraph): Lines {
  const { blocks, entries, heldBits, returnLevels } = graph;
  yield "/* spin -search FILE: no two or more of these flows wait for each other for ever. */";
  yield "#ifndef FLOWS";
  yield "#define FLOWS 2  /* at the same time: -DFLOWS=3 for more */";
  yield "#endif";
  yield "mtype = { reader, writer };";
  yield* sharedVariables(graph);
  const starts = entries.flatMap(({ source: { name }, activation, flow }) => [
    ...(activation === undefined ? [] : [{ name: `activation_of_${name}`, block: activation }]),
    { name: `flow_of_${name}`, block: flow },
  ]);
  for (const [index, { name, block }] of starts.entries()) {
    yield "";
    yield `proctype ${name}_${index}() {`;
    yield* indent(flowVariables(graph));
    for (const bit of heldBits.keys()) yield `  bit bit_${bit};`;
    for (const level of returnLevels.keys()) yield `  byte return_${level};`;
    const inside = [...reached(blocks, block)];
    yield* indent(chosenAtStart(graph, inside.map((id) => (blocks[id] as Block).exit)));
    yield `  goto at_${block};`;
    for (const id of inside) yield* blockLines(graph, id);
    yield "over: skip";
    yield "}";
  }
  yield "";
  yield "init {";
  yield "  byte flows;";
  yield "  atomic {";
  yield "    do";
  for (const [index, { name }] of starts.entries()) yield `    :: flows < FLOWS -> run ${name}_${index}(); flows++`;
  yield "    :: flows == FLOWS -> break";
  yield "    od";
  yield "  }";
  yield "}";
}

function* blockLines(graph: FlowGraph, id: BlockId): Lines {
  const { label, operations, exit } = graph.blocks[id] as Block;
  const texts = (all: readonly Operation[]): readonly string[] => all.flatMap((operation) => performed(graph, operation));
  yield `at_${id}: /* ${label} */`;
  yield* indent(texts(operations).map((step) => `${step};`));
  const go = ({ operations: on, to }: Edge, first: readonly string[] = []): string => `${[...first, ...texts(on)].map((step) => `${step}; `).join("")}goto at_${to}`;
  switch (exit.kind) {
    case "end":
      yield "  goto over;";
      return;
    case "acquire": {
      const isHeld = exit.unless.map((bit) => `bit_${bit}`).join(" || ");
      const lines = acquired(graph, exit, go(exit.granted), go(exit.fail));
      if (isHeld === "") return yield* indent(lines);
      yield "  if";
      yield `  :: ${isHeld} -> ${go(exit.granted)}`;
      yield "  :: else ->";
      yield* indent(indent(lines));
      yield "  fi;";
      return;
    }
    case "return":
      yield "  if";
      for (const [value, target] of exit.targets.entries()) yield `  :: return_${exit.level} == ${value} -> ${go(target)}`;
      yield "  fi;";
      return;
    default: {
      const ways = [...new Set(edgesOf(exit).map((edge) => go(edge, exit.kind === "call" && edge === exit.ok ? valuesAfter(graph, exit) : [])))];
      if (ways.length === 1) yield `  ${ways[0]};`;
      else {
        yield "  if";
        for (const way of ways) yield `  :: true -> ${way}`;
        yield "  fi;";
      }
    }
  }
}

function reached(blocks: readonly Block[], from: BlockId): ReadonlySet<BlockId> {
  const seen = new Set([from]);
  for (const id of seen) for (const { to } of edgesOf((blocks[id] as Block).exit)) seen.add(to);
  return seen;
}
