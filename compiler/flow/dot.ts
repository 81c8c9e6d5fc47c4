/** A flow graph as DOT text, for a picture. Failures are dashed. Draws nothing itself. */
import { edgesOf, failureOf } from "./draft.ts";
import { exitText } from "./dump.ts";
import type { FlowGraph } from "./flow-graph.ts";

export function toDot(graph: FlowGraph): string {
  return [...lines(graph)].map((line) => `${line}\n`).join("");
}

function* lines(graph: FlowGraph): Iterable<string> {
  yield "digraph flow {";
  yield "  node [shape=box, fontname=monospace];";
  for (const { source, activation, flow } of graph.entries) {
    const name = quoted(`source ${source.name}`);
    yield `  ${name} [shape=plaintext];`;
    for (const to of activation === undefined ? [flow] : [activation, flow]) yield `  ${name} -> ${labelOf(graph, to)};`;
  }
  for (const block of graph.blocks) {
    const [does] = exitText(graph, block);
    yield `  ${quoted(block.label)} [label=${quoted(`${block.label}\n${does ?? ""}`)}];`;
    const failure = failureOf(block.exit);
    for (const edge of edgesOf(block.exit)) {
      const style = edge === failure ? " [style=dashed]" : "";
      yield `  ${quoted(block.label)} -> ${labelOf(graph, edge.to)}${style};`;
    }
  }
  yield "}";
}

function labelOf(graph: FlowGraph, block: number): string {
  return quoted(graph.blocks[block]?.label ?? "");
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
