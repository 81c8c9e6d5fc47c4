/** A picture as a Mermaid flowchart, which GitHub and many wikis draw. They choose fonts and grounds; we say what is what. */
import { indent, toText, type Lines } from "../text/lines.ts";
import type { Heat } from "./heat.ts";
import { heats, palette, type Role } from "./palette.ts";
import type { Box, Group, Line, LineKind, Picture } from "./picture.ts";

export function toMermaid(picture: Picture, heat?: Heat): string {
  return toText(lines(picture, heat));
}

function* lines(picture: Picture, heat: Heat | undefined): Lines {
  yield "flowchart TD";
  const names = new Map([...picture.boxes.map(({ id }, index) => [id, `n${index}`] as const), ...picture.groups.map(({ id }, index) => [id, `g${index}`] as const)]);
  const name = (id: string): string => names.get(id) ?? id;
  const within = new Map<string | undefined, (Box | Group)[]>();
  const put = (parent: string | undefined, one: Box | Group): void => void (within.get(parent)?.push(one) ?? within.set(parent, [one]));
  for (const group of picture.groups) put(group.parent, group);
  for (const box of picture.boxes) put(box.group, box);
  yield* indent(content(undefined, within, name, heat));
  yield* indent(picture.lines.map((line) => lineText(line, name, heat)));
  yield* indent(classes(picture, name, heat));
}

function* content(parent: string | undefined, within: ReadonlyMap<string | undefined, readonly (Box | Group)[]>, name: (id: string) => string, heat: Heat | undefined): Lines {
  for (const one of within.get(parent) ?? []) {
    if ("kind" in one) yield `${name(one.id)}${shape(one, heat)}`;
    else {
      yield `subgraph ${name(one.id)}[${text([one.node, ...one.marks.map((mark) => mark.text)].join(" · "))}]`;
      yield* indent(content(one.id, within, name, heat));
      yield "end";
    }
  }
}

function shape(box: Box, heat: Heat | undefined): string {
  const measured = heat?.boxes.get(box.id);
  const label = text([box.title, ...box.marks.map((mark) => mark.text), ...(measured === undefined ? [] : [measured.text])].join("\n"));
  switch (box.kind) {
    case "source":
      return `([${label}])`;
    case "dispatch":
      return `{{${label}}}`;
    case "use":
      return `[[${label}]]`;
    case "end":
      return '((" "))';
    case "node":
    case "constraint":
    case "any-failure":
      return `[${label}]`;
  }
}

const dashed: ReadonlySet<LineKind> = new Set(["failure", "use", "against"]);

function lineText(line: Line, name: (id: string) => string, heat: Heat | undefined): string {
  const measured = heat?.lines.get(line);
  const label = [...(line.kind === "round" ? ["next round"] : []), line.label, measured?.text ?? ""].filter((one) => one !== "").join("\n");
  const stroke = dashed.has(line.kind) ? "-.->" : line.kind === "start" ? "==>" : "-->";
  return `${name(line.fromGroup ?? line.from)} ${stroke}${label === "" ? "" : `|${text(label)}|`} ${name(line.to)}`;
}

function* classes({ boxes }: Picture, name: (id: string) => string, heat: Heat | undefined): Lines {
  const members = new Map<string, string[]>();
  for (const box of boxes) {
    const measured = heat?.boxes.get(box.id);
    const look = measured !== undefined ? (heats[measured.level - 1] ?? "") : box.kind === "node" ? (box.handling ? "handler" : "") : box.kind === "any-failure" ? "handler" : box.kind;
    if (looks[look] === undefined) continue;
    members.set(look, [...(members.get(look) ?? []), name(box.id)]);
  }
  for (const [look, ids] of members) {
    const { fill, line } = looks[look] ?? { fill: "node", line: "line" };
    yield `classDef ${look} fill:${palette[fill].light},stroke:${palette[line].light},color:${palette.ink.light}`;
    yield `class ${ids.join(",")} ${look}`;
  }
}

const looks: Readonly<Record<string, { readonly fill: Role; readonly line: Role }>> = {
  source: { fill: "source", line: "sourceLine" },
  dispatch: { fill: "dispatch", line: "dispatchLine" },
  use: { fill: "use", line: "useLine" },
  constraint: { fill: "use", line: "useLine" },
  handler: { fill: "handler", line: "failure" },
  ...Object.fromEntries(heats.map((role) => [role, { fill: role, line: "line" } as const])),
};

/** In quotes, where only a quote and what Mermaid takes for Markdown or HTML has to be written otherwise. */
function text(plain: string): string {
  const entities = plain.replace(/[&"<>#`*_;]/g, (letter) => `#${letter.charCodeAt(0)};`);
  return `"${entities.replaceAll("\n", "<br/>")}"`;
}
