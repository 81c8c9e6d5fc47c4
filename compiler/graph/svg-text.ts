/** How SVG is spelt: colours that follow the page, and text. Draws nothing. */
import { roleOfLight } from "./palette.ts";

/** Colours, and by classes what they are on a dark page. */
export function inks(fill: string | undefined, stroke: string | undefined): string {
  const named = (letter: string, color: string | undefined): string[] => {
    const role = color === undefined ? undefined : roleOfLight.get(color);
    return role === undefined ? [] : [`${letter}-${role}`];
  };
  const classes = [...named("f", fill), ...named("s", stroke)];
  return [
    ...(classes.length === 0 ? [] : [`class="${classes.join(" ")}"`]),
    `fill="${fill ?? "none"}"`,
    ...(stroke === undefined ? [] : [`stroke="${stroke}"`]),
  ].join(" ");
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
