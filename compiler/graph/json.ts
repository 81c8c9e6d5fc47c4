/** A picture as JSON, for programs. docs/command-line.md says what every field means: change both. */
import { position, type Source } from "../../grammar/source.ts";
import type { Heat } from "./heat.ts";
import type { Picture } from "./picture.ts";

export function toJson({ name, boxes, groups, lines }: Picture, source: Source, heat?: Heat): string {
  const lineOf = (start: number): number => position(source, start).line;
  const document = {
    format: "flux-graph",
    version: 1,
    program: name,
    file: source.path,
    groups: groups.map(({ id, node, parent, shared, handling, marks, span }) => ({
      id,
      node,
      parent: parent ?? null,
      shared,
      handling,
      marks: marks.map(({ kind, text }) => ({ kind, text })),
      line: lineOf(span.start),
    })),
    nodes: boxes.map(({ id, kind, node, group, handling, marks, span }) => {
      const measured = heat?.boxes.get(id);
      return {
        id,
        kind,
        node: node ?? null,
        group: group ?? null,
        handling,
        marks: marks.map(({ kind: what, text }) => ({ kind: what, text })),
        line: lineOf(span.start),
        ...(measured === undefined ? {} : { measured: { calls: measured.calls, meanNanoseconds: measured.nanoseconds, share: measured.share } }),
      };
    }),
    edges: lines.map((line) => {
      const measured = heat?.lines.get(line);
      return {
        from: line.from,
        to: line.to,
        kind: line.kind,
        label: line.label,
        fromGroup: line.fromGroup ?? null,
        ...(measured === undefined ? {} : { measured: { count: measured.count, share: measured.share } }),
      };
    }),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
