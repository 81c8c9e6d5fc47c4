/** How many there are, in words: "2 errors, 1 warning". */
import type { Paint } from "./paint.ts";
import type { Selection } from "./select.ts";

/** The last line of a report for people, after a line that says what was left out. */
export function summary(selection: Selection, paint: Paint): string {
  const { errors, warnings } = selection;
  const parts = [
    ...(errors === 0 ? [] : [paint("error", count(errors, "error"))]),
    ...(warnings === 0 ? [] : [paint("warning", count(warnings, "warning"))]),
  ];
  return [...closingLine(selection), parts.join(", ")].join("\n");
}

/** "…and 37 more errors", where some were left out. */
export function closingLine({ omittedErrors, omittedWarnings }: Selection): readonly string[] {
  const parts = [
    ...(omittedErrors === 0 ? [] : [more(omittedErrors, "error")]),
    ...(omittedWarnings === 0 ? [] : [more(omittedWarnings, "warning")]),
  ];
  return parts.length === 0 ? [] : [`…and ${parts.join(" and ")}`];
}

function more(number: number, noun: string): string {
  return `${number} more ${number === 1 ? noun : `${noun}s`}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
