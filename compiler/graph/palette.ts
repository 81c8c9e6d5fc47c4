/** The colours of a picture by what they mean, for a light page and for a dark one. Every text on every ground has a contrast of 4.5 or more. */

export interface Shade {
  readonly light: string;
  readonly dark: string;
}

export const palette = {
  ground: { light: "#ffffff", dark: "#0d1117" },
  ink: { light: "#1f2328", dark: "#e6edf3" },
  quiet: { light: "#59636e", dark: "#9198a1" },
  line: { light: "#6e7781", dark: "#8b949e" },
  group: { light: "#f6f8fa", dark: "#151b23" },
  border: { light: "#d1d9e0", dark: "#3d444d" },
  node: { light: "#fefefe", dark: "#212830" },
  source: { light: "#ddf4ff", dark: "#102a4c" },
  sourceLine: { light: "#0969da", dark: "#4493f8" },
  dispatch: { light: "#fff8c5", dark: "#322a10" },
  dispatchLine: { light: "#9a6700", dark: "#d29922" },
  use: { light: "#fbefff", dark: "#2a1d3f" },
  useLine: { light: "#8250df", dark: "#ab7df8" },
  handler: { light: "#ffebe9", dark: "#3b1719" },
  failure: { light: "#cf222e", dark: "#f85149" },
  round: { light: "#1a7f37", dark: "#3fb950" },
  constraint: { light: "#7a49d6", dark: "#ab7df7" },
  waiting: { light: "#0969d9", dark: "#4493f7" },
  blocking: { light: "#b04700", dark: "#e8803f" },
  heat1: { light: "#fff1e5", dark: "#2d1c10" },
  heat2: { light: "#ffe0c7", dark: "#43240c" },
  heat3: { light: "#ffc999", dark: "#5c2d08" },
  heat4: { light: "#ffb070", dark: "#773a08" },
  heat5: { light: "#fb9a4b", dark: "#94470c" },
} as const satisfies Readonly<Record<string, Shade>>;

export type Role = keyof typeof palette;

export const heats = ["heat1", "heat2", "heat3", "heat4", "heat5"] as const satisfies readonly Role[];

/** Colours are unique in light, so that a drawing in light colours can be given its dark ones. */
export const roleOfLight: ReadonlyMap<string, Role> = new Map((Object.keys(palette) as Role[]).map((role) => [palette[role].light, role]));
