/**
 * The flows of a plan as a model for Spin (Holzmann, "The Spin Model Checker", 2003): `spin -search model.pml` looks
 * through all interleavings for flows that wait for each other ("invalid end state"). Calls may work or fail and a
 * dispatch take any case; of a flow nothing is left but its constraints. Readers and writers are served as they came.
 */
import { edgesOf } from "../flow/draft.ts";
import type { AcquireExit, Block, BlockId, Edge, FlowGraph, Operation } from "../flow/flow-graph.ts";
import { indent, type Lines } from "../text/lines.ts";

export function* promela(graph: FlowGraph): Lines {
  const { blocks, entries, locks, heldBits, heldMarks, returnLevels } = graph;
  const marks = Array.from({ length: heldMarks }, (_, mark) => mark);
  yield "/* spin -search FILE: no two or more of these flows wait for each other for ever. */";
  yield "#ifndef FLOWS";
  yield "#define FLOWS 2  /* at the same time: -DFLOWS=3 for more */";
  yield "#endif";
  yield "mtype = { reader, writer };";
  const lockOrder = locks.map(({ name }) => name);
  for (const name of lockOrder) {
    yield `byte readers_${name}; bit writes_${name}; chan queue_${name} = [FLOWS] of { byte, mtype };`;
  }
  const starts = entries.flatMap(({ source: { name }, activation, flow }) => [
    ...(activation === undefined ? [] : [{ name: `activation_of_${name}`, block: activation }]),
    { name: `flow_of_${name}`, block: flow },
  ]);
  for (const [index, { name, block }] of starts.entries()) {
    yield "";
    yield `proctype ${name}_${index}() {`;
    for (const lock of lockOrder) yield `  mtype held_${lock} = 0;`;
    for (const bit of heldBits.keys()) yield `  bit bit_${bit};`;
    for (const mark of marks) for (const lock of lockOrder) yield `  bit mark_${mark}_${lock};`;
    for (const level of returnLevels.keys()) yield `  byte return_${level};`;
    yield `  goto at_${block};`;
    for (const id of reached(blocks, block)) yield* blockLines(graph, id);
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
  yield `at_${id}: /* ${label} */`;
  yield* indent(operations.flatMap((operation) => performed(graph, operation)).map((step) => `${step};`));
  const go = ({ operations: on, to }: Edge): string => `${on.flatMap((each) => performed(graph, each)).map((step) => `${step}; `).join("")}goto at_${to}`;
  switch (exit.kind) {
    case "end":
      yield "  goto over;";
      return;
    case "acquire":
      return yield* acquireLines(exit, go);
    case "return":
      yield "  if";
      for (const [value, target] of exit.targets.entries()) yield `  :: return_${exit.level} == ${value} -> ${go(target)}`;
      yield "  fi;";
      return;
    default: {
      const ways = [...new Set(edgesOf(exit).map(go))];
      if (ways.length === 1) yield `  ${ways[0]};`;
      else {
        yield "  if";
        for (const way of ways) yield `  :: true -> ${way}`;
        yield "  fi;";
      }
    }
  }
}

function* acquireLines({ lock: name, mode, unless, bit, granted, fail }: AcquireExit, go: (edge: Edge) => string): Lines {
  const kind = mode === "read" ? "reader" : "writer";
  const free = mode === "read" ? `writes_${name} == 0` : `writes_${name} == 0 && readers_${name} == 0`;
  const take = mode === "read" ? `readers_${name}++` : `writes_${name} = 1`;
  yield "  if";
  if (unless.length > 0) yield `  :: ${unless.map((each) => `bit_${each}`).join(" || ")} -> ${go(granted)}`;
  const needed = unless.length === 0 ? "true" : `!(${unless.map((each) => `bit_${each}`).join(" || ")})`;
  yield `  :: ${needed} -> queue_${name} ! _pid, ${kind};`;
  const set = bit === undefined ? "" : `bit_${bit} = 1; `;
  yield `     atomic { (queue_${name} ? [eval(_pid), ${kind}]) && ${free} -> queue_${name} ? eval(_pid), ${kind}; ${take}; held_${name} = ${kind}; ${set}};`;
  yield `     ${go(granted)}`;
  yield `  :: ${needed} -> ${go(fail)}  /* its limit is over */`;
  yield "  fi;";
}

function performed({ locks: inOrder, heldBits }: FlowGraph, operation: Operation): readonly string[] {
  const locks = inOrder.map(({ name }) => name);
  const back = (name: string): string =>
    `atomic { if :: held_${name} == reader -> readers_${name}--; held_${name} = 0 :: held_${name} == writer -> writes_${name} = 0; held_${name} = 0 :: else -> skip fi }`;
  switch (operation.kind) {
    case "release":
      return operation.releases.map(({ lock, bit }) =>
        bit === undefined ? back(lock) : `if :: bit_${bit} -> ${back(lock)}; bit_${bit} = 0 :: else -> skip fi`,
      );
    case "release-all":
      return [...locks.toReversed().map(back), ...heldBits.map((_, bit) => `bit_${bit} = 0`)];
    case "mark-held":
      return locks.map((name) => `mark_${operation.mark}_${name} = (held_${name} != 0)`);
    case "release-to-mark":
      return [
        ...locks.toReversed().map((name) => `if :: mark_${operation.mark}_${name} -> skip :: else -> ${back(name)} fi`),
        ...operation.bits.map((bit) => `bit_${bit} = 0`),
      ];
    case "set-return":
      return [`return_${operation.level} = ${operation.value}`];
    default:
      return [];
  }
}

function reached(blocks: readonly Block[], from: BlockId): ReadonlySet<BlockId> {
  const seen = new Set([from]);
  for (const id of seen) for (const { to } of edgesOf((blocks[id] as Block).exit)) seen.add(to);
  return seen;
}
