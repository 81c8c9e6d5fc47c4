/** Where a diagnostic is, in lines and columns. A span beyond the text is cut to it, never an exception. */
import { position, type Position, type Source } from "../../grammar/source.ts";
import type { Span } from "../../grammar/span.ts";
import { printable } from "../text/printable.ts";

export interface Place extends Position {
  readonly offset: number;
}

/** Both ends of a span; the second is the first place that is no longer part of it. */
export function extent(source: Source, span: Span): { readonly start: Place; readonly end: Place } {
  const start = Math.min(Math.max(span.start, 0), source.text.length);
  const end = Math.min(Math.max(span.end, start), source.text.length);
  return { start: { ...position(source, start), offset: start }, end: { ...position(source, end), offset: end } };
}

/** `image.flux:14:39`; the path alone where there is no text, since a file that was not read has no lines. */
export function placeText(source: Source, span: Span): string {
  const name = source.path === "-" ? "<stdin>" : printable(source.path).replaceAll("\n", "␊");
  if (source.text === "") return name;
  const { line, column } = extent(source, span).start;
  return `${name}:${line}:${column}`;
}
