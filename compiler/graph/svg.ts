/**
 * A picture as SVG, drawn from a layout that Graphviz made of its DOT. Our own drawing, not Graphviz's, so that the picture
 * is readable on a light page and on a dark one, says in words what it shows, and is the same to the byte each time.
 */
import { indent, toText, type Lines } from "../text/lines.ts";
import { describePicture } from "./describe.ts";
import type { Heat } from "./heat.ts";
import { legendHeight, legendOf } from "./legend.ts";
import { palette, type Role } from "./palette.ts";
import type { Box, Picture } from "./picture.ts";
import { escaped, inks } from "./svg-text.ts";

/** What `dot -Tjson` says: drawing operations in points, y upwards. */
export interface Layout {
  readonly bb: string;
  readonly objects?: readonly LaidOut[];
  readonly edges?: readonly LaidOut[];
}

interface LaidOut {
  readonly name?: string;
  readonly _draw_?: readonly Operation[];
  readonly _ldraw_?: readonly Operation[];
  readonly _hdraw_?: readonly Operation[];
  readonly _tdraw_?: readonly Operation[];
}

type Point = readonly [number, number];

interface Operation {
  readonly op: string;
  readonly color?: string;
  readonly style?: string;
  readonly points?: readonly Point[];
  readonly rect?: readonly [number, number, number, number];
  readonly pt?: Point;
  readonly align?: "l" | "c" | "r";
  readonly text?: string;
  readonly width?: number;
  readonly size?: number;
  readonly fontchar?: number;
}

export function toSvg(picture: Picture, layout: Layout, heat?: Heat): string {
  return toText(lines(picture, layout, heat));
}

const margin = 12;
/** Text is a little smaller than the room that was made for it. */
const slack = 0.95;

function* lines(picture: Picture, layout: Layout, heat: Heat | undefined): Lines {
  const [, , drawn = 0, tall = 0] = layout.bb.split(",").map(Number);
  const legend = legendOf(picture, heat);
  const width = Math.ceil(Math.max(drawn, legend.width)) + 2 * margin;
  const height = Math.ceil(tall) + legendHeight + 2 * margin;
  yield `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="Helvetica, Arial, sans-serif">`;
  yield `<title id="title">${escaped(picture.title)}</title>`;
  yield `<desc id="description">${escaped(describePicture(picture, heat))}</desc>`;
  yield* styles();
  yield `<rect class="f-ground" fill="${palette.ground.light}" width="${width}" height="${height}"/>`;
  const left = (width - drawn) / 2;
  yield `<g transform="translate(${short(left)} ${short(margin + tall)})">`;
  const boxes = new Map(picture.boxes.map((box) => [box.id, box]));
  const objects = layout.objects ?? [];
  const isGroup = ({ name }: LaidOut): boolean => name?.startsWith("cluster ") ?? false;
  yield* indent(objects.filter(isGroup).flatMap((one) => [...part("group", one)]));
  // Lines before boxes: where they touch, the box is on top.
  yield* indent((layout.edges ?? []).flatMap((one, index) => [...part(`line ${picture.lines[index]?.kind ?? ""}`, one)]));
  yield* indent(objects.filter((one) => !isGroup(one)).flatMap((one) => [...part(`box ${boxes.get(one.name ?? "")?.kind ?? ""}`, one, boxes.get(one.name ?? ""))]));
  yield "</g>";
  yield `<g transform="translate(${margin} ${Math.ceil(tall) + 2 * margin})" font-size="10">`;
  yield* indent(legend.lines);
  yield "</g>";
  yield "</svg>";
}

/** Light colours stand on the shapes, for programs that know no style sheets; the sheet says what they are on a dark page. */
function* styles(): Lines {
  yield "<style>";
  yield "  @media (prefers-color-scheme: dark) {";
  for (const role of Object.keys(palette) as Role[]) yield `    .f-${role} { fill: ${palette[role].dark} } .s-${role} { stroke: ${palette[role].dark} }`;
  yield "  }";
  yield "</style>";
}

function* part(kind: string, { _draw_ = [], _hdraw_ = [], _tdraw_ = [], _ldraw_ = [] }: LaidOut, box?: Box): Lines {
  const shapes = [...drawing([..._draw_, ..._hdraw_, ..._tdraw_, ..._ldraw_])];
  if (shapes.length === 0) return;
  yield `<g class="${kind.trim()}">`;
  if (box !== undefined) yield `  <title>${escaped(box.about)}</title>`;
  yield* indent(shapes);
  yield "</g>";
}

/** Operations of one part, which change pen, fill and font as they go. */
function* drawing(operations: readonly Operation[]): Lines {
  let stroke = "";
  let fill = "";
  let size = 12;
  let isBold = false;
  let width = 1;
  let dashes = "";
  const pen = (filled: boolean): string => `${inks(filled ? fill : undefined, stroke)} stroke-width="${short(width)}"${dashes}`;
  for (const one of operations) {
    const points = (one.points ?? []).map(place);
    switch (one.op) {
      case "c":
        stroke = one.color ?? "";
        break;
      case "C":
        fill = one.color ?? "";
        break;
      case "S": {
        const style = one.style ?? "";
        const given = /^setlinewidth\((.*)\)$/.exec(style)?.[1];
        if (given !== undefined) width = Number(given);
        else if (style === "bold") width = 1.8;
        else if (style === "dashed") dashes = ' stroke-dasharray="5 3"';
        else if (style === "dotted") dashes = ' stroke-dasharray="1.5 3" stroke-linecap="round"';
        else if (style === "solid") dashes = "";
        break;
      }
      case "F":
        size = one.size ?? size;
        break;
      case "t":
        isBold = ((one.fontchar ?? 0) & 1) === 1;
        break;
      case "E":
      case "e": {
        const [x = 0, y = 0, rx = 0, ry = 0] = one.rect ?? [];
        yield `<ellipse ${pen(one.op === "E")} cx="${short(x)}" cy="${short(-y)}" rx="${short(rx)}" ry="${short(ry)}"/>`;
        break;
      }
      case "P":
      case "p":
        yield `<polygon ${pen(one.op === "P")} points="${points.join(" ")}"/>`;
        break;
      case "L":
        yield `<polyline ${pen(false)} points="${points.join(" ")}"/>`;
        break;
      case "B":
      case "b": {
        const [first = "", ...rest] = points;
        yield `<path ${pen(one.op === "B")} d="M${first}C${rest.join(" ")}"/>`;
        break;
      }
      case "T": {
        const text = (one.text ?? "").trim();
        if (text === "") break;
        const [x, y] = one.pt ?? [0, 0];
        // Around its middle, wherever it is said to begin: the reader's font may be wider than the one that was measured.
        const shift = one.align === "l" ? (one.width ?? 0) / 2 : one.align === "r" ? -(one.width ?? 0) / 2 : 0;
        yield `<text ${inks(stroke, undefined)} x="${short(x + shift)}" y="${short(-y)}" font-size="${short(size * slack)}"${isBold ? ' font-weight="bold"' : ""} text-anchor="middle">${escaped(text)}</text>`;
        break;
      }
      default:
        break;
    }
  }
}

const place = ([x, y]: Point): string => `${short(x)},${short(-y)}`;

/** Two digits are finer than any screen, and equal on every machine. */
function short(number: number): string {
  return String(Math.round(number * 100) / 100);
}
