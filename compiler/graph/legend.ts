/** The line below a picture that says what its colours and lines mean: of what is in it, and no more. */
import { heats, palette, type Role } from "./palette.ts";
import type { Heat } from "./heat.ts";
import type { Picture } from "./picture.ts";
import { escaped, inks } from "./svg-text.ts";

export const legendHeight = 24;

export interface Legend {
  readonly lines: readonly string[];
  readonly width: number;
}

interface Item {
  readonly text: string;
  readonly sample: string;
}

const sampleWidth = 22;
const gap = 16;

export function legendOf(picture: Picture, heat: Heat | undefined): Legend {
  const items = [...itemsOf(picture, heat)];
  let x = 0;
  const drawn = items.map(({ text, sample }) => {
    const at = x;
    x += sampleWidth + 6 + widthOf(text) + gap;
    return `<g transform="translate(${at} 0)">${sample}<text ${inks(palette.quiet.light, undefined)} x="${sampleWidth + 6}" y="11.5">${escaped(text)}</text></g>`;
  });
  return { lines: drawn, width: Math.max(0, x - gap) };
}

function* itemsOf({ boxes, lines, groups }: Picture, heat: Heat | undefined): Iterable<Item> {
  const has = (kind: string): boolean => boxes.some((box) => box.kind === kind) || lines.some((line) => line.kind === kind);
  if (has("source")) yield { text: "source", sample: box("source", "sourceLine") };
  if (has("dispatch")) yield { text: "first case that fits", sample: box("dispatch", "dispatchLine") };
  if (has("round")) yield { text: "next round", sample: stroke("round") };
  if (has("failure")) yield { text: "on failure", sample: stroke("failure", ' stroke-dasharray="5 3"') };
  if (has("use") || groups.some(({ shared }) => shared)) yield { text: "drawn once, used often", sample: box("use", "useLine") };
  if (has("nesting")) yield { text: "acquired while the other is held", sample: stroke("useLine") };
  if (has("against")) yield { text: "against the order, so acquired early", sample: stroke("failure", ' stroke-dasharray="5 3"') };
  if (heat !== undefined) {
    const step = sampleWidth / heats.length;
    const scale = heats.map((role, index) => `<rect ${inks(palette[role].light, undefined)} x="${(index * step).toFixed(1)}" y="2" width="${step.toFixed(1)}" height="12"/>`);
    yield { text: "share of the time in nodes", sample: scale.join("") };
  }
}

function box(fill: Role, line: Role): string {
  return `<rect ${inks(palette[fill].light, palette[line].light)} x="1" y="2" width="${sampleWidth - 2}" height="12" rx="3"/>`;
}

function stroke(line: Role, dashes = ""): string {
  return `<path ${inks(undefined, palette[line].light)} stroke-width="1.4"${dashes} d="M0,8H${sampleWidth}"/>`;
}

/** Near enough: Helvetica at 10 points has five to a letter. */
function widthOf(text: string): number {
  return Math.ceil(text.length * 5);
}
