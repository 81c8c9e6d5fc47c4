/** A picture as DOT, for any Graphviz and for the layout of our own SVG. Colours are those of a light page. */
import { indent, toText, type Lines } from "../text/lines.ts";
import { heats, palette, type Role } from "./palette.ts";
import type { Heat } from "./heat.ts";
import type { Box, Group, Line, Mark, Picture } from "./picture.ts";

/** @param heat what was measured, if something was */
export function toDot(picture: Picture, heat?: Heat): string {
  return toText(lines(picture, heat));
}

/** More boxes are laid out with straight lines and less patience: the time for the best places grows with the square of them. */
const finelyDrawn = 120;
const quickly = "graph [splines=line, nslimit=1, nslimit1=1, mclimit=0.2];";

const face = "Helvetica,Arial,sans-serif";
const color = (role: Role): string => palette[role].light;

function* lines(picture: Picture, heat: Heat | undefined): Lines {
  yield `digraph ${quoted(picture.name)} {`;
  yield* indent([
    ...(picture.boxes.length > finelyDrawn ? [quickly] : []),
    `graph [rankdir=TB, compound=true, ${picture.boxes.some(({ kind }) => kind === "constraint") ? "nodesep=1.1, ranksep=0.7" : "nodesep=0.3, ranksep=0.42"}, pad=0.2, bgcolor=${quoted(color("ground"))}, fontname=${quoted(face)}, fontsize=11, fontcolor=${quoted(color("quiet"))}];`,
    `node [shape=box, style="rounded,filled", fontname=${quoted(face)}, fontsize=12, margin="0.17,0.07", height=0.36, penwidth=1.1, fontcolor=${quoted(color("ink"))}, color=${quoted(color("line"))}, fillcolor=${quoted(color("node"))}];`,
    `edge [fontname=${quoted(face)}, fontsize=10, arrowsize=0.65, penwidth=1.1, color=${quoted(color("line"))}, fontcolor=${quoted(color("quiet"))}];`,
  ]);
  const within = new Map<string | undefined, (Box | Group)[]>();
  const put = (parent: string | undefined, one: Box | Group): void => {
    const known = within.get(parent);
    if (known === undefined) within.set(parent, [one]);
    else known.push(one);
  };
  for (const group of picture.groups) put(group.parent, group);
  for (const box of picture.boxes) put(box.group, box);
  yield* indent(content(undefined, within, heat));
  for (const line of picture.lines) yield `  ${lineText(line, heat)}`;
  yield "}";
}

function* content(parent: string | undefined, within: ReadonlyMap<string | undefined, readonly (Box | Group)[]>, heat: Heat | undefined): Lines {
  for (const one of within.get(parent) ?? []) {
    if ("kind" in one) {
      yield boxText(one, heat);
      continue;
    }
    yield `subgraph ${quoted(`cluster ${one.node}`)} {`;
    yield* indent([
      `graph [label=<${label(one.node, one.marks, true)}>, labeljust=l, style="rounded,filled", penwidth=1, margin=11, fillcolor=${quoted(color("group"))}, color=${quoted(color(one.handling ? "failure" : one.shared ? "useLine" : "border"))}${one.handling ? ', style="rounded,filled,dashed"' : ""}];`,
    ]);
    yield* indent(content(one.id, within, heat));
    yield "}";
  }
}

function boxText(box: Box, heat: Heat | undefined): string {
  const measured = heat?.boxes.get(box.id);
  const marks = label(box.title, box.marks, false, measured?.text);
  const fill = measured === undefined ? undefined : heats[measured.level - 1];
  return `${quoted(box.id)} [${[`label=<${marks}>`, ...looks(box), ...(fill === undefined ? [] : [`fillcolor=${quoted(color(fill))}`])].join(", ")}];`;
}

function looks({ kind, handling }: Box): readonly string[] {
  const filled = (fill: Role, line: Role): string[] => [`fillcolor=${quoted(color(fill))}`, `color=${quoted(color(line))}`];
  switch (kind) {
    case "source":
      return ['style="rounded,filled,bold"', "penwidth=1.8", ...filled("source", "sourceLine")];
    case "dispatch":
      return ["shape=hexagon", "style=filled", "ordering=out", 'margin="0.02,0.02"', ...filled("dispatch", "dispatchLine")];
    case "use":
      return ["peripheries=2", ...filled("use", "useLine")];
    case "constraint":
      return filled("use", "useLine");
    case "any-failure":
      return ['style="rounded,filled,dashed"', ...filled("ground", "failure"), `fontcolor=${quoted(color("failure"))}`];
    case "end":
      return ["shape=circle", "width=0.12", "height=0.12", "fixedsize=true", 'label=""', ...filled("line", "line")];
    case "node":
      return handling ? filled("handler", "failure") : [];
  }
}

const markColors: Readonly<Record<Mark["kind"], Role>> = {
  constraint: "constraint",
  wait: "waiting",
  "time-limit": "quiet",
  blocking: "blocking",
  limit: "quiet",
  period: "quiet",
  session: "constraint",
};

/** The name, and below it what is marked, a line each; beside it for a group. */
function label(title: string, marks: readonly Mark[], inOneLine: boolean, measured?: string): string {
  if (title === "") return "";
  // On a hot ground nothing but ink is readable.
  const small = marks.map(({ kind, text }) => `<font point-size="9" color="${color(measured === undefined ? markColors[kind] : "ink")}">${escaped(text)}</font>`);
  if (measured !== undefined) small.push(`<font point-size="9" color="${color("ink")}">${escaped(measured)}</font>`);
  const name = `<b>${escaped(title)}</b>`;
  if (inOneLine) return [name, ...small].join(`<font point-size="9" color="${color("quiet")}"> · </font>`);
  return [name, ...small].join("<br/>");
}

function lineText(line: Line, heat: Heat | undefined): string {
  const measured = heat?.lines.get(line);
  const text = [line.label, ...(measured === undefined ? [] : [measured.text])].filter((one) => one !== "").join("\n");
  const room = line.kind === "nesting" || line.kind === "against" ? "   " : " ";
  const width = measured === undefined ? [] : [`penwidth=${measured.width.toFixed(1)}`];
  const words = [...(text === "" ? [] : [`label=${quoted(`${room}${text.replaceAll("\n", `${room}\n${room}`)}${room}`)}`]), ...strokes(line, measured !== undefined), ...width];
  // These lead up: said the other way round, they do not turn the rest upside down.
  const [upper, lower] = line.kind === "round" || line.kind === "against" ? [line.to, line.from] : [line.from, line.to];
  return `${quoted(upper)} -> ${quoted(lower)}${words.length === 0 ? "" : ` [${words.join(", ")}]`};`;
}

function strokes({ kind, fromGroup }: Line, measured: boolean): readonly string[] {
  const ink = (role: Role): string[] => [`color=${quoted(color(role))}`, `fontcolor=${quoted(color(role))}`];
  switch (kind) {
    case "start":
      return [...(measured ? [] : ["penwidth=1.8"]), ...ink("sourceLine")];
    case "flow":
      return [];
    case "case":
      return ink("dispatchLine");
    case "round":
      return [...ink("round"), "dir=back"];
    case "nesting":
      return ink("useLine");
    case "against":
      return ["style=dashed", ...ink("failure"), "dir=back"];
    case "failure":
      return ["style=dashed", ...ink("failure"), ...(fromGroup === undefined ? [] : [`ltail=${quoted(fromGroup.replace(/^group /, "cluster "))}`])];
    case "use":
      return ["style=dotted", "arrowhead=open", ...ink("useLine")];
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
