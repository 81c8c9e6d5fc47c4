/** One thing that was looked at, and what came of it. */

/** `fail`: something needed does not work. `warn`: something works less well than it could. */
export type Level = "ok" | "warn" | "fail";

export interface Finding {
  readonly area: "compiler" | "tools" | "limits" | "kernel" | "cache" | "development";
  readonly level: Level;
  /** A line: what it is and how it is. */
  readonly text: string;
  /** What a person types to change it, or does. */
  readonly fix?: string;
}

export const ok = (area: Finding["area"], text: string): Finding => ({ area, level: "ok", text });
export const warn = (area: Finding["area"], text: string, fix: string): Finding => ({ area, level: "warn", text, fix });
export const fail = (area: Finding["area"], text: string, fix: string): Finding => ({ area, level: "fail", text, fix });
