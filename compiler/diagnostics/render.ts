/** A diagnostic as a person reads it in a terminal. Which ones, in which order, is `report.ts`'s business. */
import type { Source } from "../../grammar/source.ts";
import { printable } from "../text/printable.ts";
import { count } from "./count.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { frame, type Row } from "./frame.ts";
import type { Paint } from "./paint.ts";
import { placeText } from "./place.ts";

/**
 * Headline, place, frame, then why it is wrong, then what may help:
 *
 *     error[FLX0201]: no node is named `Wriet`
 *       --> image.flux:3:34
 *        |
 *      3 | Image = ReadRequest -> Compress -> Wriet;
 *        |                                    ^^^^^ not declared
 *        = help: did you mean `Write`?
 *
 * A text without a character has no frame and no line: nothing could be shown of a file that was not read.
 */
export function* render(diagnostic: Diagnostic, source: Source, paint: Paint): Generator<string> {
  const { severity, code } = diagnostic;
  const { text } = source;
  const title = printable(diagnostic.title).replaceAll("\n", " ");
  yield paint(severity, `${severity}[${code}]`) + paint("title", `: ${title}`);

  const [primary, ...further] = diagnostic.labels;
  const drawn = [primary, ...further.slice(0, mostFurtherLabels)];
  const rows = text === "" ? [] : frame(source, drawn, severity, paint);
  const lastLine = Math.max(...rows.map((row) => (row.kind === "source" ? row.line : 0)), 0);
  const width = text === "" ? 1 : String(lastLine).length;
  const blank = " ".repeat(width);
  yield `${blank}${paint("gutter", "-->")} ${placeText(source, primary.span)}`;
  if (rows.length > 0) yield `${blank} ${paint("gutter", "|")}`;
  for (const row of rows) yield besideGutter(row, width, paint);

  const left = diagnostic.labels.length - drawn.length;
  if (left > 0) yield* note("note", `and ${count(left, "more place")}`, blank, paint);
  if (diagnostic.text !== undefined) yield* note("note", diagnostic.text, blank, paint);
  for (const hint of diagnostic.hints) yield* note("help", hint, blank, paint);
}

/** A picture of more is no picture: a cycle may pass through a thousand nodes. */
const mostFurtherLabels = 11;

function besideGutter(row: Row, width: number, paint: Paint): string {
  if (row.kind === "gap") return `${paint("gutter", "...")}${" ".repeat(width)}${row.text}`.trimEnd();
  const number = row.kind === "source" ? String(row.line).padStart(width) : " ".repeat(width);
  return `${paint("gutter", `${number} |`)} ${row.text}`.trimEnd();
}

/** `= help: …`, further lines of it below the first. */
function* note(kind: "note" | "help", text: string, blank: string, paint: Paint): Generator<string> {
  const [first = "", ...further] = printable(text).split("\n");
  yield `${blank} ${paint("gutter", "=")} ${paint(kind === "help" ? "help" : "title", `${kind}:`)} ${first}`.trimEnd();
  for (const line of further) yield `${blank}   ${" ".repeat(kind.length + 1)} ${line}`.trimEnd();
}
