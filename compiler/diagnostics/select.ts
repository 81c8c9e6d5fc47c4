/** Which diagnostics are shown, and in which order. Knows no format. */
import type { Diagnostic } from "./diagnostic.ts";

export interface Selection {
  readonly shown: readonly Diagnostic[];
  /** Of all, shown or not. */
  readonly errors: number;
  readonly warnings: number;
  /** Not shown. */
  readonly omittedErrors: number;
  readonly omittedWarnings: number;
}

/** Nobody reads further, and what is said after a hundred errors is mostly the consequence of one. */
const mostShown = 100;

/** Sorts by place, the program's own file before others; at one place errors first, then as they were found. */
export function selectShown(diagnostics: readonly Diagnostic[]): Selection {
  const path = (one: Diagnostic): string => (one.source === undefined ? "" : one.source.path);
  const sorted = diagnostics.toSorted(
    (a, b) =>
      compareText(path(a), path(b)) ||
      a.labels[0].span.start - b.labels[0].span.start ||
      compareText(a.severity, b.severity),
  );
  let errors = 0;
  let warnings = 0;
  const shown = sorted.filter(({ severity }) => (severity === "error" ? ++errors : ++warnings) <= mostShown);
  return {
    shown,
    errors,
    warnings,
    omittedErrors: Math.max(0, errors - mostShown),
    omittedWarnings: Math.max(0, warnings - mostShown),
  };
}

/** By code units: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
