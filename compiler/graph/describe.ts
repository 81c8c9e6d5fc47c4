/** A picture in words, for who does not see it. */
import type { Heat } from "./heat.ts";
import type { Box, Line, Picture } from "./picture.ts";

/** One sentence a box, in the order a flow meets them. */
export function describePicture({ boxes, lines }: Picture, heat?: Heat): string {
  const leaving = new Map<string, Line[]>();
  for (const line of lines) {
    const known = leaving.get(line.from);
    if (known === undefined) leaving.set(line.from, [line]);
    else known.push(line);
  }
  const sentences = boxes.filter(({ kind }) => kind !== "end").map((box) => sentence(box, leaving.get(box.id) ?? []));
  return [...(heat === undefined ? [] : [heat.about]), ...sentences].join(" ");
}

function sentence({ id, kind, title, marks }: Box, leaving: readonly Line[]): string {
  const subject = kind === "source" ? `Source ${id}` : kind === "constraint" ? `Constraint ${title}` : kind === "any-failure" ? "Any other failure" : id;
  const needs = marks.length === 0 ? "" : ` (${marks.map(({ text }) => text).join("; ")})`;
  const ways = leaving.map(({ kind: how, label, to }) => {
    const target = to.startsWith("end") ? "the end" : to;
    switch (how) {
      case "start":
        return `starts ${target}`;
      case "flow":
        return `then ${target}`;
      case "case":
        return label === "" || label === "otherwise" ? `otherwise ${target}` : `${label.replace(/^\d+: /, "if ")}: ${target}`;
      case "round":
        return `${label === "" ? "" : `${label}: `}again from ${target}`;
      case "failure":
        return `on failure${label === "" ? "" : ` ${label}`} ${target}`;
      case "nesting":
        return `before ${target}, since ${label.replaceAll("\n", " ")}`;
      case "against":
        return `after ${target}, though it is asked for inside: ${label.replaceAll("\n", " ")}`;
      case "use":
        return `as drawn from ${target} on`;
    }
  });
  return `${subject}${needs}${ways.length === 0 ? (kind === "constraint" ? "." : ": the end.") : `: ${ways.join(", ")}.`}`;
}
